// SPDX-License-Identifier: Apache-2.0
#include "base/yaml.h"

#include <catch2/catch.hpp>
#include <string>

#include "support/line_ends.h"

using namespace cardwarden;
using testing::with_line_ends;
using namespace cardwarden::yaml;

namespace {

std::string repeat(std::string_view part, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += part;
  return out;
}

bool has_problem(const Document& document, ProblemKind kind) {
  for (const Problem& problem : document.problems) {
    if (problem.kind == kind) return true;
  }
  return false;
}

// The words that a path of keys quotes.
std::string_view quoted(const Document& document, std::string_view text, std::string_view key) {
  const Node* node = document.root.find(key);
  return node == nullptr ? "(missing)" : node->span.of(text);
}

}  // namespace

TEST_CASE("yaml: scalars stay as they are written and know their style") {
  const std::string text = "a: no\nb: \"no\"\nc: 'it''s'\nd: |\n  one\n  two\ne: 010\nf: 12:30\n";
  const Document document = parse(text);
  REQUIRE(document.problems.empty());
  CHECK(document.root.find("a")->text == "no");
  CHECK(document.root.find("a")->style == Style::plain);
  CHECK(document.root.find("b")->text == "no");
  CHECK(document.root.find("b")->style == Style::quoted);
  CHECK(document.root.find("c")->text == "it's");
  CHECK(document.root.find("d")->text == "one\ntwo\n");
  CHECK(document.root.find("d")->style == Style::block);
  CHECK(document.root.find("e")->text == "010");
  CHECK(document.root.find("f")->text == "12:30");
}

TEST_CASE("yaml: spans quote values as they stand, with non-ASCII text before them") {
  const std::string text = "é: \"ü x\"\n训练: 数据 集\nz: 'q'  # note\n";
  const Document document = parse(text);
  CHECK(quoted(document, text, "é") == "\"ü x\"");
  CHECK(quoted(document, text, "训练") == "数据 集");
  CHECK(quoted(document, text, "z") == "'q'");
  CHECK(document.root.find_entry("训练")->key.span.of(text) == "训练");
}

TEST_CASE("yaml: spans hold with CR LF and with lone CR line ends") {
  for (const std::string end : {"\r\n", "\r", "\n"}) {
    const std::string text = with_line_ends("a: x y\n   z\nb: >-\n  p\n\n  q\nc: last\n", end);
    const Document document = parse(text);
    CHECK(document.problems.empty());
    CHECK(quoted(document, text, "a") == with_line_ends("x y\n   z", end));
    CHECK(document.root.find("a")->text == "x y z");
    CHECK(quoted(document, text, "b") == with_line_ends(">-\n  p\n\n  q", end));
    CHECK(document.root.find("b")->text == "p\nq");
    CHECK(quoted(document, text, "c") == "last");
  }
}

TEST_CASE("yaml: collections span from their first to their last character") {
  const std::string text =
      "a:\n  - x\n  - y: 1\n    z: 2\nb: [ 1, {c: d}, ] # end\ne: {}\nf: [ # note ]\n  g ]\n";
  const Document document = parse(text);
  REQUIRE(document.problems.empty());
  CHECK(quoted(document, text, "a") == "- x\n  - y: 1\n    z: 2");
  CHECK(document.root.find("a")->items[1].span.of(text) == "y: 1\n    z: 2");
  CHECK(quoted(document, text, "b") == "[ 1, {c: d}, ]");
  CHECK(document.root.find("b")->items[1].span.of(text) == "{c: d}");
  CHECK(quoted(document, text, "e") == "{}");
  CHECK(quoted(document, text, "f") == "[ # note ]\n  g ]");
}

TEST_CASE("yaml: a null stands behind its colon or dash, or where it is written") {
  const std::string text = "a:\nb: ~\nc:\n  - null\n  -\nnull: x\nd: [e: , f]\n";
  const Document document = parse(text);
  REQUIRE(document.problems.empty());
  CHECK(document.root.find("a")->is_null());
  CHECK(document.root.find("a")->span == Span{2, 2});
  CHECK(document.root.find("a")->text.empty());
  CHECK(document.root.find("b")->text == "~");
  const Node& c = *document.root.find("c");
  REQUIRE(c.items.size() == 2);
  CHECK(c.items[0].text == "null");
  CHECK(c.items[1].text.empty());
  CHECK(text[c.items[1].span.begin - 1] == '-');
  CHECK(document.root.find("null")->text == "x");
}

