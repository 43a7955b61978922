// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

namespace cardwarden::rules {

std::vector<Finding> parse_front_matter_missing(const Subject& subject) {
  return findings_of_diagnostics(
      subject, "parse/front-matter-missing",
      "Begin the file with a line of ---, the metadata as YAML, and another line of ---.");
}

}  // namespace cardwarden::rules
