// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

namespace cardwarden::rules {

std::vector<Finding> parse_invalid_utf8(const Subject& subject) {
  return findings_of_diagnostics(subject, "parse/invalid-utf8",
                                 "Save the file as UTF-8 and write the damaged characters again.");
}

}  // namespace cardwarden::rules
