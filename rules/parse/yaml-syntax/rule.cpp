// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

namespace cardwarden::rules {

std::vector<Finding> parse_yaml_syntax(const Subject& subject) {
  return findings_of_diagnostics(
      subject, "parse/yaml-syntax",
      "Correct the YAML at this place; text with colons or special characters needs quotes.");
}

}  // namespace cardwarden::rules
