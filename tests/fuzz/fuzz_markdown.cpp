// SPDX-License-Identifier: Apache-2.0
// A whole card through everything that reads it: parser, prose, detectors, every built-in rule, suppressions.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "card/parse.h"
#include "engine/evaluate.h"
#include "evidence/query.h"
#include "fuzz/expect.h"
#include "policy/pipeline.h"
#include "policy/suppression.h"
#include "rules/registry.h"
#include "support/invariants.h"

namespace {

using namespace cardwarden;

struct Tools {
  std::unique_ptr<RuleBook> book;
  std::unique_ptr<Evaluator> evaluator;
  std::vector<RuleRun> runs;
  KnownRules rules;
  Parameters parameters;
  Prose prose;

  Tools() {
    auto made = RuleBook::create(builtin_rules(), {}, std::string(builtin_vocabulary()));
    expect(made.has_value(), "the built-in rules compile");
    book = std::move(*made);
    evaluator = std::make_unique<Evaluator>(*book);
    rules = known_rules(*book);
    for (const Rule& rule : book->rules()) {
      if (!rule.by_judge) runs.push_back({&rule, &parameters});
    }
  }
};

void check_small_bounds(std::string_view bytes) {
  ParseOptions options;
  options.max_bytes = 300;
  options.max_blocks = 5;
  options.max_depth = 3;
  const Card card = parse_card("README.md", bytes, options);
  expect_nothing_broken(testing::broken_card(card));
  expect(card.blocks.size() <= options.max_blocks, "a card has no more blocks than the bound");
}

void check_queries(const Card& card) {
  for (const query::Table& table : query::tables(card)) {
    for (const std::uint32_t row : table) {
      expect(row < card.blocks.size(), "a row of a table is a block");
      for (const Span cell : query::cells(card, card.blocks[row])) {
        expect(card.blocks[row].span.contains(cell), "a cell lies in its row");
      }
    }
  }
  for (const query::Number& number : query::numbers(card, card.body)) {
    expect(card.body.contains(number.span) && number.unit.end <= card.body.end,
           "a figure lies in the text it was read from");
  }
  (void)query::model_index(card);
  for (const Span token : query::long_tokens(card.text, 18))
    expect(token.end <= card.text.size() && token.end - token.begin >= 18, "a long token lies in the text");
}

void check(Tools& tools, const Card& card) {
  expect_nothing_broken(testing::broken_card(card));
  read_prose(card, tools.prose);
  expect_nothing_broken(testing::broken_prose(card, tools.prose));
  check_queries(card);
  auto findings = tools.evaluator->evaluate(card, tools.runs, {});
  expect(findings.has_value(), "the built-in rules have no mistake of their author");
  expect_nothing_broken(testing::broken_prose(card, tools.evaluator->prose()));
  expect_nothing_broken(testing::broken_disclosures(card, tools.evaluator->disclosures()));
  for (const Finding& finding : *findings) expect_nothing_broken(testing::broken_finding(card, finding));
  const Suppressions suppressions = read_suppressions(card, tools.rules);
  for (const Finding& finding : suppressions.problems)
    expect_nothing_broken(testing::broken_finding(card, finding));
  for (const Suppression& item : suppressions.items) {
    expect(!item.reason.empty(), "a suppression that holds has a reason");
    for (const Finding& finding : *findings) (void)suppresses(item, card, finding);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Tools tools;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check_small_bounds(bytes);
  const Card card = parse_card("README.md", bytes);
  check(tools, card);
  ParseOptions other;
  other.kind = card.kind == Kind::dataset ? Kind::model : Kind::dataset;
  check(tools, parse_card("README.md", bytes, other));
  return 0;
}
