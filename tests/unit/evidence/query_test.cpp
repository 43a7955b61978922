// SPDX-License-Identifier: Apache-2.0
#include "evidence/query.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "card/parse.h"

using namespace cardwarden;

namespace {

struct Read {
  explicit Read(std::string_view text) : card(parse_card("README.md", text, {.kind = Kind::model})) {
    read_prose(card, prose);
  }
  Card card;
  Prose prose;
};

query::Number only(const Read& read) {
  const auto found = query::numbers(read.card, read.card.body);
  REQUIRE(found.size() == 1);
  return found.front();
}

std::vector<std::string> figures(std::string_view text) {
  const Read read(text);
  std::vector<std::string> out;
  for (const auto& number : query::numbers(read.card, read.card.body))
    out.emplace_back(read.card.quote(number.span));
  return out;
}

query::Number figure(std::string_view text) { return only(Read(text)); }

}  // namespace

TEST_CASE("numbers: a figure is read with its sign, its decimals and its per cent sign") {
  const Read read("The loss fell by -0.25 points.");
  const auto number = only(read);
  CHECK(number.value == Approx(-0.25));
  CHECK(number.decimals == 2);
  CHECK_FALSE(number.percent);
  CHECK(read.card.quote(number.span) == "-0.25");

  const Read share("It is 91.2 % right.");
  CHECK(only(share).percent);
  CHECK(share.card.quote(only(share).span) == "91.2 %");
}

TEST_CASE("numbers: commas divide thousands or decimals") {
  CHECK(figure("About 1,234,567 words").value == Approx(1234567));
  CHECK(figure("About 1,234.5 words").value == Approx(1234.5));
  CHECK(figure("Etwa 0,85 Punkte").value == Approx(0.85));
  CHECK(figure("Etwa 0,850 Punkte").value == Approx(0.85));
}

TEST_CASE("numbers: exponents") {
  CHECK(figure("rate 1e-5 was").value == Approx(1e-5));
  CHECK(figure("about 3.5E6 steps").value == Approx(3.5e6));
}

TEST_CASE("numbers: the unit is the word that follows, at once or after a blank") {
  const Read joined("It has 7B weights.");
  CHECK(joined.card.quote(only(joined).unit) == "B");
  CHECK(only(joined).value == Approx(7));
  const Read apart("It emitted 12 kg in all.");
  CHECK(apart.card.quote(only(apart).unit) == "kg");
  const Read none("The score is 12.");
  CHECK(only(none).unit.empty());
}

TEST_CASE("numbers: digits inside words, versions, times and link targets are no figures") {
  CHECK(figures("C4 and v1.0 and top-5 and snake_3").empty());
  CHECK(figures("Version 1.2.3 at 12:30").empty());
  CHECK(figures("See [the page](https://example.org/2021/12) now").empty());
  CHECK(figures("See https://example.org/2021/12 now").empty());
  CHECK(figures("between 10 and 20") == std::vector<std::string>{"10", "20"});
}

TEST_CASE("same_figure: scale and rounding are forgiven, a difference is not") {
  CHECK(query::same_figure(figure("0.912"), figure("91.2")));
  CHECK(query::same_figure(figure("91.2"), figure("0.912")));
  CHECK(query::same_figure(figure("0.91234"), figure("0.91")));
  CHECK(query::same_figure(figure("0.7137235"), figure("71.4")));
  CHECK_FALSE(query::same_figure(figure("0.912"), figure("0.874")));
  CHECK_FALSE(query::same_figure(figure("91.2"), figure("90.1")));
  CHECK_FALSE(query::same_figure(figure("0.912"), figure("80.1")));
}

TEST_CASE("cells and tables: rows are cut at pipes that stand outside code") {
  const Read read(
      "| Name | Value |\n|---|---|\n| `a|b` | 1 |\n| c \\| d | 2 |\n\ntext\n\n| x |\n|---|\n| y |\n");
  const auto tables = query::tables(read.card);
  REQUIRE(tables.size() == 2);
  REQUIRE(tables[0].size() == 3);
  const auto header = query::cells(read.card, read.card.blocks[tables[0][0]]);
  REQUIRE(header.size() == 2);
  CHECK(read.card.quote(header[0]) == "Name");
  CHECK(read.card.quote(header[1]) == "Value");
  const auto escaped = query::cells(read.card, read.card.blocks[tables[0][2]]);
  REQUIRE(escaped.size() == 2);
  CHECK(read.card.quote(escaped[0]) == "c \\| d");
  for (const Block& block : read.card.blocks) {
    if (block.kind == BlockKind::paragraph) CHECK(query::cells(read.card, block).empty());
  }
}

