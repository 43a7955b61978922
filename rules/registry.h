// SPDX-License-Identifier: Apache-2.0
#pragma once
// The built-in rules and their vocabulary, as the build found them under rules/. Only composition roots (the
// command line, the service, tests) include this.

#include <string_view>
#include <vector>

#include "engine/rule.h"

namespace cardwarden {

const std::vector<RuleSource>& builtin_rules();  // sorted by id
std::string_view builtin_vocabulary();           // rules/vocabulary.yaml

}  // namespace cardwarden
