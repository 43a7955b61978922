// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <catch2/catch.hpp>
#include <limits>
#include <string>

namespace text = cardwarden::text;

TEST_CASE("trim: takes ASCII white space from both ends only") {
  CHECK(text::trim(" \t\r\n a b \v\f") == "a b");
  CHECK(text::trim("   ").empty());
  CHECK(text::trim("\u00a0a") == "\u00a0a");
}

TEST_CASE("lower: folds every script, one code point for one") {
  CHECK(text::lower("FERN") == "fern");
  CHECK(text::lower("ÀÉÎ ДАННЫЕ ΛΟΓΟΣ") == "àéî данные λογοσ");
  CHECK(text::lower("ς") == text::lower("Σ"));
  CHECK(text::lower("STRAßE") == "straße");
  CHECK(text::lower("训练 42") == "训练 42");
  CHECK(text::lower_ascii("É A") == "É a");
}

TEST_CASE("equal_ignoring_case: ASCII letters only") {
  CHECK(text::equal_ignoring_case("Apache-2.0", "apache-2.0"));
  CHECK_FALSE(text::equal_ignoring_case("é", "É"));
  CHECK_FALSE(text::equal_ignoring_case("a", "ab"));
}

TEST_CASE("split and join: are each other's reverse") {
  CHECK(text::split("a,,b,", ',') == std::vector<std::string_view>{"a", "", "b", ""});
  CHECK(text::split("", ',') == std::vector<std::string_view>{""});
  CHECK(text::join({"a", "", "b"}, ", ") == "a, , b");
  CHECK(text::join({}, ", ").empty());
}

TEST_CASE("excerpt: folds white space into one line") {
  CHECK(text::excerpt("  one\n\n two\tthree ", 40) == "one two three");
  CHECK(text::excerpt("one\u00a0\u2028two", 40) == "one two");
}

TEST_CASE("excerpt: is never longer than asked and shows where it was cut") {
  CHECK(text::excerpt("abcdef", 6) == "abcdef");
  CHECK(text::excerpt("abcdefg", 6) == "abcde…");
  CHECK(text::excerpt("abc def", 5) == "abc…");
  CHECK(text::excerpt("训练数据集", 3) == "训练…");
  CHECK(text::excerpt("abc", 0).empty());
  CHECK(text::excerpt("abc  ", 3) == "abc");
  const std::string source = "a é  训 🙂 zz\n";
  for (std::size_t n = 0; n < 12; ++n) CHECK(text::code_points(text::excerpt(source, n)) <= n);
}

TEST_CASE("printable: no control of a card reaches a terminal") {
  CHECK(text::printable("a\x1b[31mb") == "a\\x1b[31mb");
  CHECK(text::printable("a\u202eb\u200bc\ufeff") == "a\\u202eb\\u200bc\\ufeff");
  CHECK(text::printable("\u0085\u009b") == "\\x85\\x9b");
  CHECK(text::printable(std::string("\0\x7f", 2)) == "\\x00\\x7f");
  CHECK(text::printable("\U000E0041") == "\\U000e0041");
  CHECK(text::printable("a\tb\r\nc\rd\ne") == "a b\\nc\\nd\\ne");
}

TEST_CASE("printable: invalid bytes are shown and valid text stays") {
  CHECK(text::printable("a\xff\xfe") == "a\\xff\\xfe");
  CHECK(text::printable("\xe8\xae") == "\\xe8\\xae");
  CHECK(text::printable("é 训练 🙂 \uFFFD") == "é 训练 🙂 \uFFFD");
}

TEST_CASE("display_width: wide characters take two cells, marks none") {
  CHECK(text::display_width("abc") == 3);
  CHECK(text::display_width("训练") == 4);
  CHECK(text::display_width("e\u0301") == 1);
  CHECK(text::display_width("\x1b") == 0);
}

