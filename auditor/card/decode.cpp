// SPDX-License-Identifier: Apache-2.0
#include "card/decode.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"

namespace cardwarden {
namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
constexpr std::string_view kLittleEndianMark = "\xFF\xFE";
constexpr std::string_view kBigEndianMark = "\xFE\xFF";
constexpr std::string_view kReplacement = "\uFFFD";
constexpr std::size_t kLongLine = 65'536;   // a cut inside a longer line keeps what was read of it
constexpr std::size_t kSniffedBytes = 256;  // enough to tell UTF-16 without a mark

// Offset of the first byte that is not plain ASCII text (zero counts), or the size.
std::size_t ascii_prefix(std::string_view s, std::size_t at) {
  while (at + 8 <= s.size()) {
    std::uint64_t word = 0;
    std::memcpy(&word, s.data() + at, 8);
    const std::uint64_t high = 0x8080808080808080U;
    const std::uint64_t zero = (word - 0x0101010101010101U) & ~word & high;
    if (((word & high) | zero) != 0) break;
    at += 8;
  }
  while (at < s.size() && s[at] != '\0' && static_cast<unsigned char>(s[at]) < 0x80) ++at;
  return at;
}

Span append_replacement(std::string& text) {
  const auto begin = static_cast<std::uint32_t>(text.size());
  text += kReplacement;
  return {begin, begin + static_cast<std::uint32_t>(kReplacement.size())};
}

void add_invalid(Decoded& out) {
  const Span span = append_replacement(out.text);
  if (out.invalid++ == 0) out.first_invalid = span;
}

void add_zero_byte(Decoded& out) {
  const Span span = append_replacement(out.text);
  if (out.zero_bytes++ == 0) out.first_zero_byte = span;
}

void decode_utf8(std::string_view bytes, Decoded& out) {
  out.text.reserve(bytes.size());
  std::size_t kept = 0;  // bytes before this are in out.text
  for (std::size_t at = ascii_prefix(bytes, 0); at < bytes.size(); at = ascii_prefix(bytes, at)) {
    const std::size_t begin = at;
    if (bytes[at] == '\0') {
      out.text += bytes.substr(kept, begin - kept);
      kept = ++at;
      add_zero_byte(out);
      continue;
    }
    const char32_t c = text::decode(bytes, at);
    if (c == 0xFFFD && bytes.substr(begin, at - begin) != kReplacement) {
      out.text += bytes.substr(kept, begin - kept);
      kept = at;
      add_invalid(out);
    }
  }
  out.text += bytes.substr(kept);
}

void decode_utf16(std::string_view bytes, Decoded& out) {
  const bool big = out.encoding == Encoding::utf16_be;
  const auto unit = [&](std::size_t at) {
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    return static_cast<char32_t>(big ? (first << 8U) | second : (second << 8U) | first);
  };
  out.text.reserve(bytes.size() / 2 + bytes.size() / 8);
  std::size_t at = 0;
  while (at + 1 < bytes.size()) {
    const char32_t c = unit(at);
    at += 2;
    if (c == 0) {
      add_zero_byte(out);
    } else if (c < 0xD800 || c > 0xDFFF) {
      text::append_utf8(out.text, c);
    } else if (c <= 0xDBFF && at + 1 < bytes.size() && unit(at) >= 0xDC00 && unit(at) <= 0xDFFF) {
      text::append_utf8(out.text, 0x10000 + ((c - 0xD800) << 10U) + (unit(at) - 0xDC00));
      at += 2;
    } else {
      add_invalid(out);
    }
  }
  if (at < bytes.size()) add_invalid(out);
}

// Western text in UTF-16 has a zero in nearly every second byte, and never one in the others.
bool looks_like_utf16(std::string_view bytes, Encoding encoding) {
  const std::string_view head = bytes.substr(0, std::min(bytes.size(), kSniffedBytes) / 2 * 2);
  if (head.size() < 8 || bytes.size() % 2 != 0) return false;
  const std::size_t high = encoding == Encoding::utf16_be ? 0 : 1;
  std::size_t zeros = 0;
  for (std::size_t at = 0; at < head.size(); at += 2) {
    if (head[at + 1 - high] == '\0') return false;
    if (head[at + high] == '\0') ++zeros;
  }
  return zeros * 10 >= head.size() / 2 * 9;
}

Encoding find_encoding(std::string_view bytes) {
  if (bytes.substr(0, 2) == kLittleEndianMark) return Encoding::utf16_le;
  if (bytes.substr(0, 2) == kBigEndianMark) return Encoding::utf16_be;
  if (looks_like_utf16(bytes, Encoding::utf16_le)) return Encoding::utf16_le;
  if (looks_like_utf16(bytes, Encoding::utf16_be)) return Encoding::utf16_be;
  return Encoding::utf8;
}

// Drops what a cut in the middle of a line, of a character or of a surrogate pair left behind.
std::string_view cut(std::string_view bytes, std::size_t max_bytes, Encoding encoding) {
  bytes = bytes.substr(0, max_bytes);
  if (encoding != Encoding::utf8) {
    bytes = bytes.substr(0, bytes.size() / 2 * 2);
    const std::size_t high = encoding == Encoding::utf16_be ? 2 : 1;
    for (std::size_t end = bytes.size(); end >= 2 && bytes.size() - end <= kLongLine; end -= 2) {
      if (bytes[end - high] == '\0' && bytes[end - (3 - high)] == '\n') return bytes.substr(0, end);
    }
    const bool lead =
        bytes.size() >= 2 && (static_cast<unsigned char>(bytes[bytes.size() - high]) & 0xFCU) == 0xD8U;
    return lead ? bytes.substr(0, bytes.size() - 2) : bytes;
  }
  const std::size_t line_end = bytes.find_last_of('\n');
  if (line_end != std::string_view::npos && bytes.size() - line_end <= kLongLine)
    return bytes.substr(0, line_end + 1);
  std::size_t end = bytes.size();
  while (end > 0 && bytes.size() - end < 4 && (static_cast<unsigned char>(bytes[end - 1]) & 0xC0U) == 0x80U)
    --end;
  if (end > 0 && static_cast<unsigned char>(bytes[end - 1]) >= 0xC0U) --end;
  return bytes.substr(0, end);
}

}  // namespace

