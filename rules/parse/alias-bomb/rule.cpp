// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

namespace cardwarden::rules {

std::vector<Finding> parse_alias_bomb(const Subject& subject) {
  return findings_of_diagnostics(subject, "parse/alias-bomb", "Write the values out, or remove the aliases.");
}

}  // namespace cardwarden::rules
