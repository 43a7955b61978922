// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

namespace cardwarden::rules {

std::vector<Finding> parse_utf_16(const Subject& subject) {
  return findings_of_diagnostics(subject, "parse/utf-16",
                                 "Save the file as UTF-8 without a byte-order mark.");
}

}  // namespace cardwarden::rules
