// SPDX-License-Identifier: Apache-2.0
#pragma once
// The REPO argument of a command: a path, hf:org/name or https://host/path, as a folder of this machine. What
// is elsewhere is fetched into the cache first, by the settings of the environment (remote/settings.h), with
// a line of progress where standard error is a terminal.

#include <string>

#include "base/result.h"
#include "cli/command.h"
#include "remote/remote_repository.h"

namespace cardwarden::cli {

constexpr std::uint64_t kProgressMs = 100;  // between two states of the line of progress

// Fetched::path is for Repository::open(), which also says where a local path holds no repository.
Result<Fetched> open_repository_argument(World& world, const std::string& argument);

// The line of progress: "Fetching hf:org/name: 120 of 4000 objects, 1.5 MB".
std::string progress_text(const std::string& argument, const FetchProgress& progress);

}  // namespace cardwarden::cli
