// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>

#include "base/eight_bytes.h"

namespace cardwarden::text {

namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr std::string_view kEllipsis = "\u2026";

bool is_ascii_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

char lower_char(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool is_ascii(std::string_view s) {
  return std::all_of(s.begin(), s.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_space(char32_t c) {
  return (c < 0x80 && is_ascii_space(static_cast<char>(c))) || c == 0x85 || c == 0xA0 || c == 0x2028 ||
         c == 0x2029 || c == 0x3000;
}

// Simple folding: one code point in, one out. Where full folding gives several, the lower-case letter is
// taken.
char32_t fold(char32_t c) {
  std::array<utf8proc_int32_t, 8> folded{};
  int boundary = 0;
  const auto count = utf8proc_decompose_char(static_cast<utf8proc_int32_t>(c), folded.data(), folded.size(),
                                             UTF8PROC_CASEFOLD, &boundary);
  if (count == 1) return static_cast<char32_t>(folded[0]);
  return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c)));
}

// Characters that change what a reader sees without being seen: controls, bidirectional and zero-width
// formatting, interlinear annotation, tags, and the separators that break a line.
bool is_hidden(char32_t c) {
  const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
  return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF ||
         category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP || c == 0x115F || c == 0x1160 ||
         c == 0x3164 || c == 0xFFA0;
}

void append_hex(std::string& out, std::uint32_t value, int digits) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
    out += kDigits[(value >> static_cast<unsigned>(shift)) & 0x0fU];
  }
}

void append_escape(std::string& out, char32_t c) {
  if (c == '\n') {
    out += "\\n";
  } else if (c < 0x100) {
    out += "\\x";
    append_hex(out, c, 2);
  } else if (c < 0x10000) {
    out += "\\u";
    append_hex(out, c, 4);
  } else {
    out += "\\U";
    append_hex(out, c, 8);
  }
}

std::u32string to_code_points(std::string_view s) {
  std::u32string out;
  out.reserve(s.size());
  for (std::size_t at = 0; at < s.size();) out += decode(s, at);
  return out;
}

}  // namespace

std::string_view trim(std::string_view s) {
  while (!s.empty() && is_ascii_space(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_ascii_space(s.back())) s.remove_suffix(1);
  return s;
}

double entropy(std::string_view s) {
  std::array<std::size_t, 256> counts{};
  for (const char c : s) ++counts[static_cast<unsigned char>(c)];
  double bits = 0;
  for (const std::size_t count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(s.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

std::string lower_ascii(std::string_view s) {
  std::string out(s);
  std::transform(out.begin(), out.end(), out.begin(), lower_char);
  return out;
}

std::string lower(std::string_view s) {
  if (is_ascii(s)) return lower_ascii(s);
  std::string out;
  out.reserve(s.size());
  for (std::size_t at = 0; at < s.size();) {
    const auto byte = static_cast<unsigned char>(s[at]);
    if (byte < 0x80) {
      out += lower_char(s[at++]);
    } else {
      append_utf8(out, fold(decode(s, at)));
    }
  }
  return out;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](char x, char y) { return lower_char(x) == lower_char(y); });
}

std::vector<std::string_view> split(std::string_view s, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = s.find(separator);
    parts.push_back(s.substr(0, at));
    if (at == std::string_view::npos) return parts;
    s.remove_prefix(at + 1);
  }
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (const std::string& part : parts) {
    if (&part != &parts.front()) out += separator;
    out += part;
  }
  return out;
}

std::string excerpt(std::string_view s, std::size_t max_chars) {
  std::string out;
  if (max_chars == 0) return out;
  std::size_t count = 0;
  std::size_t before_last = 0;  // size of `out` without its last code point
  bool pending_space = false;
  for (std::size_t at = 0; at < s.size();) {
    const std::size_t from = at;
    if (is_space(decode(s, at))) {
      pending_space = !out.empty();
      continue;
    }
    const std::size_t needed = pending_space ? 2 : 1;
    if (count + needed > max_chars) {
      if (count == max_chars) out.resize(before_last);
      while (!out.empty() && out.back() == ' ') out.pop_back();
      out += kEllipsis;
      return out;
    }
    if (pending_space) out += ' ';
    pending_space = false;
    before_last = out.size();
    out += s.substr(from, at - from);
    count += needed;
  }
  return out;
}

std::string printable(std::string_view s) {
  std::string out;
  out.reserve(s.size());
  for (std::size_t at = 0; at < s.size();) {
    const auto byte = static_cast<unsigned char>(s[at]);
    if (byte >= 0x20 && byte < 0x7f) {
      const std::size_t from = at;
      while (at < s.size() && s[at] >= 0x20 && s[at] < 0x7f) ++at;
      out += s.substr(from, at - from);
      continue;
    }
    if (byte == '\t') {
      out += ' ';
      ++at;
      continue;
    }
    const std::size_t from = at;
    const char32_t c = decode(s, at);
    if (c == kReplacement && s.substr(from, at - from) != "\uFFFD") {
      for (std::size_t i = from; i < at; ++i) {
        out += "\\x";
        append_hex(out, static_cast<unsigned char>(s[i]), 2);
      }
    } else if (c == '\r') {
      if (at < s.size() && s[at] == '\n') ++at;
      out += "\\n";
    } else if (is_hidden(c)) {
      append_escape(out, c);
    } else {
      out += s.substr(from, at - from);
    }
  }
  return out;
}

std::size_t display_width(std::string_view s) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < s.size();) {
    const auto byte = static_cast<unsigned char>(s[at]);
    if (byte < 0x80) {
      if (byte >= 0x20 && byte != 0x7f) ++width;
      ++at;
      continue;
    }
    const int cells = utf8proc_charwidth(static_cast<utf8proc_int32_t>(decode(s, at)));
    if (cells > 0) width += static_cast<std::size_t>(cells);
  }
  return width;
}

