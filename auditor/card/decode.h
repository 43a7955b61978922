// SPDX-License-Identifier: Apache-2.0
#pragma once
// bytes → UTF-8 text. Every input gives text; what was wrong with the bytes is counted.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/span.h"

namespace cardwarden {

enum class Encoding : std::uint8_t { utf8, utf16_le, utf16_be };

struct Decoded {
  std::string text;  // valid UTF-8 without zero bytes and without byte-order mark
  Encoding encoding = Encoding::utf8;
  bool byte_order_mark = false;
  bool truncated = false;      // bytes past the bound were not read
  std::size_t invalid = 0;     // sequences that became U+FFFD
  Span first_invalid;          // the first of them, in `text`
  std::size_t zero_bytes = 0;  // that became U+FFFD, as CommonMark asks
  Span first_zero_byte;
};

// Reads at most `max_bytes`, cut at the end of a line where one is near.
// UTF-16 is known by its byte-order mark, or by zero bytes in every second place.
Decoded decode_card(std::string_view bytes, std::size_t max_bytes);

// The line ends of a text, counted.
struct LineEnds {
  std::size_t lf = 0;
  std::size_t crlf = 0;
  std::size_t lone_cr = 0;
  Span first_lone_cr;
  Span first_other;  // the first line end that is not like the first of the text (lone CR apart)

  bool mixed() const { return lf > 0 && crlf > 0; }
};

LineEnds count_line_ends(std::string_view text);

}  // namespace cardwarden
