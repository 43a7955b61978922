// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

namespace cardwarden::rules {

std::vector<Finding> parse_front_matter_invisible(const Subject& subject) {
  return findings_of_diagnostics(subject, "parse/front-matter-invisible",
                                 "Put --- alone on the first line and alone on the line after the metadata, "
                                 "with nothing before the first.");
}

}  // namespace cardwarden::rules
