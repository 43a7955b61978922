// SPDX-License-Identifier: Apache-2.0
#pragma once
// Cuts raw HTML into the blocks a reader sees. Not an HTML parser: it knows which tags begin a heading, a
// row, an item, a paragraph or code, and passes over everything else. Never fails, linear time.

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/span.h"
#include "card/card.h"

namespace cardwarden {

struct HtmlPiece {
  BlockKind kind = BlockKind::paragraph;
  Span span;               // offsets into `text`, tags inside included
  std::uint8_t level = 0;  // of a heading
  bool header = false;     // a row with <th>
};

// Pieces without any visible character are left out.
void cut_html(std::string_view text, Span span, std::vector<HtmlPiece>& out);

// The end of the tag or comment that opens at `at` ('<'), one past '>'; `at` itself when no tag begins there.
// An unterminated tag or comment ends at `end`.
std::uint32_t skip_tag(std::string_view text, std::uint32_t at, std::uint32_t end);

// The lower-case name of a tag ("h2", "/div"), empty for comments and for what is no tag. Points into
// `buffer`.
std::string_view tag_name(std::string_view tag, char (&buffer)[16]);

}  // namespace cardwarden
