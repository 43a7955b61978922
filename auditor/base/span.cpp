// SPDX-License-Identifier: Apache-2.0
#include "base/span.h"

#include <algorithm>
#include <iterator>

namespace cardwarden {
namespace {

std::uint32_t code_points(std::string_view text, std::uint32_t begin, std::uint32_t end) {
  std::uint32_t out = 0;
  for (std::uint32_t at = begin; at < end; ++at) {
    const bool continuation = (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
    if (!continuation) ++out;
  }
  return out;
}

}  // namespace

LineIndex::LineIndex(std::string_view text) : size_(static_cast<std::uint32_t>(text.size())) {
  starts_.reserve(text.size() / 40 + 1);
  const bool plain = text.find('\r') == std::string_view::npos;
  const auto next_end = [&](std::size_t from) {
    return plain ? text.find('\n', from) : text.find_first_of("\r\n", from);
  };
  for (std::size_t at = next_end(0); at != std::string_view::npos; at = next_end(at)) {
    const bool both = text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n';
    at += both ? 2 : 1;
    mark(text, starts_.back(), static_cast<std::uint32_t>(at));
    starts_.push_back(static_cast<std::uint32_t>(at));
  }
  mark(text, starts_.back(), size_);
}

// So that a place at the end of a line of megabytes is found as fast as any other.
void LineIndex::mark(std::string_view text, std::uint32_t begin, std::uint32_t end) {
  if (end - begin <= kStride) return;
  std::uint32_t seen = 0;
  for (std::uint32_t at = begin; end - at > kStride; at += kStride) {
    seen += code_points(text, at, at + kStride);
    marks_.push_back({at + kStride, seen});
  }
}

std::uint32_t LineIndex::line_of(std::uint32_t offset) const {
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
  return static_cast<std::uint32_t>(after - starts_.begin());
}

std::uint32_t LineIndex::line_start(std::uint32_t line) const {
  if (line == 0) return 0;
  return line <= starts_.size() ? starts_[line - 1] : size_;
}

Span LineIndex::line(std::string_view text, std::uint32_t line) const {
  Span span{line_start(line), line_start(line + 1)};
  while (span.end > span.begin && (text[span.end - 1] == '\n' || text[span.end - 1] == '\r')) --span.end;
  return span;
}

Position LineIndex::position(std::string_view text, std::uint32_t offset) const {
  offset = std::min(offset, size_);
  Position position;
  position.line = line_of(offset);
  std::uint32_t from = line_start(position.line);
  const auto after =
      std::upper_bound(marks_.begin(), marks_.end(), offset,
                       [](std::uint32_t place, const Mark& mark) { return place < mark.offset; });
  if (after != marks_.begin() && std::prev(after)->offset > from) {
    from = std::prev(after)->offset;
    position.column += std::prev(after)->code_points;
  }
  position.column += code_points(text, from, offset);
  return position;
}

}  // namespace cardwarden
