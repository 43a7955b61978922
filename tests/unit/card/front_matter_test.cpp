// SPDX-License-Identifier: Apache-2.0
#include "card/front_matter.h"

#include <catch2/catch.hpp>
#include <regex>
#include <string>

#include "support/line_ends.h"

using namespace cardwarden;
using testing::with_line_ends;

namespace {

std::string yaml_of(const std::string& text) {
  const auto fences = find_front_matter(text);
  return fences ? std::string(fences->yaml.of(text)) : "(none)";
}

std::string body_of(const std::string& text) {
  const auto fences = find_front_matter(text);
  return fences ? text.substr(fences->body) : "(none)";
}

std::string repeat(std::string_view part, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += part;
  return out;
}

}  // namespace

TEST_CASE("front matter: a block between two fences is found, with every kind of line end") {
  for (const std::string end : {"\n", "\r\n"}) {
    const std::string text = with_line_ends("---\na: 1\nb: 2\n---\n# Fern\n", end);
    CHECK(yaml_of(text) == with_line_ends("a: 1\nb: 2", end));
    CHECK(body_of(text) == "# Fern" + end);
    CHECK(find_front_matter(text)->block.of(text) == with_line_ends("---\na: 1\nb: 2\n---", end));
  }
  CHECK(yaml_of("---\ra: 1\r---\n") == "a: 1");
}

TEST_CASE("front matter: white space before the block is passed over, as JavaScript knows white space") {
  CHECK(yaml_of("\n\n---\na: 1\n---\n") == "a: 1");
  CHECK(yaml_of(" \t---\na: 1\n---\n") == "a: 1");
  CHECK(yaml_of("\u00a0\u2003\ufeff\u3000---\na: 1\n---\n") == "a: 1");
  CHECK(yaml_of("\u200b---\na: 1\n---\n") == "(none)");
}

TEST_CASE("front matter: nothing else may stand before the block") {
  CHECK(yaml_of("x\n---\na: 1\n---\n") == "(none)");
  CHECK(yaml_of("<!-- x -->\n---\na: 1\n---\n") == "(none)");
  CHECK(yaml_of("# Fern\n") == "(none)");
  CHECK(yaml_of("") == "(none)");
}

TEST_CASE("front matter: the opener is three dashes and a line end") {
  CHECK(yaml_of("--- \na: 1\n---\n") == "(none)");
  CHECK(yaml_of("---- \na: 1\n---\n") == "(none)");
  CHECK(yaml_of("--\na: 1\n---\n") == "(none)");
  CHECK(yaml_of("---x\na: 1\n---\n") == "(none)");
}

TEST_CASE("front matter: the closer may carry blanks but no text") {
  CHECK(yaml_of("---\na: 1\n--- \t\n# Fern\n") == "a: 1");
  CHECK(body_of("---\na: 1\n--- \t\n# Fern\n") == "# Fern\n");
  CHECK(yaml_of("---\na: 1\n---") == "a: 1");
  CHECK(body_of("---\na: 1\n---").empty());
  CHECK(yaml_of("---\na: 1\n--- x\n") == "(none)");
  CHECK(yaml_of("---\na: 1\n----\n") == "(none)");
  CHECK(yaml_of("---\na: 1\n ---\n") == "(none)");
}

TEST_CASE("front matter: a lone CR behind the closer does not close") {
  CHECK(yaml_of("---\na: 1\n---\r# Fern\n") == "(none)");
  CHECK(yaml_of("---\r\r\na: 1\r\r\n---\r\r\n") == "(none)");
  CHECK(yaml_of("---\na: 1\n---\r# Fern\n\n---\n") == "a: 1\n---\r# Fern\n");
}

TEST_CASE("front matter: two fences without a line between are no block") {
  CHECK(yaml_of("---\n---\n") == "(none)");
  CHECK(yaml_of("---\n\n---\n").empty());
  CHECK(yaml_of("---\r\n---\r\n").empty());
}

TEST_CASE("front matter: the first closer counts") {
  CHECK(yaml_of("---\na: 1\n---\n---\nb: 2\n---\n") == "a: 1");
  CHECK(yaml_of("---\na: ---\nb: --- \n---\n") == "a: ---\nb: --- ");
}

