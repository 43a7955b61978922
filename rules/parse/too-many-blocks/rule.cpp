// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

namespace cardwarden::rules {

std::vector<Finding> parse_too_many_blocks(const Subject& subject) {
  return findings_of_diagnostics(subject, "parse/too-many-blocks",
                                 "Move long tables and lists into files of their own.");
}

}  // namespace cardwarden::rules
