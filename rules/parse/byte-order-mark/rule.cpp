// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

namespace cardwarden::rules {

std::vector<Finding> parse_byte_order_mark(const Subject& subject) {
  return findings_of_diagnostics(subject, "parse/byte-order-mark",
                                 "Save the file as UTF-8 without a byte-order mark.");
}

}  // namespace cardwarden::rules
