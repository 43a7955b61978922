// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

namespace cardwarden::rules {

std::vector<Finding> parse_front_matter_not_first(const Subject& subject) {
  return findings_of_diagnostics(subject, "parse/front-matter-not-first",
                                 "Delete the white space before the first line of ---.");
}

}  // namespace cardwarden::rules
