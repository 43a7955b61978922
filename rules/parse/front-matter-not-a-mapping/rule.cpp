// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

namespace cardwarden::rules {

std::vector<Finding> parse_front_matter_not_a_mapping(const Subject& subject) {
  return findings_of_diagnostics(subject, "parse/front-matter-not-a-mapping",
                                 "Write each entry of the metadata as a key, a colon, a blank and a value.");
}

}  // namespace cardwarden::rules
