// SPDX-License-Identifier: Apache-2.0
#pragma once
// The certificates of a time stamping authority as they are named on the command line.

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "base/result.h"
#include "crypto/timestamp.h"

namespace cardwarden::cli {

struct AuthorityFlags {
  std::string trusted;        // file
  std::string intermediates;  // file
};
void add_authority_flags(CLI::App& command, AuthorityFlags& flags);

// Nothing where no trusted certificate was named.
Result<std::optional<TimestampAuthority>> read_authority(const AuthorityFlags& flags);

}  // namespace cardwarden::cli