TEST_CASE("front matter: agrees with the published expression on every short text") {
  // The same expression as the Hub's, tried on all texts of up to eight of these pieces.
  const std::regex rule(R"(^(\s*---(?:\r\n|\r|\n))([\S\s]*?)((?:\r\n|\r|\n)---[ \t]*(\r\n|\n|$)))",
                        std::regex::ECMAScript);
  const std::string pieces[] = {"---", "\n", "\r", " ", "a"};
  std::vector<std::string> texts = {""};
  std::size_t from = 0;
  for (int length = 1; length <= 7; ++length) {
    const std::size_t to = texts.size();
    for (std::size_t i = from; i < to; ++i) {
      for (const std::string& piece : pieces) texts.push_back(texts[i] + piece);
    }
    from = to;
  }
  std::size_t differing = 0;
  std::size_t matched = 0;
  for (const std::string& text : texts) {
    std::smatch match;
    // std::regex takes "$" for the end of a line too, so a match that ends before a CR is not one.
    const bool found = std::regex_search(text, match, rule, std::regex_constants::match_continuous);
    const auto fences = find_front_matter(text);
    if (found && match[4].length() == 0 && static_cast<std::size_t>(match[0].length()) != text.size())
      continue;
    if (found) ++matched;
    const bool same = found == fences.has_value() &&
                      (!found || (fences->yaml.of(text) == match[2].str() &&
                                  fences->body == static_cast<std::uint32_t>(match[0].length())));
    if (!same) {
      ++differing;
      CAPTURE(text);
      CHECK(same);
    }
  }
  CHECK(differing == 0);
  CHECK(matched > 100);
}

TEST_CASE("front matter: many fences and dashes take linear time") {
  CHECK(yaml_of("---\n" + repeat("--- x\n", 200'000)) == "(none)");
  CHECK(yaml_of("---\n" + repeat("-", 2'000'000)) == "(none)");
  CHECK_FALSE(find_intended_front_matter("---\n" + repeat("-\n", 500'000)));
  CHECK_FALSE(find_intended_front_matter(repeat("x\n---\n", 500'000)));
}

TEST_CASE("intended front matter: each flaw is told apart") {
  struct Example {
    std::string text;
    Flaw flaw;
    std::string body;
  };
  const Example examples[] = {
      {"language: en\nlicense: mit\n---\n# Fern\n", Flaw::opener_missing, "# Fern\n"},
      {"--- \nlicense: mit\n---\n# Fern\n", Flaw::opener_blanks, "# Fern\n"},
      {"--- # meta\nlicense: mit\n---\n# Fern\n", Flaw::opener_text, "# Fern\n"},
      {"-----\nlicense: mit\n-----\n# Fern\n", Flaw::opener_dashes, "# Fern\n"},
      {"<!-- x -->\n\n---\nlicense: mit\n---\n# Fern\n", Flaw::text_before, "# Fern\n"},
      {"---\nlicense: mit\n--- x\n# Fern\n", Flaw::closer_text, "--- x\n# Fern\n"},
      {"---\nlicense: mit\n----\n# Fern\n", Flaw::closer_dashes, "# Fern\n"},
      {"---\nlicense: mit\n  ---\n# Fern\n", Flaw::closer_indented, "# Fern\n"},
      {"---\r\r\nlicense: mit\r\r\n---\r\r\n# Fern\r\r\n", Flaw::closer_line_end, "# Fern\r\r\n"},
      {"---\nlicense: mit\ntags:\n- a\n\n# Fern\n", Flaw::closer_missing, "\n# Fern\n"},
      {"---\n---\n# Fern\n", Flaw::empty, "# Fern\n"},
  };
  for (const Example& example : examples) {
    CAPTURE(example.text);
    CHECK_FALSE(find_front_matter(example.text));
    const auto intended = find_intended_front_matter(example.text);
    REQUIRE(intended);
    CHECK(intended->flaw == example.flaw);
    CHECK(example.text.substr(intended->fences.body) == example.body);
  }
}

TEST_CASE("intended front matter: prose, rule lines and examples are not taken for metadata") {
  for (const std::string text :
       {"# Fern\n\nOne.\n\n---\n\nTwo.\n\n---\n", "---\n\n# Fern\n", "---\n\nNote: small.\n\n---- \n",
        "Title\n---\nNote: one\n---\n", "# Fern\n\n```\n---\nlicense: mit\n---\n```\n",
        "license: see below\n\nSome words.\n", "| a | b |\n|---|---|\n| license: | x |\n", ""}) {
    CAPTURE(text);
    CHECK_FALSE(find_intended_front_matter(text));
  }
}

TEST_CASE("intended front matter: Markdown inside a block that is closed too late is found") {
  const std::string text =
      "---\nlicense: mit\n# a comment\ntags: [a]\n\n# Fern\n\nA small model: fast.\nMade in spring.\n\n---\n";
  const auto fences = find_front_matter(text);
  REQUIRE(fences);
  const auto markdown = find_markdown_in(text, fences->yaml);
  REQUIRE(markdown);
  CHECK(text.substr(*markdown, 8) == "\n# Fern\n");
  const std::string closed = "---\nlicense: mit\n# a comment\n---\n# Fern\n";
  CHECK_FALSE(find_markdown_in(closed, find_front_matter(closed)->yaml));
}
