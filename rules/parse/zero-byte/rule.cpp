// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

namespace cardwarden::rules {

std::vector<Finding> parse_zero_byte(const Subject& subject) {
  return findings_of_diagnostics(subject, "parse/zero-byte",
                                 "Remove the zero bytes, or save the text again as UTF-8.");
}

}  // namespace cardwarden::rules
