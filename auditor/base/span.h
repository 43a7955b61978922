// SPDX-License-Identifier: Apache-2.0
#pragma once
// Places in a text. Everything that refers to a card does so by byte offsets into Card::text (UTF-8);
// lines and columns are made from them only when something is shown.

#include <cstdint>
#include <string_view>
#include <vector>

namespace cardwarden {

// Bytes [begin, end). An empty span at an offset means "here".
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  bool empty() const { return begin >= end; }
  std::uint32_t size() const { return end > begin ? end - begin : 0; }
  bool contains(Span inner) const { return begin <= inner.begin && inner.end <= end; }
  std::string_view of(std::string_view text) const {
    if (begin >= text.size()) return {};
    return text.substr(begin, size());
  }
  friend bool operator==(Span, Span) = default;
};

// Both 1-based. Columns count Unicode code points, as SARIF's `unicodeCodePoints` does.
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  friend bool operator==(Position, Position) = default;
};

// Finds lines. A line ends with LF, CR LF or a lone CR, as in CommonMark. Holds no reference to the text.
class LineIndex {
 public:
  LineIndex() = default;
  explicit LineIndex(std::string_view text);

  std::uint32_t line_count() const { return static_cast<std::uint32_t>(starts_.size()); }
  std::uint32_t line_of(std::uint32_t offset) const;  // 1-based
  std::uint32_t line_start(
      std::uint32_t line) const;  // offset of a 1-based line; the text's size past the last
  Span line(std::string_view text, std::uint32_t line) const;            // without its line end
  Position position(std::string_view text, std::uint32_t offset) const;  // offsets past the end give the end

 private:
  // Within lines longer than kStride bytes: how many code points stand before `offset` in its line.
  struct Mark {
    std::uint32_t offset = 0;
    std::uint32_t code_points = 0;
  };
  static constexpr std::uint32_t kStride = 4096;

  void mark(std::string_view text, std::uint32_t begin, std::uint32_t end);

  std::vector<std::uint32_t> starts_{0};
  std::vector<Mark> marks_;  // sorted
  std::uint32_t size_ = 0;
};

}  // namespace cardwarden