TEST_CASE("yaml: byte-order marks are passed over and counted") {
  for (const char* marks : {"", "\uFEFF", "\uFEFF\uFEFF"}) {
    const std::string text = std::string(marks) + "a: x\nb: y\n";
    const Document document = parse(text);
    CHECK(document.problems.empty());
    CHECK(quoted(document, text, "a") == "x");
    CHECK(quoted(document, text, "b") == "y");
  }
}

TEST_CASE("yaml: a tag ends at the first sign that no tag has, and the value begins there") {
  const std::string text =
      "a: !K<n 5\nb: !\u00e9t x\nc: !e!n y\nd: !<tag:a,b> z\ne: [!K<n, !!int 6]\nf: !a &b c\n";
  const Document document = parse(text);
  CHECK(document.root.find("a")->text == "<n 5");
  CHECK(quoted(document, text, "a") == "<n 5");
  CHECK(quoted(document, text, "b") == "\u00e9t x");
  CHECK(quoted(document, text, "c") == "y");
  CHECK(quoted(document, text, "d") == "z");
  CHECK(document.root.find("e")->items.at(0).span.of(text) == "<n");
  CHECK(document.root.find("e")->items.at(1).span.of(text) == "6");
  CHECK(quoted(document, text, "f") == "c");
}

TEST_CASE("yaml: tags and anchors are not part of a value") {
  const std::string text = "a: !!str 1\nb: &x\n  c: !t \"d\"\ne: *x\nf: !!str\n";
  const Document document = parse(text);
  REQUIRE(document.problems.empty());
  CHECK(quoted(document, text, "a") == "1");
  CHECK(document.root.find("b")->find("c")->span.of(text) == "\"d\"");
  CHECK(document.root.find("b")->find("c")->style == Style::quoted);
  CHECK(document.root.find("e")->find("c")->text == "d");
  CHECK(document.root.find("e")->find("c")->span.of(text) == "\"d\"");
  CHECK(document.root.find("f")->span.empty());
}

TEST_CASE("yaml: a block text ends with its last line") {
  const std::string text = "a: |2\n    x\n   y\nb: |\nc: |+\n\n\nd:\n- |\n  z\n\n# note\n- w\n";
  const Document document = parse(text);
  REQUIRE(document.problems.empty());
  CHECK(quoted(document, text, "a") == "|2\n    x\n   y");
  CHECK(document.root.find("a")->text == "  x\n y\n");
  CHECK(quoted(document, text, "b") == "|");
  CHECK(document.root.find("d")->items[0].span.of(text) == "|\n  z");
  CHECK(document.root.find("d")->items[1].span.of(text) == "w");
}

TEST_CASE("yaml: the offset moves every span") {
  const std::string card = "---\na: [b]\na: c\n---\n";
  const Document document = parse(std::string_view(card).substr(4, 11), 4);
  CHECK(document.root.span.of(card) == "a: [b]\na: c");
  CHECK(document.root.entries[0].value.items[0].span.of(card) == "b");
  REQUIRE(document.problems.size() == 1);
  CHECK(document.problems[0].span == Span{11, 12});
}

TEST_CASE("yaml: the last of repeated keys counts, and the second is reported where it stands") {
  const std::string text = "a: 1\nb: {c: 1, c: 2}\n\"a\": 3\n";
  const Document document = parse(text);
  CHECK(document.root.find("a")->text == "3");
  CHECK(document.root.entries.size() == 3);
  REQUIRE(document.problems.size() == 2);
  CHECK(document.problems[0].kind == ProblemKind::duplicate_key);
  CHECK(document.problems[0].span.of(text) == "c");
  CHECK(document.problems[1].span.of(text) == "\"a\"");
  CHECK(repeated_keys(document.root).size() == 1);
}

TEST_CASE("yaml: repeated keys are found in large mappings, in linear time") {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += "k" + std::to_string(i) + ": v\n";
  text += "k17: w\n";
  const Document document = parse(text);
  REQUIRE(document.problems.size() == 1);
  CHECK(document.problems[0].span.of(text) == "k17");
}

TEST_CASE("yaml: a syntax error keeps what stood before and names the line") {
  const std::string text = "license: mit\ntitle: Fern: a model\ntags: [a]\n";
  const Document document = parse(text);
  CHECK(document.root.find("license")->text == "mit");
  CHECK(document.root.find("tags") == nullptr);
  REQUIRE(document.problems.size() == 1);
  CHECK(document.problems[0].kind == ProblemKind::syntax);
  CHECK(document.problems[0].span.of(text) == "title: Fern: a model");
  CHECK(document.problems[0].message.find("yaml-cpp") == std::string::npos);
}

