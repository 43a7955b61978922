// SPDX-License-Identifier: Apache-2.0
#include "engine/cases.h"

#include <catch2/catch.hpp>

#include "unit/engine/rules.h"

using namespace cardwarden;
using test::some_book;

namespace {

RuleCase only_case(std::string_view yaml) {
  auto cases = parse_cases(yaml, "cases.yaml");
  INFO(yaml);
  REQUIRE(cases.has_value());
  REQUIRE(cases->size() == 1);
  return std::move(cases->front());
}

std::string refused(std::string_view yaml) {
  const auto cases = parse_cases(yaml, "cases.yaml");
  INFO(yaml);
  REQUIRE_FALSE(cases.has_value());
  return cases.error().text();
}

// Empty when the case holds, else what was found.
std::string run(std::string_view rule, std::string_view yaml) {
  const auto book = some_book();
  Evaluator evaluator(*book);
  const Pipeline none = [](const Card&, const Rule&) -> Result<std::vector<Finding>> {
    return std::vector<Finding>{};
  };
  auto failure = run_case(evaluator, *book->find(rule), only_case(yaml), none);
  REQUIRE(failure.has_value());
  if (!*failure) return "";
  CHECK_FALSE((*failure)->name.empty());
  CHECK((*failure)->where == "cases.yaml:1:3");
  return (*failure)->expected + " / " + (*failure)->found;
}

bool has(const std::string& text, std::string_view words) { return text.find(words) != std::string::npos; }

}  // namespace

TEST_CASE("cases: a case is read with all it says") {
  const RuleCase one = only_case(
      "- name: n\n  card: |\n    # T\n    text\n  expect: disclosed\n  cites: text\n  kind: dataset\n  "
      "scope: {gpai: \"true\"}\n  parameters: {limit: \"3\"}\n");
  CHECK(one.name == "n");
  CHECK(one.bytes == "# T\ntext\n");
  CHECK(one.expect == "disclosed");
  CHECK(one.cites == std::vector<std::string>{"text"});
  CHECK(one.kind == Kind::dataset);
  CHECK(one.scope.at("gpai") == "true");
  CHECK(one.parameters.at("limit") == "3");
  CHECK(one.where == "cases.yaml:1:3");
  CHECK(only_case("- {name: n, bytes: fffe2300, expect: clean}\n").bytes == std::string("\xFF\xFE#\0", 4));
}

TEST_CASE("cases: mistakes are named with their place") {
  CHECK(has(refused("name: n\n"), "list of cases"));
  CHECK(has(refused("- {card: x, expect: clean}\n"), "needs `name`"));
  CHECK(has(refused("- {name: n, expect: clean}\n"), "needs `name`, `card`"));
  CHECK(has(refused("- {name: n, card: x}\n"), "`expect` is one of"));
  CHECK(has(refused("- {name: n, card: x, expect: maybe}\n"), "`expect` is one of"));
  CHECK(has(refused("- {name: n, card: x, expects: clean}\n"), "unknown key `expects`"));
  CHECK(has(refused("- {name: n, bytes: abc, expect: clean}\n"), "pairs of hexadecimal digits"));
  CHECK(has(refused("- {name: n, bytes: zz, expect: clean}\n"), "pairs of hexadecimal digits"));
  CHECK(has(refused("- {name: n, card: x, expect: clean, kind: modle}\n"), "model, dataset or space"));
  CHECK(has(refused("- name: [\n"), "cases.yaml:"));
}

TEST_CASE("cases: a disclosure is compared by status and by the words it quotes") {
  const char* rule = "model-card/training";
  CHECK(run(rule, "- {name: n, card: It was trained on letters., expect: disclosed, cites: trained on}\n")
            .empty());
  CHECK(run(rule, "- {name: n, card: It was written., expect: absent}\n").empty());
  CHECK(has(run(rule, "- {name: n, card: It was written., expect: disclosed, cites: x}\n"),
            "disclosed / absent"));
  CHECK(has(run(rule, "- {name: n, card: It was trained on letters., expect: absent}\n"),
            "quoting \"It was trained on letters.\""));
  CHECK(has(run(rule, "- {name: n, card: It was trained on letters., expect: disclosed, cites: parrots}\n"),
            "citing \"parrots\""));
  CHECK(run(rule,
            "- {name: n, card: \"It was **trained** _on_\\nletters.\", expect: disclosed, cites: trained on "
            "letters}\n")
            .empty());
}

