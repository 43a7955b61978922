// SPDX-License-Identifier: Apache-2.0
#pragma once
// What commands about records need of the machine they run on: the folder where state is kept, secrets, the
// hour, chance. State folder: --state, else CARDWARDEN_STATE, else $XDG_STATE_HOME/cardwarden, else
// ~/.local/state/cardwarden.

#include <CLI/CLI.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "cli/command.h"

namespace cardwarden::cli {

Result<std::string> state_folder(const std::string& flag);
// Makes the folder, and what is above it, usable by its owner only. A folder that is there keeps its mode.
Done make_private_folder(const std::string& path);

Result<std::uint64_t> hour(const World& world);                          // POSIX seconds
Result<std::string> chance(const World& world, std::size_t byte_count);  // from a source fit for keys

// A passphrase comes from a file that only its owner can read, never from the command line: `flag`, else
// CARDWARDEN_PASSPHRASE_FILE, else "cardwarden-passphrase" in $CREDENTIALS_DIRECTORY (systemd). One line end
// at its end does not belong to it.
Result<std::string> read_passphrase(const std::string& flag);

// A moment in UTC as RFC 3339 has it, or a day, which is its beginning. `flag` is for the error.
Result<std::uint64_t> read_moment(const std::string& text, const char* flag);

std::string environment(const std::string& name);  // empty when it is not set

// Writes rows of a name and what it is, the second column aligned. Text is made safe for a terminal.
using Rows = std::vector<std::pair<std::string, std::string>>;
void print_rows(std::ostream& out, const Rows& rows);
// Writes a table whose columns are aligned. Rows may be of different lengths.
void print_table(std::ostream& out, const std::vector<std::vector<std::string>>& rows);

}  // namespace cardwarden::cli