TEST_CASE("decode: steps over every byte once and takes ill-formed sequences as one mark each") {
  const std::string bytes = "a\xc3\xa9\xe8\xae\xf0\x9f\x99\x82\xed\xa0\x80\xc0\xaf\x80";
  std::u32string out;
  for (std::size_t at = 0; at < bytes.size();) out += text::decode(bytes, at);
  CHECK(out == U"aé\uFFFD🙂\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD");
}

TEST_CASE("is_utf8: one bad byte at any place of eight is seen, and good text is not") {
  for (std::size_t before = 0; before < 20; ++before) {
    for (std::size_t behind = 0; behind < 20; ++behind) {
      const std::string left(before, 'a');
      const std::string right(behind, 'b');
      CHECK(text::is_utf8(left + right));
      CHECK(text::is_utf8(left + "\xE2\x82\xAC" + right));
      CHECK_FALSE(text::is_utf8(left + "\x80" + right));
      CHECK_FALSE(text::is_utf8(left + "\xE2\x82" + right));
      CHECK_FALSE(text::is_utf8(left + "\xC0\xAF" + right));
    }
  }
}

TEST_CASE("append_utf8: decode reads what it wrote") {
  for (const char32_t c :
       {U'a', U'é', U'训', U'🙂', char32_t{0x10FFFF}, char32_t{0x7FF}, char32_t{0x800}}) {
    std::string out;
    text::append_utf8(out, c);
    std::size_t at = 0;
    CHECK(text::decode(out, at) == c);
    CHECK(at == out.size());
  }
  std::string out;
  text::append_utf8(out, 0xD800);
  text::append_utf8(out, 0x110000);
  CHECK(out == "\uFFFD\uFFFD");
}

TEST_CASE("edit_distance: counts changes and swapped neighbours") {
  CHECK(text::edit_distance("license", "license", 3) == 0);
  CHECK(text::edit_distance("licence", "license", 3) == 1);
  CHECK(text::edit_distance("lciense", "license", 3) == 1);
  CHECK(text::edit_distance("kitten", "sitting", 3) == 3);
  CHECK(text::edit_distance("", "abc", 3) == 3);
  CHECK(text::edit_distance("训练", "训", 3) == 1);
  CHECK(text::edit_distance("ca", "abc", 9) == 3);
}

TEST_CASE("edit_distance: over the limit is the limit and one") {
  CHECK(text::edit_distance("kitten", "sitting", 2) == 3);
  CHECK(text::edit_distance("a", "abcdef", 2) == 3);
  CHECK(text::edit_distance("abc", "xyz", 0) == 1);
  CHECK(text::edit_distance("abc", "abc", 0) == 0);
  CHECK(text::edit_distance("abc", "", std::numeric_limits<std::size_t>::max()) == 3);
}

TEST_CASE("nearest: offers a slip of the pen and nothing far-fetched") {
  const std::vector<std::string_view> keys = {"license", "language", "tags", "datasets"};
  CHECK(text::nearest("licence", keys) == "license");
  CHECK(text::nearest("LICENSE", keys) == "license");
  CHECK(text::nearest("langauge", keys) == "language");
  CHECK(text::nearest("dataset", keys) == "datasets");
  CHECK_FALSE(text::nearest("metrics", keys));
  CHECK_FALSE(text::nearest("no", keys));
  CHECK_FALSE(text::nearest("", keys));
}

TEST_CASE("plural: one and many") {
  CHECK(text::plural(0, "finding", "findings") == "0 findings");
  CHECK(text::plural(1, "finding", "findings") == "1 finding");
  CHECK(text::plural(2, "finding", "findings") == "2 findings");
}

TEST_CASE("text: entropy") {
  CHECK(text::entropy("") == 0);
  CHECK(text::entropy("aaaa") == 0);
  CHECK(text::entropy("abab") == Approx(1));
  CHECK(text::entropy("abcdefgh") == Approx(3));
}
