// SPDX-License-Identifier: Apache-2.0
#pragma once
// cardwarden log stamp: lets an RFC 3161 authority stamp a checkpoint, and keeps the stamp as a record.

#include "cli/command.h"

namespace cardwarden::cli {

void add_log_stamp(CLI::App& log, Invocation& invocation);

}  // namespace cardwarden::cli
