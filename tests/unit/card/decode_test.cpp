// SPDX-License-Identifier: Apache-2.0
#include "card/decode.h"

#include <catch2/catch.hpp>
#include <string>

#include "base/text.h"

using namespace cardwarden;

namespace {

constexpr std::size_t kNoBound = 1'000'000;

std::string utf16(std::u16string_view text, bool big) {
  std::string out;
  for (const char16_t unit : text) {
    const char low = static_cast<char>(unit & 0xFF);
    const char high = static_cast<char>(unit >> 8);
    out += big ? high : low;
    out += big ? low : high;
  }
  return out;
}

}  // namespace

TEST_CASE("decode: valid UTF-8 stays byte for byte") {
  for (const std::string text :
       {"", "a", "René 训练 🙂\r\n", "\uFFFD", "0123456789abcdefé0123456789abcdef"}) {
    const Decoded decoded = decode_card(text, kNoBound);
    CHECK(decoded.text == text);
    CHECK(decoded.invalid == 0);
    CHECK(decoded.encoding == Encoding::utf8);
    CHECK_FALSE(decoded.byte_order_mark);
  }
}

TEST_CASE("decode: a byte-order mark is taken off and noted") {
  const Decoded decoded = decode_card("\xEF\xBB\xBF# Fern", kNoBound);
  CHECK(decoded.text == "# Fern");
  CHECK(decoded.byte_order_mark);
  CHECK(decoded.invalid == 0);
}

TEST_CASE("decode: invalid bytes become marks, with their count and the first place") {
  const Decoded decoded = decode_card("Ren\xe9 and J\xfcrgen, \xe8\xae", kNoBound);
  CHECK(decoded.text == "Ren\uFFFD and J\uFFFDrgen, \uFFFD");
  CHECK(decoded.invalid == 3);
  CHECK(decoded.first_invalid == Span{3, 6});
}

TEST_CASE("decode: the result is valid UTF-8 whatever the bytes") {
  for (int lead = 0; lead < 256; ++lead) {
    for (const std::string tail : {"", "\x80", "\xbf\xbf", "\x8f\xbf\xbf", "a"}) {
      const Decoded decoded =
          decode_card("0123456" + std::string(1, static_cast<char>(lead)) + tail, kNoBound);
      for (std::size_t at = 0; at < decoded.text.size();) {
        const std::size_t begin = at;
        const char32_t c = text::decode(decoded.text, at);
        const bool literal = decoded.text.compare(begin, 3, "\uFFFD") == 0;
        CHECK((c != 0xFFFD || literal));
        CHECK(c != 0);
      }
    }
  }
}

TEST_CASE("decode: zero bytes become marks and are counted apart") {
  const Decoded decoded = decode_card(std::string("a\0b\0\0c", 6), kNoBound);
  CHECK(decoded.text == "a\uFFFDb\uFFFD\uFFFDc");
  CHECK(decoded.zero_bytes == 3);
  CHECK(decoded.first_zero_byte == Span{1, 4});
  CHECK(decoded.invalid == 0);
}

TEST_CASE("decode: UTF-16 is read in both orders, with and without a mark") {
  for (const bool big : {false, true}) {
    for (const bool mark : {false, true}) {
      const std::u16string text = u"---\nlicense: mit\n---\n# Fern, a small model é训🙂";
      const Decoded decoded = decode_card(utf16((mark ? u"\uFEFF" : u"") + text, big), kNoBound);
      CHECK(decoded.text == "---\nlicense: mit\n---\n# Fern, a small model é训🙂");
      CHECK(decoded.encoding == (big ? Encoding::utf16_be : Encoding::utf16_le));
      CHECK(decoded.byte_order_mark == mark);
      CHECK(decoded.invalid == 0);
    }
  }
}

TEST_CASE("decode: broken UTF-16 gives marks") {
  std::string bytes = utf16(u"\uFEFF", false);
  bytes += utf16(std::u16string{u'a', char16_t{0xD800}, u'b', char16_t{0xDC00}}, false);
  bytes += 'x';
  const Decoded decoded = decode_card(bytes, kNoBound);
  CHECK(decoded.text == "a\uFFFDb\uFFFD\uFFFD");
  CHECK(decoded.invalid == 3);
  CHECK(decoded.first_invalid == Span{1, 4});
}

TEST_CASE("decode: zero bytes here and there are not UTF-16") {
  CHECK(decode_card(std::string("a\0b\0 fern model card", 20), kNoBound).encoding == Encoding::utf8);
  CHECK(decode_card(std::string(20, '\0'), kNoBound).encoding == Encoding::utf8);
  CHECK(decode_card(std::string("a\0", 2), kNoBound).encoding == Encoding::utf8);
}

TEST_CASE("decode: a bound cuts at the end of a line") {
  const Decoded decoded = decode_card("one\ntwo\nthree\n", 10);
  CHECK(decoded.text == "one\ntwo\n");
  CHECK(decoded.truncated);
  CHECK_FALSE(decode_card("one\ntwo\n", 8).truncated);
}

TEST_CASE("decode: a bound inside a single line cuts no character") {
  for (std::size_t bound = 0; bound < 12; ++bound) {
    const Decoded decoded = decode_card("é训🙂é训🙂", bound);
    CHECK(decoded.truncated);
    CHECK(decoded.invalid == 0);
    CHECK(decoded.text.size() <= bound);
  }
}

TEST_CASE("decode: a bound far inside a long line keeps the line's beginning") {
  CHECK(decode_card("one\n" + std::string(200'000, 'x'), 150'000).text.size() == 150'000);
  CHECK(decode_card("one\n" + std::string(200'000, 'x'), 1'000).text == "one\n");
}

TEST_CASE("decode: a bound cuts UTF-16 between characters too") {
  const std::string bytes = utf16(u"\uFEFFa🙂\nb🙂c", false);
  for (std::size_t bound = 2; bound < bytes.size(); ++bound) {
    const Decoded decoded = decode_card(bytes, bound);
    CHECK(decoded.invalid == 0);
    CHECK(decoded.truncated);
  }
}

TEST_CASE("line ends: each kind is counted") {
  const LineEnds ends = count_line_ends("a\r\nb\nc\rd\r\r\n");
  CHECK(ends.crlf == 2);
  CHECK(ends.lf == 1);
  CHECK(ends.lone_cr == 2);
  CHECK(ends.mixed());
  CHECK(ends.first_other == Span{4, 5});
  CHECK(ends.first_lone_cr == Span{6, 7});
}

TEST_CASE("line ends: one kind is not mixed") {
  CHECK_FALSE(count_line_ends("a\nb\n").mixed());
  CHECK(count_line_ends("a\nb\n").lf == 2);
  CHECK_FALSE(count_line_ends("a\r\nb\r\n").mixed());
  CHECK(count_line_ends("a\r\nb\r\n").crlf == 2);
  CHECK(count_line_ends("").lf == 0);
}

TEST_CASE("decode: what a cut takes away of UTF-16 is not counted") {
  std::string bytes(
      "\xFF\xFE"
      "a\0\n\0b\0\0\0c\0\n\0",
      14);
  const Decoded all = decode_card(bytes, 100);
  CHECK(all.zero_bytes == 1);
  const Decoded cut = decode_card(bytes, 12);
  CHECK(cut.truncated);
  CHECK(cut.text == "a\n");
  CHECK(cut.zero_bytes == 0);
  CHECK(cut.first_zero_byte.end <= cut.text.size());
}
