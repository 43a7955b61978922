// SPDX-License-Identifier: Apache-2.0
#include "base/span.h"

#include <algorithm>

namespace cardwarden {

LineIndex::LineIndex(std::string_view text) : size_(static_cast<std::uint32_t>(text.size())) {
  starts_.reserve(text.size() / 40 + 1);
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at++];
    if (c > '\r' || (c != '\n' && c != '\r')) continue;
    if (c == '\r' && at < text.size() && text[at] == '\n') ++at;
    starts_.push_back(static_cast<std::uint32_t>(at));
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
  for (std::uint32_t at = line_start(position.line); at < offset; ++at) {
    const bool continuation = (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
    if (!continuation) ++position.column;
  }
  return position;
}

}  // namespace cardwarden
