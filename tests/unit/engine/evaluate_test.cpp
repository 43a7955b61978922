// SPDX-License-Identifier: Apache-2.0
#include "engine/evaluate.h"

#include <catch2/catch.hpp>

#include "card/parse.h"
#include "unit/engine/rules.h"

using namespace cardwarden;
using test::some_book;

namespace {

std::vector<RuleRun> all_runs(const RuleBook& book) {
  static const Parameters none;
  std::vector<RuleRun> out;
  for (const Rule& rule : book.rules()) {
    if (!rule.by_judge) out.push_back({&rule, &none});
  }
  return out;
}

std::vector<Finding> evaluate(const RuleBook& book, std::string_view text, Kind kind = Kind::model) {
  Evaluator evaluator(book);
  const Card card = parse_card("README.md", text, {.kind = kind});
  auto findings = evaluator.evaluate(card, all_runs(book), {});
  REQUIRE(findings.has_value());
  return std::move(*findings);
}

}  // namespace

TEST_CASE("evaluate: a disclosure that is missing is a finding with the page's words") {
  const auto book = some_book();
  const auto findings = evaluate(*book, "A card.");
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].rule == "model-card/training");
  CHECK(findings[0].outcome == Outcome::absent);
  CHECK(findings[0].message == "The card is silent.");
  CHECK(findings[0].remedy == "Speak.");
  CHECK_FALSE(findings[0].located);
}

TEST_CASE("evaluate: a placeholder is a finding at its place") {
  const auto book = some_book();
  const std::string text = "## Training\n\nTBD\n";
  const auto findings = evaluate(*book, text);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].outcome == Outcome::placeholder);
  CHECK(findings[0].located);
  CHECK(findings[0].span.of(text) == "TBD");
}

TEST_CASE("evaluate: what is disclosed is no finding") {
  const auto book = some_book();
  CHECK(evaluate(*book, "It was trained on letters.").empty());
}

TEST_CASE("evaluate: native and audit rules speak in the order of the runs") {
  const auto book = some_book();
  const auto findings = evaluate(*book, "It saw chat logs!!!");
  REQUIRE(findings.size() == 3);
  CHECK(findings[0].rule == "governance/silent");
  CHECK(findings[0].evidence.size() == 1);
  CHECK(findings[1].rule == "metadata/no-shouting");
  CHECK(findings[1].key == "shout");
  CHECK(findings[2].rule == "model-card/training");
}

TEST_CASE("evaluate: rules of other kinds stay silent") {
  const auto book = some_book();
  const auto findings = evaluate(*book, "It saw chat logs!!!", Kind::dataset);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].rule == "dataset-card/size");
  CHECK(evaluate(*book, "4,200 letters.", Kind::dataset).empty());
  CHECK(evaluate(*book, "It saw chat logs!!!", Kind::space).empty());
}

TEST_CASE("evaluate: disclosures are found although their rules do not run") {
  const auto book = some_book();
  Evaluator evaluator(*book);
  const Card card = parse_card("README.md", "It was trained on letters.", {.kind = Kind::model});
  auto findings = evaluator.evaluate(card, {}, {});
  REQUIRE(findings.has_value());
  CHECK(findings->empty());
  CHECK(is_disclosed(evaluator.disclosures(), "training"));
  CHECK_FALSE(evaluator.prose().words.empty());
}

TEST_CASE("evaluate: one evaluator takes card after card of any kind") {
  const auto book = some_book();
  Evaluator evaluator(*book);
  const auto runs = all_runs(*book);
  for (int round = 0; round < 3; ++round) {
    const Card model = parse_card("a.md", "It was trained on letters!!!", {.kind = Kind::model});
    const Card dataset = parse_card("b.md", "Nothing.", {.kind = Kind::dataset});
    auto one = evaluator.evaluate(model, runs, {});
    REQUIRE(one.has_value());
    CHECK(one->size() == 1);
    auto two = evaluator.evaluate(dataset, runs, {});
    REQUIRE(two.has_value());
    CHECK(two->size() == 1);
  }
}

TEST_CASE("evaluate: a rule that does not compile is an error, not a silence") {
  const auto book =
      some_book({{"acme/wrong", "team/acme/wrong", test::page(), "clues:\n  - say: [\"(\"]\n", ""}});
  Evaluator evaluator(*book);
  const Card card = parse_card("README.md", "Text.", {.kind = Kind::model});
  const auto findings = evaluator.evaluate(card, all_runs(*book), {});
  REQUIRE_FALSE(findings.has_value());
  CHECK(findings.error().code == ErrorCode::rule);
}

TEST_CASE("evaluate: what no rule of the run asks is not looked for") {
  const auto book = some_book();
  const Card card = parse_card("README.md", "It was trained on letters.", {.kind = Kind::model});
  const RuleRun shouting{book->find("metadata/no-shouting"), nullptr};
  const RuleRun silent{book->find("governance/silent"), nullptr};
  Evaluator evaluator(*book, Extent::what_rules_ask);
  REQUIRE(evaluator.evaluate(card, {shouting}, {}).has_value());
  CHECK(evaluator.disclosures().empty());
  for (int round = 0; round < 2; ++round) {  // once asked, always asked
    const auto findings = evaluator.evaluate(card, {silent}, {});
    REQUIRE(findings.has_value());
    CHECK(findings->empty());
    CHECK(is_disclosed(evaluator.disclosures(), "training"));
    REQUIRE(evaluator.evaluate(card, {shouting}, {}).has_value());
    CHECK(evaluator.disclosures().size() == 1);
  }
}

TEST_CASE("evaluate: a rule sees the disclosures that it asks for, and those only of the kind") {
  const Disclosures all = {{"license", "model-card/license", Status::disclosed, {}},
                           {"size", "model-card/size", Status::placeholder, {}}};
  const std::vector<std::string> asks = {"size", "license", "tasks"};
  const AskedDisclosures asked(all, asks);
  CHECK(asked.holds("license"));
  CHECK_FALSE(asked.holds("size"));
  REQUIRE(asked.find("size") != nullptr);
  CHECK(asked.find("size")->status == Status::placeholder);
  CHECK(asked.find("tasks") == nullptr);
  CHECK_FALSE(asked.holds("tasks"));
}
