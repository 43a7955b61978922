// SPDX-License-Identifier: Apache-2.0
#pragma once
// Finds the metadata block of a card as the Hub does, and blocks that were meant but that the Hub does not
// see. All functions take linear time.

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/span.h"

namespace cardwarden {

struct Fences {
  Span block;              // with both fences, without white space around
  Span yaml;               // between the fences
  std::uint32_t body = 0;  // where the text after the block begins, at a line's start
};

// The block that the Hub reads, by the rule its server and clients share:
//   ^(\s*---(?:\r\n|\r|\n))([\S\s]*?)((?:\r\n|\r|\n)---[ \t]*(\r\n|\n|$))
// with \s as in JavaScript. "---\n---" is no block.
std::optional<Fences> find_front_matter(std::string_view text);

// Why the Hub does not see a block.
enum class Flaw : std::uint8_t {
  opener_missing,   // keys from the first line on, then a fence
  opener_blanks,    // blanks behind the opening dashes
  opener_text,      // text behind the opening dashes
  opener_dashes,    // more dashes than three
  text_before,      // text above the opening fence
  closer_text,      // text behind the closing dashes
  closer_dashes,    // more dashes than three
  closer_indented,  // blanks before the closing dashes
  closer_line_end,  // a lone CR behind the closing dashes
  closer_missing,   // the keys end and no fence follows
  empty             // two fences with no line between them
};

struct Intended {
  Flaw flaw = Flaw::closer_missing;
  Span place;  // what to point at
  Fences fences;
};

// A block that a person meant, recognised by keys of the Hub at its start. Looks from `from` on.
std::optional<Intended> find_intended_front_matter(std::string_view text, std::uint32_t from = 0);

// Where Markdown begins inside what the Hub takes for YAML, because the block was not closed before it: the
// first heading behind lines that are YAML. nullopt when there is none.
std::optional<std::uint32_t> find_markdown_in(std::string_view text, Span yaml);

}  // namespace cardwarden
