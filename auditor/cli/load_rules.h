// SPDX-License-Identifier: Apache-2.0
#pragma once
// The rulebook of a command: built-in rules, and folders from --rules or the configuration.

#include <memory>
#include <string>
#include <vector>

#include "engine/rulebook.h"

namespace cardwarden::cli {

// A vocabulary.yaml in such a directory, or up to two folders above it, takes the place of the built-in one.
Result<std::unique_ptr<RuleBook>> load_rules(const std::vector<std::string>& directories);

}  // namespace cardwarden::cli
