// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

namespace cardwarden::rules {

std::vector<Finding> parse_too_large(const Subject& subject) {
  return findings_of_diagnostics(subject, "parse/too-large",
                                 "Move tables, logs and generated metadata into files of their own.");
}

}  // namespace cardwarden::rules