TEST_CASE("title: words without markup, in lower case") {
  const Read read("# The **Fine-Tuned** `Model`\n\ntext\n");
  REQUIRE(read.card.sections.size() == 2);
  CHECK(query::title(read.card, 1) == "the fine tuned model");
}

TEST_CASE("long tokens: every run of the length or more is found, wherever it begins") {
  const auto found = [](std::string_view text) {
    std::vector<std::string> out;
    for (const Span span : query::long_tokens(text, 5)) out.emplace_back(span.of(text));
    return out;
  };
  CHECK(found("").empty());
  CHECK(found("abcd efgh.ijkl").empty());
  CHECK(found("abcde") == std::vector<std::string>{"abcde"});
  CHECK(found("a bc_d-e f ghijkl.mnopq").size() == 3);
  for (std::size_t shift = 0; shift < 12; ++shift) {
    CHECK(found(std::string(shift, ' ') + "xy_-9 " + std::string(shift, '.')) ==
          std::vector<std::string>{"xy_-9"});
  }
}

TEST_CASE("long tokens: leaping over gaps finds what reading byte by byte finds") {
  const std::string alphabet = "aZ09_-aZ09_-aZ09_-aZ09_-aZ09_-aZ09_-aZ09_- ./{\xC3\n";
  std::mt19937 chance(7);
  for (int round = 0; round < 2000; ++round) {
    std::string text(chance() % 120, ' ');
    for (char& c : text) c = alphabet[chance() % alphabet.size()];
    for (const std::size_t least : {1U, 5U, 15U, 16U, 18U, 25U}) {
      std::vector<std::string> expected;
      for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find_first_not_of(alphabet.substr(0, 6), begin), text.size());
        if (end - begin >= least) expected.push_back(text.substr(begin, end - begin));
        begin = end + 1;
      }
      std::vector<std::string> found;
      for (const Span span : query::long_tokens(text, least)) found.emplace_back(span.of(text));
      INFO(text);
      REQUIRE(found == expected);
    }
  }
}

TEST_CASE("informative_units: placeholders, headings and code are left out") {
  const Read read("# Heading\n\nA sentence.\n\n- an item\n\n```\ncode\n```\n");
  const auto units = query::informative_units(read.prose);
  REQUIRE(units.size() == 2);
  CHECK(units[0]->kind == UnitKind::prose);
  CHECK(units[1]->kind == UnitKind::list);
}

TEST_CASE("model_index: one entry a metric, and what is missing is null") {
  const Read read(
      "---\nmodel-index:\n- name: m\n  results:\n  - dataset:\n      name: D\n      type: d\n      split: "
      "test\n    metrics:\n"
      "    - type: wer\n      name: WER\n      value: 12.5\n    - value: 3\n  - metrics:\n    - type: cer\n  "
      "    value: 1\n---\n# M\n");
  const auto index = query::model_index(read.card);
  REQUIRE(index.size() == 3);
  REQUIRE(index[0].dataset_name != nullptr);
  CHECK(index[0].dataset_name->text == "D");
  CHECK(index[0].split->text == "test");
  CHECK(index[0].value->text == "12.5");
  CHECK(index[1].type == nullptr);
  CHECK(index[2].dataset_name == nullptr);
  CHECK(query::model_index(Read("# M\n").card).empty());
}

TEST_CASE("says_something: stand-ins say nothing") {
  const auto says = [](std::string_view value) {
    const Read read("---\nkey: " + std::string(value) + "\n---\n");
    return query::says_something(field(read.card, "key"));
  };
  CHECK(says("mit"));
  CHECK(says("[a, b]"));
  CHECK_FALSE(says(""));
  CHECK_FALSE(says("None"));
  CHECK_FALSE(says("unknown"));
  CHECK_FALSE(says("[]"));
  CHECK_FALSE(says("\"{{ license }}\""));
  CHECK_FALSE(query::says_something(nullptr));
}
