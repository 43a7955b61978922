// SPDX-License-Identifier: Apache-2.0
#include "report/excerpt.h"

#include <algorithm>

#include "base/text.h"
#include "policy/sensitive.h"

namespace cardwarden::render {
namespace {

constexpr std::size_t kLeastCells = 20;
constexpr std::string_view kCut = "…";

// The code point at `at` as a terminal may show it; moves `at` past it. `buffer` holds what is not plain
// ASCII.
std::string_view piece(std::string_view s, std::uint32_t& at, std::string& buffer) {
  if (s[at] >= 0x20 && s[at] < 0x7f) return s.substr(at++, 1);
  std::size_t next = at;
  text::decode(s, next);
  buffer = text::printable(s.substr(at, next - at));
  at = static_cast<std::uint32_t>(next);
  return buffer;
}

// No control character is left in a piece, so that a single byte fills a cell.
std::size_t cells_of(std::string_view piece) { return piece.size() == 1 ? 1 : text::display_width(piece); }

std::uint32_t before(std::string_view s, std::uint32_t at) {
  const std::uint32_t end = at;
  do --at;
  while (at > 0 && end - at < 4 && (static_cast<unsigned char>(s[at]) & 0xc0U) == 0x80U);
  return at;
}

// Goes back from `from` while the way is at most `cells` wide, not past `first`.
std::uint32_t back(std::string_view s, std::uint32_t first, std::uint32_t from, std::size_t cells) {
  std::size_t used = 0;
  std::string buffer;
  while (from > first) {
    const std::uint32_t start = before(s, from);
    std::uint32_t at = start;
    used += cells_of(piece(s, at, buffer));
    if (used > cells) break;
    from = start;
  }
  return from;
}

}  // namespace

SourceLine source_line(const Card& card, Span span, std::size_t cells, const std::vector<Span>& sensitive) {
  cells = std::max(cells, kLeastCells);
  SourceLine out;
  out.number = card.lines.line_of(span.begin);
  out.last_line = span.empty() ? out.number : card.lines.line_of(span.end - 1);
  std::string_view s = card.text;
  Span line = card.lines.line(s, out.number);
  std::uint32_t from = std::clamp(span.begin, line.begin, line.end);
  std::uint32_t to = std::clamp(span.end, from, line.end);
  std::string masked;
  if (std::any_of(sensitive.begin(), sensitive.end(),
                  [&](Span secret) { return secret.begin < line.end && line.begin < secret.end; })) {
    for (const Span secret : sensitive) {  // a place in a secret is the whole secret
      if (secret.begin < from && from < secret.end) from = std::max(secret.begin, line.begin);
      if (secret.begin < to && to < secret.end) to = std::min(secret.end, line.end);
    }
    masked = shown(card, sensitive, line);
    const auto moved = [&](std::uint32_t at) {
      return static_cast<std::uint32_t>(shown(card, sensitive, {line.begin, at}).size());
    };
    from = moved(from);
    to = moved(to);
    s = masked;
    line = {0, static_cast<std::uint32_t>(s.size())};
  }

  std::uint32_t at = back(s, line.begin, from, cells * 2 / 3);
  const bool cut_left = at > line.begin;
  if (cut_left) at = back(s, line.begin, from, cells / 3);
  std::size_t used = 0;
  if (cut_left) {
    out.text = kCut;
    used = 1;
  }
  out.caret_at = used;
  std::size_t caret_end = used;
  std::string buffer;
  while (at < line.end) {
    const std::uint32_t start = at;
    const std::string_view shown = piece(s, at, buffer);
    const std::size_t width = cells_of(shown);
    // One cell is kept for the mark of the cut.
    if (used + width + (at < line.end ? 1 : 0) > cells) {
      out.text += kCut;
      ++used;
      if (start < to) caret_end = used;
      break;
    }
    if (start == from) out.caret_at = used;
    out.text += shown;
    used += width;
    if (at <= to) caret_end = used;
    if (start < from) out.caret_at = used;
  }
  out.caret_cells = std::max<std::size_t>(caret_end > out.caret_at ? caret_end - out.caret_at : 0, 1);
  return out;
}

}  // namespace cardwarden::render
