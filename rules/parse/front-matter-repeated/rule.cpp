// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

namespace cardwarden::rules {

std::vector<Finding> parse_front_matter_repeated(const Subject& subject) {
  return findings_of_diagnostics(subject, "parse/front-matter-repeated",
                                 "Move the keys of the second block into the first and delete the second.");
}

}  // namespace cardwarden::rules