TEST_CASE("yaml: front matter: a tab in the indent is reported at its column") {
  const std::string text = "tags:\n  - a\n \t- b\n";
  const Document document = parse(text);
  REQUIRE(document.problems.size() == 1);
  CHECK(document.problems[0].span.of(text) == "\t");
  CHECK(LineIndex(text).position(text, document.problems[0].span.begin) == Position{3, 2});
}

TEST_CASE("yaml: each kind of mistake is a syntax problem at its line") {
  struct Mistake {
    std::string text;
    std::string at;
  };
  const Mistake mistakes[] = {
      {"a: [1, {x: 2\nb: 3\n", "{x: 2"},
      {"a: \"x\nb: 1\n", "\"x"},
      {"a: 'x", "'x"},
      {"a: 1\n}\n", "}"},
      {"a: @x\n", "a: @x"},
      {"a: 1\nb\n", "b"},
      {"a: 1\nb\nc: 2\n", "b"},
      {"hello world\nfoo: bar\n", "hello world"},
      {"a: 1\n  b: 2\n", "b: 2"},
      {"  a: 1\nb: 2\n", "b: 2"},
      {"a: - b\n", "a: - b"},
      {"a: \"\\q\"\n", "a: \"\\q\""},
      {"a: [x,,y]\n", ","},
      {std::string("a: x\x01y\n"), "\x01"},
      {"a: x\x04y\nb: 2\n", "\x04"},
      {"a: \xff\n", "\xff"},
      {"a: |x\n  y\n", "a: |x"},
      {"a: b\n%FOO x\nc: d\n", "%FOO x"},
  };
  for (const Mistake& mistake : mistakes) {
    const Document document = parse(mistake.text);
    CAPTURE(mistake.text);
    REQUIRE_FALSE(document.problems.empty());
    CHECK(document.problems[0].kind == ProblemKind::syntax);
    CHECK(document.problems[0].span.of(mistake.text) == mistake.at);
    CHECK_FALSE(document.problems[0].message.empty());
  }
}

TEST_CASE("yaml: a question mark in brackets is named as such") {
  for (const std::string text : {"a: [Who?]\n", "a: [Who? me]\n", "a: {b: Who am I?}\n"}) {
    const Document document = parse(text);
    CAPTURE(text);
    REQUIRE(document.problems.size() == 1);
    CHECK(document.problems[0].span.begin == text.find('?'));
    CHECK(document.problems[0].message.find("question mark") != std::string::npos);
  }
}

TEST_CASE("yaml: what people write is not called a mistake") {
  for (const std::string text :
       {"a: http://x.org/y#z\n", "a: x#y\n", "a: [http://x.org, b:c]\n", "a: [\nb,\nc\n]\n", "a:\n- b\n- c\n",
        "a: {{ x }}\n", "? a\n: b\n", "? a\n? b\n", "a: \"x\n  y\"\n", "a:    # note\n  b\n",
        "a: b\t# note\n", "a: >\n\n  x\n", "%YAML 1.2\n---\na: b\n", "a: b\n...\n", "\uFEFFa: b\n",
        "a: x\n   y\n", "\n\n# note\n", "a: {b, c}\n", "a: -1\n"}) {
    CAPTURE(text);
    CHECK(parse(text).problems.empty());
  }
}

TEST_CASE("yaml: a byte that ends yaml-cpp's text hides nothing") {
  const std::string text = std::string("a: x\x04y\nb: 2\n") + std::string("c\0: 3\n", 6);
  const Document document = parse(text);
  CHECK(document.root.find("b")->text == "2");
  CHECK(document.root.entries.size() == 3);
  const std::string zeros("a\0: 1\nb: 2\n", 11);
  CHECK(parse(zeros).root.find("b")->text == "2");
}

TEST_CASE("yaml: an alias without an anchor is named and ends the reading") {
  const std::string text = "a: 1\nb: *.csv\nc: 2\n";
  const Document document = parse(text);
  REQUIRE(document.problems.size() == 1);
  CHECK(document.problems[0].kind == ProblemKind::unknown_alias);
  CHECK(document.problems[0].span.of(text) == "*.csv");
  CHECK(document.root.find("a")->text == "1");
}

TEST_CASE("yaml: a second document is reported and not read") {
  const std::string text = "a: 1\n---\nb: 2\n";
  const Document document = parse(text);
  REQUIRE(document.problems.size() == 1);
  CHECK(document.problems[0].kind == ProblemKind::many_documents);
  CHECK(document.problems[0].span.of(text) == "---");
  CHECK(document.root.find("b") == nullptr);
}