TEST_CASE("cases: a finding is compared by what it says") {
  const char* rule = "metadata/no-shouting";
  CHECK(run(rule, "- {name: n, card: Hear me!!!, expect: finding, cites: \"!!!\"}\n").empty());
  CHECK(run(rule, "- {name: n, card: Hear me., expect: clean}\n").empty());
  CHECK(has(run(rule, "- {name: n, card: Hear me!!!, expect: clean}\n"), "The card shouts."));
  CHECK(has(run(rule, "- {name: n, card: Hear me., expect: finding}\n"), "finding / clean"));
  CHECK(has(run(rule, "- {name: n, card: Hear me!!!, expect: contradicted}\n"), "contradicted / finding"));
  CHECK(has(run(rule, "- {name: n, card: Hear me!!!, expect: finding, cites: whisper}\n"),
            "citing \"whisper\""));
}

TEST_CASE("cases: a rule of the judge is asked of the whole pipeline") {
  const auto book = some_book();
  Evaluator evaluator(*book);
  bool asked = false;
  const Pipeline pipeline = [&asked](const Card&, const Rule& rule) -> Result<std::vector<Finding>> {
    asked = rule.id == "suppression/unused";
    return std::vector<Finding>{};
  };
  auto failure = run_case(evaluator, *book->find("suppression/unused"),
                          only_case("- {name: n, card: x, expect: clean}\n"), pipeline);
  REQUIRE(failure.has_value());
  CHECK_FALSE(failure->has_value());
  CHECK(asked);
}

TEST_CASE("cases: what a rule asks for must be a disclosure") {
  std::string page = test::page();
  page.insert(page.find("kinds:"), "asks: [training, tarining]\n");
  const auto book = some_book({{"metadata/no-shouting", "team/metadata/no-shouting", page, "", ""}});
  const Rule& rule = *book->find("metadata/no-shouting");
  CHECK(rule.asks == std::vector<std::string>{"training", "tarining"});
  std::string out;
  for (const Error& error : check_rule(*book, rule)) out += error.text() + "\n";
  CHECK(has(out, "`asks` names `tarining`, which is no disclosure"));
  CHECK_FALSE(has(out, "`training`"));
}

TEST_CASE("cases: a folder needs enough cases of each sort") {
  const std::string disclosed = "- {name: n, card: x, expect: disclosed, cites: x}\n";
  const std::string absent = "- {name: n, card: x, expect: absent}\n";
  const std::string placeholder = "- {name: n, card: x, expect: placeholder}\n";
  const auto problems = [](const std::string& id, const std::string& detect, const std::string& cases) {
    const auto book = some_book({{id, "team/" + id, test::page(), detect, cases}});
    std::string out;
    for (const Error& error : check_rule(*book, *book->find(id))) out += error.text() + "\n";
    return out;
  };
  const std::string clue = "clues:\n  - say: [a]\n";
  CHECK(problems("model-card/tone", clue,
                 disclosed + disclosed + disclosed + absent + absent + absent + placeholder)
            .empty());
  CHECK(has(problems("model-card/tone", clue, disclosed + disclosed + absent + absent + absent + placeholder),
            "at least 3 cases of `disclosed`, found 2"));
  CHECK(has(problems("model-card/tone", clue, disclosed + disclosed + disclosed + absent + absent + absent),
            "at least 1 case of `placeholder`"));
  CHECK(has(problems("model-card/tone", clue, "- {name: n, card: x, expect: disclosed}\n"),
            "must say what is quoted"));
  CHECK(has(problems("Acme/Tone", clue, disclosed), "lower-case letters"));
  const std::string finding = "finding:\n  when:\n    clues:\n      - say: [a]\n";
  const std::string found = "- {name: n, card: x, expect: finding}\n";
  const std::string clean = "- {name: n, card: x, expect: clean}\n";
  CHECK(problems("acme/tone", finding, found + found + clean + clean + clean).empty());
  CHECK(has(problems("acme/tone", finding, found + clean + clean + clean),
            "at least 2 cases of `finding`, found 1"));
}
