// SPDX-License-Identifier: Apache-2.0
#include "card/parse.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

using namespace cardwarden;

namespace {

std::size_t count(const Card& card, std::string_view rule) {
  return static_cast<std::size_t>(std::count_if(card.diagnostics.begin(), card.diagnostics.end(),
                                                [&](const Diagnostic& one) { return one.rule == rule; }));
}

std::string body(const Card& card) { return std::string(card.quote(card.body)); }

std::string repeat(std::string_view part, std::size_t times) {
  std::string out;
  out.reserve(part.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += part;
  return out;
}

void check_node(const Card& card, const yaml::Node& node) {
  CHECK(node.span.begin <= node.span.end);
  CHECK(node.span.end <= card.text.size());
  for (const yaml::Node& item : node.items) check_node(card, item);
  for (const yaml::Entry& entry : node.entries) {
    check_node(card, entry.key);
    check_node(card, entry.value);
  }
}

// What holds for every card, however broken its bytes are.
void check_card(const Card& card) {
  check_node(card, card.front_matter.root);
  CHECK((card.front_matter.root.is_mapping() || card.front_matter.root.is_null()));
  CHECK(card.body.begin <= card.body.end);
  CHECK(card.body.end == card.text.size());
  const bool at_line = card.body.begin == 0 || card.body.begin == card.text.size() ||
                       card.text[card.body.begin - 1] == '\n' || card.text[card.body.begin - 1] == '\r';
  CHECK(at_line);
  REQUIRE_FALSE(card.sections.empty());
  for (const Block& block : card.blocks) CHECK(card.body.contains(block.span));
  for (const Diagnostic& diagnostic : card.diagnostics) {
    CHECK(diagnostic.span.begin <= diagnostic.span.end);
    CHECK(diagnostic.span.end <= card.text.size());
    CHECK(diagnostic.rule.substr(0, 6) == "parse/");
    CHECK_FALSE(diagnostic.message.empty());
  }
}

}  // namespace

TEST_CASE("card: front matter and body are told apart, with places in the card") {
  const Card card = parse_card("README.md", "---\nlicense: mit\ntags:\n- a\n- b\n---\n# Fern\n\nA model.\n");
  check_card(card);
  CHECK(card.diagnostics.empty());
  CHECK(card.front_matter.present);
  CHECK(card.quote(card.front_matter.yaml) == "license: mit\ntags:\n- a\n- b");
  CHECK(body(card) == "# Fern\n\nA model.\n");
  REQUIRE(field(card, "license") != nullptr);
  CHECK(card.position(field(card, "license")->span.begin) == Position{2, 10});
  CHECK(card.path == "README.md");
}

TEST_CASE("card: fields are found by path") {
  const Card card =
      parse_card("README.md",
                 "---\ntags: [a, b]\nlanguage: en\ndatasets:\nmodel-index:\n- name: x\n  results:\n"
                 "  - dataset: {name: one}\n  - dataset: {name: two}\n- name: y\n---\n");
  REQUIRE(fields(card, "tags[]").size() == 2);
  CHECK(fields(card, "tags[]")[1]->text == "b");
  CHECK(fields(card, "tags").size() == 1);
  CHECK(fields(card, "language[]").size() == 1);
  CHECK(fields(card, "datasets[]").empty());
  CHECK(fields(card, "datasets").size() == 1);
  REQUIRE(fields(card, "model-index[].results[].dataset.name").size() == 2);
  CHECK(fields(card, "model-index[].results[].dataset.name")[1]->text == "two");
  CHECK(fields(card, "model-index.name").empty());
  CHECK(field(card, "license") == nullptr);
  CHECK(field(parse_card("README.md", "# Fern\n"), "license") == nullptr);
}

TEST_CASE("card: bytes that are not text are replaced and reported once") {
  const Card card = parse_card("README.md", "---\nlicense: mit\n---\nRen\xe9 and Z\xfc.\n");
  check_card(card);
  REQUIRE(count(card, "parse/invalid-utf8") == 1);
  CHECK(card.diagnostics[0].message.find("2 sequences") != std::string::npos);
  CHECK(card.position(card.diagnostics[0].span.begin) == Position{4, 4});
}

TEST_CASE("card: a byte-order mark hides the metadata from Python only") {
  const Card card = parse_card("README.md", "\xEF\xBB\xBF---\nlicense: mit\n---\n");
  check_card(card);
  CHECK(card.front_matter.present);
  REQUIRE(count(card, "parse/byte-order-mark") == 1);
  CHECK(card.diagnostics[0].message.find("Python") != std::string::npos);
}

TEST_CASE("card: UTF-16 is read, and reported") {
  std::string bytes = "\xff\xfe";
  for (const char c : std::string("---\nlicense: mit\n---\n# Fern\n")) bytes += {c, '\0'};
  const Card card = parse_card("README.md", bytes);
  check_card(card);
  CHECK(count(card, "parse/utf-16") == 1);
  CHECK(count(card, "parse/zero-byte") == 0);
  CHECK(field(card, "license")->text == "mit");
}

TEST_CASE("card: a block the Hub does not see is read as a person reads it, and is no prose") {
  const Card card = parse_card("README.md", "<!-- x -->\n---\nlicense: mit\ntags: [a]\n---\n# Fern\n");
  check_card(card);
  CHECK_FALSE(card.front_matter.present);
  REQUIRE(field(card, "license") != nullptr);
  CHECK(card.quote(field(card, "license")->span) == "mit");
  CHECK(body(card) == "# Fern\n");
  CHECK(count(card, "parse/front-matter-invisible") == 1);
  CHECK(count(card, "parse/front-matter-missing") == 0);
}

TEST_CASE("card: a block that is not closed is no prose") {
  const Card card = parse_card("README.md", "---\nlicense: mit\n\n# Fern\n");
  check_card(card);
  CHECK_FALSE(card.front_matter.present);
  CHECK(body(card) == "\n# Fern\n");
  CHECK(count(card, "parse/front-matter-unterminated") == 1);
}

TEST_CASE("card: text that the Hub takes for YAML is still read as text") {
  const Card card = parse_card(
      "README.md", "---\nlicense: mit\n\n# Fern\n\nA model: small.\nMade in spring.\n\n---\n\n## More\n");
  check_card(card);
  CHECK(card.front_matter.present);
  CHECK(field(card, "license")->text == "mit");
  CHECK(count(card, "parse/yaml-syntax") == 1);
  CHECK(count(card, "parse/front-matter-unterminated") == 1);
  CHECK(body(card).find("# Fern") == 1);
}

TEST_CASE("card: metadata with a syntax error keeps what was read") {
  const Card card = parse_card("README.md", "---\nlicense: mit\ntitle: a: b\n---\n# Fern\n");
  check_card(card);
  CHECK(card.front_matter.present);
  CHECK(field(card, "license")->text == "mit");
  REQUIRE(count(card, "parse/yaml-syntax") == 1);
  CHECK(card.position(card.diagnostics[0].span.begin).line == 3);
  CHECK(body(card) == "# Fern\n");
}

TEST_CASE("card: metadata that is not a mapping leaves no root") {
  for (const std::string yaml : {"- a\n- b", "mit", "[]"}) {
    const Card card = parse_card("README.md", "---\n" + yaml + "\n---\n# Fern\n");
    check_card(card);
    CHECK(card.front_matter.present);
    CHECK(card.front_matter.root.is_null());
    REQUIRE(count(card, "parse/front-matter-not-a-mapping") == 1);
    CHECK(card.quote(card.diagnostics[0].span) == yaml);
  }
}

TEST_CASE("card: empty and missing metadata are the same finding") {
  for (const std::string text : {"", "# Fern\n", "---\n---\n# Fern\n", "---\n\n---\n# Fern\n",
                                 "---\n# x\n---\n# Fern\n", "---\n\nFern\n"}) {
    const Card card = parse_card("README.md", text);
    CAPTURE(text);
    check_card(card);
    CHECK(count(card, "parse/front-matter-missing") == 1);
    CHECK(card.diagnostics.size() == 1);
  }
}

TEST_CASE("card: a second block of metadata is reported and is no prose") {
  const Card card = parse_card("README.md", "---\nlicense: mit\n---\n\n---\nlanguage: en\n---\n# Fern\n");
  check_card(card);
  CHECK(count(card, "parse/front-matter-repeated") == 1);
  CHECK(body(card) == "# Fern\n");
  CHECK(field(card, "language") == nullptr);
  const Card rule = parse_card("README.md", "---\nlicense: mit\n---\n\n---\n\n# Fern\n");
  CHECK(rule.diagnostics.empty());
}

TEST_CASE("card: white space before the block matters for data sets") {
  const std::string_view text = "\n---\nlicense: mit\n---\n";
  CHECK(count(parse_card("datasets/a.md", text), "parse/front-matter-not-first") == 1);
  CHECK(count(parse_card("models/a.md", text), "parse/front-matter-not-first") == 0);
}

TEST_CASE("card: line ends are reported when they are mixed or lone") {
  CHECK(count(parse_card("a.md", "---\nlicense: mit\n---\na\r\nb\n"), "parse/line-ends") == 1);
  CHECK(count(parse_card("a.md", "---\nlicense: mit\n---\na\rb\n"), "parse/line-ends") == 1);
  CHECK(count(parse_card("a.md", "---\r\nlicense: mit\r\n---\r\na\r\n"), "parse/line-ends") == 0);
}

TEST_CASE("card: every bound leaves a diagnostic and a partial card") {
  ParseOptions options;
  options.max_bytes = 30;
  const Card cut = parse_card("a.md", "---\nlicense: mit\n---\none\ntwo\nthree\nfour\n", options);
  check_card(cut);
  CHECK(cut.truncated);
  CHECK(count(cut, "parse/too-large") == 1);
  CHECK(body(cut) == "one\ntwo\n");
  options = {};
  options.max_blocks = 2;
  const Card blocks = parse_card("a.md", "---\nlicense: mit\n---\none\n\ntwo\n\nthree\n", options);
  CHECK(count(blocks, "parse/too-many-blocks") == 1);
  CHECK(blocks.truncated);
  const Card values = parse_card("a.md", "---\na: [" + repeat("x,", 200'001) + "]\n---\n");
  CHECK(count(values, "parse/too-large") == 1);
  CHECK(values.truncated);
  const Card metadata = parse_card("a.md", "---\nlicense: mit\na: \"" + repeat("x", 3'000'000) + "\"\n---\n");
  CHECK(field(metadata, "license")->text == "mit");
  CHECK(count(metadata, "parse/too-large") == 1);
  CHECK(metadata.diagnostics.size() == 1);
  const Card deep = parse_card(
      "a.md", "---\na: " + repeat("[", 99) + repeat("]", 99) + "\nb: 1\n---\n" + repeat(">", 150) + "x\n");
  check_card(deep);
  CHECK(count(deep, "parse/too-deep") == 2);
  CHECK(field(deep, "b")->text == "1");
}

TEST_CASE("card: a file of 50 MB is read up to the bound, at the end of a line") {
  const Card card = parse_card("a.md", repeat("All work and no play.\n", 2'400'000));
  CHECK(card.text.size() <= ParseOptions{}.max_bytes);
  CHECK(card.text.size() > ParseOptions{}.max_bytes - 100);
  CHECK(card.text.back() == '\n');
  CHECK(count(card, "parse/too-large") == 1);
}

// Quadratic work on any of these would not end within the time CTest allows.
TEST_CASE("card: hostile files are read in linear time") {
  ParseOptions options;
  options.max_bytes = 1'000'000;
  for (const std::string& text : {repeat("---\n", 200'000), "---\na: " + repeat("x", 2'000'000),
                                  "---\n" + repeat("a: b\n", 190'000) + "---\n", repeat("\r", 200'000),
                                  repeat("\xff", 300'000), repeat("---\nlicense: mit\n---\n", 40'000)}) {
    check_card(parse_card("a.md", text, options));
  }
}

TEST_CASE("card: every cut and every changed byte of a card gives a card") {
  const std::string text =
      "\xEF\xBB\xBF\n---\nlicense: &x mit\ntags: [a, 'b', \"c\\n\"]\nd: |\n  é\n  🙂\ne: *x\n# "
      "f\n---\r\n# "
      "Fern\n\n> - a\n>   b\n\n| a |\n|---|\n| b |\n\n<h2>x</h2>\n";
  for (std::size_t size = 0; size <= text.size(); ++size)
    check_card(parse_card("a.md", text.substr(0, size)));
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (const char c : {'\0', '\n', '\r', '-', ' ', '\t', '[', ':', '"', '\xff', '#'}) {
      std::string changed = text;
      changed[at] = c;
      check_card(parse_card("a.md", changed));
    }
  }
}
