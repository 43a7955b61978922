// SPDX-License-Identifier: Apache-2.0
#pragma once
// cardwarden records search: findings and evidence by their words.

#include <CLI/CLI.hpp>

#include "cli/command.h"

namespace cardwarden::cli {

void add_records_search(CLI::App& records, Invocation& invocation);

}  // namespace cardwarden::cli