TEST_CASE("yaml: nesting beyond the limit is cut off, and what follows is read") {
  Limits limits;
  limits.depth = 3;
  const std::string text = "a: [[1]]\nb: [[[1]]]\nc: d\n";
  const Document document = parse(text, 0, limits);
  REQUIRE(document.problems.size() == 1);
  CHECK(document.problems[0].kind == ProblemKind::too_deep);
  CHECK(document.problems[0].span.begin == 14);
  CHECK(document.root.find("c")->text == "d");
  CHECK(document.root.find("a")->items[0].items[0].text == "1");
}

TEST_CASE("yaml: hostile nesting neither crashes nor takes long") {
  for (const std::string_view part :
       {"[", "{", "- ", "? ", ": ", "[\n", "{a: ", "[a, ", "- - ", "!a ", "&a ", "]", ", ", "\"", "'", "*"}) {
    const Document document = parse(repeat(part, 99'999));
    CAPTURE(part);
    CHECK_FALSE(document.problems.empty());
  }
  std::string steps;
  for (std::size_t i = 0; i < 1'500; ++i) steps += std::string(i, ' ') + "a:\n";
  CHECK(has_problem(parse(steps), ProblemKind::too_deep));
}

TEST_CASE("yaml: the number of values is bounded") {
  Limits limits;
  limits.nodes = 10;
  const Document document = parse("[" + repeat("x, ", 20) + "]", 0, limits);
  REQUIRE(document.problems.size() == 1);
  CHECK(document.problems[0].kind == ProblemKind::too_many);
  CHECK(document.root.items.size() <= 10);
}

TEST_CASE("yaml: aliases are expanded up to a bound of values") {
  std::string text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
  for (char c = 'b'; c < 'j'; ++c) {
    const std::string last = std::string("*") + static_cast<char>(c - 1) + ", ";
    text += std::string(1, c) + ": &" + c + " [" + repeat(last, 10) + "]\n";
  }
  const Document document = parse(text);
  CHECK(has_problem(document, ProblemKind::alias_bomb));
  CHECK(document.problems.size() == 1);
  CHECK(document.root.find("b")->items[9].items[9].text == "x");
  CHECK(document.root.entries.size() == 9);
}

TEST_CASE("yaml: aliases are expanded up to a bound of bytes and of depth") {
  Limits limits;
  limits.alias_bytes = 100;
  const Document large = parse("- &a " + repeat("x", 40) + "\n- *a\n- *a\n- *a\n", 0, limits);
  CHECK(has_problem(large, ProblemKind::alias_bomb));
  CHECK(large.root.items[2].text.size() == 40);
  CHECK(large.root.items[3].is_null());
  std::string text = "- &a0 [x]\n";
  for (int i = 0; i < 200; ++i) text += "- &a" + std::to_string(i + 1) + " [*a" + std::to_string(i) + "]\n";
  CHECK(has_problem(parse(text), ProblemKind::too_deep));
}

TEST_CASE("yaml: an alias inside its own anchor is not followed") {
  const Document document = parse("a: &x [1, *x]\nb: 2\n");
  CHECK(has_problem(document, ProblemKind::alias_bomb));
  CHECK(document.root.find("a")->items.size() == 2);
  CHECK(document.root.find("b")->text == "2");
}

TEST_CASE("yaml: problems come in the order of the text and are bounded in number") {
  const Document document = parse(repeat("a: 1\n", 1'000));
  REQUIRE(document.problems.size() == 100);
  for (std::size_t i = 1; i < document.problems.size(); ++i) {
    CHECK(document.problems[i - 1].span.begin <= document.problems[i].span.begin);
  }
}

TEST_CASE("yaml: every cut of a text gives spans within it") {
  const std::string text =
      "a: &x [1, {b: 'c'}]\nd: *x\ne: |-\n  é\n\n  f\n? g\n: - h\n  - \"i\\n\"\nj: !t k\r\nl: ~\n# m\nn:\n- "
      "o: p\n  q: r s\n    t\n";
  const auto check = [](const auto& self, const Node& node, std::size_t size) -> void {
    CHECK(node.span.begin <= node.span.end);
    CHECK(node.span.end <= size);
    for (const Node& item : node.items) self(self, item, size);
    for (const Entry& entry : node.entries) {
      self(self, entry.key, size);
      self(self, entry.value, size);
    }
  };
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const Document document = parse(std::string_view(text).substr(0, size));
    check(check, document.root, size);
    for (const Problem& problem : document.problems) CHECK(problem.span.end <= size);
  }
  CHECK(parse(text).problems.empty());
}
