// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads the source of YAML values that the parser has already found: where they end, what stands between
// them. Internal to base/yaml.cpp. Everything is linear in what is passed over, and nothing can fail.

#include <cstddef>
#include <string>
#include <string_view>

namespace cardwarden::yaml::source {

inline bool is_blank(char c) { return c == ' ' || c == '\t'; }
inline bool is_break(char c) { return c == '\n' || c == '\r'; }
inline bool is_space(char c) { return is_blank(c) || is_break(c); }
inline bool is_flow_indicator(char c) { return c == ',' || c == '[' || c == ']' || c == '{' || c == '}'; }

// Past white space, line ends and comments.
std::size_t skip_space(std::string_view src, std::size_t from);

// Past tags ("!x") and anchors ("&x"), which no plain value begins with. Stays on the line unless
// `across_lines`.
std::size_t skip_properties(std::string_view src, std::size_t from, bool across_lines);

// The end of a plain value that begins at `from` and reads as `value`.
std::size_t end_of_plain(std::string_view src, std::size_t from, std::string_view value);

// One past the closing quote; npos when there is none. `from` is at the opening quote.
std::size_t end_of_quoted(std::string_view src, std::size_t from);

// The end of the last line with text of a block scalar whose "|" or ">" is at `from`. `parent` is the column
// of the block collection it stands in, -1 for none.
std::size_t end_of_block_scalar(std::string_view src, std::size_t from, int parent);

// One past the closing bracket, searched behind the last value of a flow collection; `from` when there is
// none.
std::size_t end_of_flow(std::string_view src, std::size_t from, char bracket);

// Length of a null that is written out at `from` ("~", "null"), or 0. A null word with a colon behind it is a
// key, so where no key is due it belongs to what comes next.
std::size_t null_word(std::string_view src, std::size_t from, bool key);

// The end of a word: to white space or a flow indicator.
std::size_t end_of_word(std::string_view src, std::size_t from);

struct Line {
  std::size_t begin = 0;
  std::size_t end = 0;  // without the line end
};

// The line at `pos`. The end of the text counts to the last line that has text.
Line line_at(std::string_view src, std::size_t pos);

// The 0-based column in bytes.
int column_of(std::string_view src, std::size_t pos);

// What clean() met first, if anything.
struct Dirt {
  std::size_t begin = 0;
  std::size_t end = 0;
  const char* message = nullptr;
};

// yaml-cpp reads byte 4 as the end of the text, guesses UTF-16 from zero bytes and knows no lone CR as a line
// end. Where `text` has such bytes, a copy of the same length without them is made in `storage`.
std::string_view clean(std::string_view text, std::string& storage, Dirt& dirt);

}  // namespace cardwarden::yaml::source
