// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

namespace cardwarden::rules {

std::vector<Finding> parse_too_deep(const Subject& subject) {
  return findings_of_diagnostics(subject, "parse/too-deep", "Flatten the structure.");
}

}  // namespace cardwarden::rules
