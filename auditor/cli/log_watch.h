// SPDX-License-Identifier: Apache-2.0
#pragma once
// The two commands of `cardwarden log` for people who do not run the log: monitor and cosign.

#include "cli/command.h"

namespace cardwarden::cli {

void add_log_monitor(CLI::App& log, Invocation& invocation);
void add_log_cosign(CLI::App& log, Invocation& invocation);

}  // namespace cardwarden::cli
