// SPDX-License-Identifier: Apache-2.0
#pragma once
// One text, written as different systems end their lines.

#include <string>
#include <string_view>

namespace cardwarden::testing {

// The text with `end` for each "\n".
inline std::string with_line_ends(std::string_view text, std::string_view end) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += end;
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace cardwarden::testing
