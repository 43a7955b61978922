// SPDX-License-Identifier: Apache-2.0
#include "base/span.h"

#include <catch2/catch.hpp>
#include <string>

using namespace cardwarden;

TEST_CASE("span: an empty span quotes nothing and a span past the end is cut") {
  const std::string text = "fern";
  CHECK(Span{1, 3}.of(text) == "er");
  CHECK(Span{2, 2}.of(text).empty());
  CHECK(Span{2, 99}.of(text) == "rn");
  CHECK(Span{99, 100}.of(text).empty());
  CHECK(Span{3, 1}.empty());
  CHECK(Span{3, 1}.size() == 0);
}

TEST_CASE("span: contains is true at its borders") {
  CHECK(Span{2, 5}.contains({2, 5}));
  CHECK(Span{2, 5}.contains({3, 3}));
  CHECK_FALSE(Span{2, 5}.contains({1, 3}));
  CHECK_FALSE(Span{2, 5}.contains({4, 6}));
}

TEST_CASE("lines: LF, CR LF and a lone CR end a line") {
  const std::string text = "a\nbb\r\nccc\rd";
  const LineIndex lines(text);
  REQUIRE(lines.line_count() == 4);
  CHECK(lines.line(text, 1).of(text) == "a");
  CHECK(lines.line(text, 2).of(text) == "bb");
  CHECK(lines.line(text, 3).of(text) == "ccc");
  CHECK(lines.line(text, 4).of(text) == "d");
  CHECK(lines.line_of(4) == 2);
  CHECK(lines.line_of(6) == 3);
}

TEST_CASE("lines: a line end at the end opens an empty last line") {
  const std::string text = "a\n";
  const LineIndex lines(text);
  CHECK(lines.line_count() == 2);
  CHECK(lines.line_start(2) == 2);
  CHECK(lines.line_start(3) == 2);
}

TEST_CASE("lines: columns count code points") {
  const std::string text = "é🙂x\nü";
  const LineIndex lines(text);
  CHECK(lines.position(text, 0) == Position{1, 1});
  CHECK(lines.position(text, 2) == Position{1, 2});
  CHECK(lines.position(text, 6) == Position{1, 3});
  CHECK(lines.position(text, 8) == Position{2, 1});
  CHECK(lines.position(text, 99) == Position{2, 2});
}

TEST_CASE("lines: an empty text has one line") {
  const LineIndex lines{std::string_view()};
  CHECK(lines.line_count() == 1);
  CHECK(lines.position("", 0) == Position{1, 1});
  CHECK(LineIndex().line_count() == 1);
}

TEST_CASE("span: columns in a line of megabytes count code points, found in time") {
  std::string text = "short\n";
  for (int i = 0; i < 300'000; ++i) text += "ab\u00e9\U0001F999";
  const std::string line_end = "\nlast";
  const LineIndex index(text + line_end);
  CHECK(index.position(text + line_end, 6) == Position{2, 1});
  std::uint32_t column = 1;
  std::uint32_t wrong = 0;
  for (std::uint32_t at = 6; at < text.size();) {
    if (column % 1'000 < 10 && index.position(text, at) != Position{2, column}) ++wrong;
    const auto lead = static_cast<unsigned char>(text[at]);
    at += lead < 0x80 ? 1 : lead < 0xE0 ? 2 : 4;
    ++column;
  }
  CHECK(wrong == 0);
  CHECK(index.position(text + line_end, static_cast<std::uint32_t>(text.size()) + 3) == Position{3, 3});
}