Decoded decode_card(std::string_view bytes, std::size_t max_bytes) {
  Decoded out;
  out.encoding = find_encoding(bytes);
  out.truncated = bytes.size() > max_bytes;
  if (out.truncated) bytes = cut(bytes, max_bytes, out.encoding);
  const std::string_view mark = out.encoding == Encoding::utf8       ? kUtf8Mark
                                : out.encoding == Encoding::utf16_le ? kLittleEndianMark
                                                                     : kBigEndianMark;
  if (bytes.substr(0, mark.size()) == mark) {
    out.byte_order_mark = true;
    bytes.remove_prefix(mark.size());
  }
  if (out.encoding == Encoding::utf8) {
    decode_utf8(bytes, out);
  } else {
    decode_utf16(bytes, out);
  }
  return out;
}

LineEnds count_line_ends(std::string_view text) {
  LineEnds ends;
  for (std::size_t at = text.find_first_of("\r\n"); at != std::string_view::npos;
       at = text.find_first_of("\r\n", at)) {
    const bool crlf = text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n';
    const auto begin = static_cast<std::uint32_t>(at);
    at += crlf ? 2 : 1;
    const Span span{begin, static_cast<std::uint32_t>(at)};
    if (!crlf && text[begin] == '\r') {
      if (ends.lone_cr++ == 0) ends.first_lone_cr = span;
      continue;
    }
    const bool was_mixed = ends.mixed();
    ++(crlf ? ends.crlf : ends.lf);
    if (ends.mixed() && !was_mixed) ends.first_other = span;
  }
  return ends;
}

}  // namespace cardwarden