std::size_t code_points(std::string_view s) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < s.size(); ++count) {
    if (static_cast<unsigned char>(s[at]) < 0x80) {
      ++at;
    } else {
      decode(s, at);
    }
  }
  return count;
}

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  const std::size_t points = code_points(a);
  const std::size_t others = code_points(b);
  if (std::max(points, others) - std::min(points, others) > limit) return limit + 1;
  const std::u32string x = to_code_points(a);
  const std::u32string y = to_code_points(b);
  // Only cells within `limit` of the diagonal can stay within it.
  limit = std::min(limit, std::max(x.size(), y.size()));
  const std::size_t far = limit + 1;
  std::size_t last_best = 0;
  std::vector<std::size_t> two_ago(y.size() + 1, far);
  std::vector<std::size_t> last(y.size() + 1, far);
  std::vector<std::size_t> row(y.size() + 1, far);
  for (std::size_t j = 0; j <= std::min(limit, y.size()); ++j) last[j] = j;
  for (std::size_t i = 1; i <= x.size(); ++i) {
    const std::size_t first = i > limit ? i - limit : 0;
    const std::size_t end = std::min(y.size(), i + limit);
    if (first > 0) row[first - 1] = far;
    std::size_t best = far;
    for (std::size_t j = first; j <= end; ++j) {
      if (j == 0) {
        row[0] = std::min(i, far);
      } else {
        const bool same = x[i - 1] == y[j - 1];
        std::size_t cost = last[j - 1] + (same ? 0 : 1);
        cost = std::min({cost, last[j] + 1, row[j - 1] + 1});
        if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1]) {
          cost = std::min(cost, two_ago[j - 2] + 1);
        }
        row[j] = std::min(cost, far);
      }
      best = std::min(best, row[j]);
    }
    if (end < y.size()) row[end + 1] = far;
    // A transposition may reach back two rows, so both must be beyond the limit before giving up.
    if (best == far && last_best == far) return far;
    last_best = best;
    std::swap(two_ago, last);
    std::swap(last, row);
  }
  return last[y.size()];
}

std::optional<std::string> nearest(std::string_view name, const std::vector<std::string_view>& candidates) {
  constexpr std::size_t kMostSlips = 3;
  const std::string folded = lower(name);
  const std::size_t limit = std::min(kMostSlips, code_points(folded) / 3);
  std::size_t best = limit + 1;
  std::optional<std::string> found;
  for (const std::string_view candidate : candidates) {
    const std::size_t distance = edit_distance(folded, lower(candidate), best - 1);
    if (distance >= best) continue;
    best = distance;
    found = std::string(candidate);
    if (best == 0) break;
  }
  return found;
}

char32_t decode(std::string_view s, std::size_t& at) {
  if (at >= s.size()) {
    ++at;
    return kReplacement;
  }
  const auto lead = static_cast<unsigned char>(s[at]);
  ++at;
  if (lead < 0x80) return lead;
  // The ranges of Unicode table 3-7. An ill-formed sequence is one U+FFFD for its longest well-formed start.
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
  int more = 0;
  char32_t c = 0;
  if (lead >= 0xC2 && lead <= 0xDF) {
    more = 1;
    c = lead & 0x1FU;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    more = 2;
    c = lead & 0x0FU;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    more = 3;
    c = lead & 0x07U;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  } else {
    return kReplacement;
  }
  for (; more > 0; --more) {
    if (at >= s.size()) return kReplacement;
    const auto byte = static_cast<unsigned char>(s[at]);
    if (byte < low || byte > high) return kReplacement;
    c = (c << 6U) | (byte & 0x3FU);
    low = 0x80;
    high = 0xBF;
    ++at;
  }
  return c;
}

bool is_utf8(std::string_view s) {
  for (std::size_t at = 0; at < s.size();) {
    if (s.size() - at >= 8 && (bytes::load_eight(s.data() + at) & bytes::kHighBits) == 0) {
      at += 8;
      continue;
    }
    const std::size_t before = at;
    if (static_cast<unsigned char>(s[at]) < 0x80U) {
      ++at;
    } else if (decode(s, at) == 0xFFFD && s.substr(before, at - before) != "\xEF\xBF\xBD") {
      return false;
    }
  }
  return true;
}

void append_utf8(std::string& out, char32_t code_point) {
  char32_t c = code_point;
  if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) c = kReplacement;
  const auto tail = [c](unsigned shift) { return static_cast<char>(0x80U | ((c >> shift) & 0x3FU)); };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0U | (c >> 6U));
    out += tail(0);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0U | (c >> 12U));
    out += tail(6);
    out += tail(0);
  } else {
    out += static_cast<char>(0xF0U | (c >> 18U));
    out += tail(12);
    out += tail(6);
    out += tail(0);
  }
}

std::string plural(std::size_t n, std::string_view one, std::string_view many) {
  std::string out = std::to_string(n);
  out += ' ';
  out += n == 1 ? one : many;
  return out;
}

}  // namespace cardwarden::text
