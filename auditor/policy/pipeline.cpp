// SPDX-License-Identifier: Apache-2.0
#include "policy/pipeline.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "policy/glob.h"
#include "policy/judge.h"
#include "policy/sensitive.h"

namespace cardwarden {

KnownRules known_rules(const RuleBook& book) {
  std::vector<KnownRule> rules;
  for (const Rule& rule : book.rules()) {
    KnownRule known;
    known.id = std::string(rule.id);
    known.builtin = rule.builtin;
    for (const Kind kind : {Kind::model, Kind::dataset, Kind::space}) {
      if (rule.applies_to(kind)) known.kinds.push_back(kind);
    }
    rules.push_back(std::move(known));
  }
  return known_rules(std::move(rules));
}

std::vector<RuleRun> rule_runs(const Policy& policy, const RuleBook& book, std::string_view path) {
  const std::string known_path = normal_path(path);
  std::vector<RuleRun> runs;
  std::vector<std::string> needed = needed_rules(policy);
  if (std::find(needed.begin(), needed.end(), kSecretRule) == needed.end()) needed.emplace_back(kSecretRule);
  for (const std::string& id : needed) {
    const Rule* rule = book.find(id);
    if (rule == nullptr) continue;
    const RuleSetting* setting = policy.setting(id, known_path);
    runs.push_back({rule, setting == nullptr ? nullptr : &setting->parameters});
  }
  return runs;
}

Pipeline judge_pipeline(const RuleBook& book) {
  struct State {
    explicit State(const RuleBook& rules) : evaluator(rules) {}
    Evaluator evaluator;
    KnownRules known;
    Policy policy;
  };
  const auto state = std::make_shared<State>(book);
  state->known = known_rules(book);
  for (const KnownRule& rule : state->known)
    state->policy.rules.push_back({rule.id, Severity::warning, {}, {}});
  return [&book, state](const Card& card, const Rule& rule) -> Result<std::vector<Finding>> {
    auto findings = state->evaluator.evaluate(card, rule_runs(state->policy, book, card.path), {});
    if (!findings) return findings.error();
    const Suppressions suppressions = read_suppressions(card, state->known);
    CardReport report =
        judge({card, state->evaluator.disclosures(), state->policy, state->known, &suppressions},
              *std::move(findings));
    std::vector<Finding> out;
    for (JudgedFinding& judged : report.findings) {
      if (judged.finding.rule == rule.id) out.push_back(std::move(judged.finding));
    }
    return out;
  };
}

}  // namespace cardwarden
