// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

namespace cardwarden::rules {

std::vector<Finding> parse_line_ends(const Subject& subject) {
  return findings_of_diagnostics(subject, "parse/line-ends",
                                 "Save the file with one kind of line end, best LF.");
}

}  // namespace cardwarden::rules
