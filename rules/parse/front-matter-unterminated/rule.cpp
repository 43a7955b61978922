// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

namespace cardwarden::rules {

std::vector<Finding> parse_front_matter_unterminated(const Subject& subject) {
  return findings_of_diagnostics(subject, "parse/front-matter-unterminated",
                                 "Add a line of --- after the last line of the metadata.");
}

}  // namespace cardwarden::rules
