// SPDX-License-Identifier: Apache-2.0
#pragma once
// cases.yaml: the tested examples of a rule. One reader for built-in and user rules.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/case_repository.h"
#include "engine/evaluate.h"

namespace cardwarden {

struct RuleCase {
  std::string name;
  std::string bytes;  // the whole card
  std::optional<Kind> kind;
  std::string expect;              // disclosed placeholder absent | finding clean contradicted not-assessable
  std::vector<std::string> cites;  // words that evidence, files or message must quote, each; may be empty
  Scope scope;
  Parameters parameters;
  std::shared_ptr<const CaseRepository> repository;  // around the card; null: the card alone
  std::string where;                                 // path:line:column
};

Result<std::vector<RuleCase>> parse_cases(std::string_view source, std::string_view path);

// What a case saw that it did not expect.
struct CaseFailure {
  std::string where;
  std::string name;
  std::string expected;
  std::string found;
};

// For rules that only the whole pipeline states (suppressions): card and rule → its findings.
using Pipeline = std::function<Result<std::vector<Finding>>(const Card&, const Rule&)>;

Result<std::optional<CaseFailure>> run_case(Evaluator& evaluator, const Rule& rule, const RuleCase& one,
                                            const Pipeline& pipeline);

// What the folder lacks: sections, cases of every kind that docs/formats/rule.md asks for.
std::vector<Error> check_rule(const RuleBook& book, const Rule& rule);

}  // namespace cardwarden
