// SPDX-License-Identifier: Apache-2.0
// A rule says the same of a card whatever else is asked of it.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "card/parse.h"
#include "engine/cases.h"
#include "engine/evaluate.h"
#include "rules/packed.h"
#include "rules/registry.h"
#include "support/generator.h"

namespace {

using namespace cardwarden;
using namespace cardwarden::testing;

// The cards of the cases of all rules, some of each, and made ones.
std::vector<Card> cards_of(const RuleBook& book) {
  std::vector<Card> out;
  for (const Rule& rule : book.rules()) {
    const auto cases = parse_cases(rule.cases, "cases.yaml");
    REQUIRE(cases.has_value());
    for (std::size_t i = 0; i < cases->size(); i += 4) {
      ParseOptions options;
      options.kind = (*cases)[i].kind;
      out.push_back(parse_card("README.md", (*cases)[i].bytes, options));
    }
  }
  Chance chance(12);
  for (int i = 0; i < 60; ++i) {
    const Kind kind = chance.one_in(2) ? Kind::model : Kind::dataset;
    out.push_back(parse_card("README.md", make_card(chance).text(), {.kind = kind}));
  }
  return out;
}

std::string text_of(const std::vector<Finding>& findings) {
  std::string out;
  for (const Finding& one : findings) {
    out += std::string(one.rule) + " " + one.message + " " + std::to_string(one.span.begin);
    for (const Evidence& evidence : one.evidence)
      out += " " + std::to_string(evidence.words.begin) + "-" + std::to_string(evidence.words.end);
    out += "\n";
  }
  return out;
}

}  // namespace

TEST_CASE("a rule alone says what it says beside all others") {
  const auto book =
      RuleBook::create(builtin_rules(), {}, std::string(builtin_vocabulary()), builtin_packed_rules());
  REQUIRE(book.has_value());
  const std::vector<Card> cards = cards_of(**book);
  std::vector<RuleRun> all;
  for (const Rule& rule : (*book)->rules()) {
    if (!rule.by_judge) all.push_back({&rule, nullptr});
  }
  Evaluator beside(**book);
  std::size_t spoke = 0;
  std::size_t at = 0;
  for (const RuleRun& run : all) {
    Evaluator alone(**book, Extent::what_rules_ask);
    for (int i = 0; i < 12; ++i) {
      const Card& card = cards[at++ % cards.size()];
      if (!run.rule->applies_to(card.kind)) continue;
      REQUIRE(beside.read(card, all).has_value());
      std::vector<Finding> expected;
      REQUIRE(beside.state(card, run, {}, nullptr, expected).has_value());
      const auto found = alone.evaluate(card, {run}, {});
      REQUIRE(found.has_value());
      INFO(run.rule->id << "\n" << card.text);
      REQUIRE(text_of(*found) == text_of(expected));
      spoke += found->empty() ? 0 : 1;
    }
  }
  CHECK(spoke > 100);
}

TEST_CASE("rules that change from card to card say what they say together") {
  const auto book =
      RuleBook::create(builtin_rules(), {}, std::string(builtin_vocabulary()), builtin_packed_rules());
  REQUIRE(book.has_value());
  const std::vector<Card> cards = cards_of(**book);
  Evaluator everything(**book);
  Evaluator asked(**book, Extent::what_rules_ask);
  Chance chance(13);
  for (const Card& card : cards) {
    std::vector<RuleRun> runs;
    for (const Rule& rule : (*book)->rules()) {
      if (!rule.by_judge && chance.one_in(20)) runs.push_back({&rule, nullptr});
    }
    const auto expected = everything.evaluate(card, runs, {});
    const auto found = asked.evaluate(card, runs, {});
    REQUIRE((expected.has_value() && found.has_value()));
    INFO(card.text);
    REQUIRE(text_of(*found) == text_of(*expected));
    for (const Disclosure& one : asked.disclosures()) {
      const Disclosure* same = find_disclosure(everything.disclosures(), one.id);
      REQUIRE((same != nullptr && same->status == one.status));
    }
  }
}
