// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where policies meet the engine: which rules to run for a card, and with what.

#include <string_view>
#include <vector>

#include "engine/cases.h"
#include "engine/evaluate.h"
#include "policy/policy.h"

namespace cardwarden {

KnownRules known_rules(const RuleBook& book);

// What Evaluator::evaluate() needs for a card at `path`, so that judge() has every answer it reads:
// needed_rules() and the rule that finds secrets. The parameters are borrowed from the policy.
std::vector<RuleRun> rule_runs(const Policy& policy, const RuleBook& book, std::string_view path);

// For the cases of rules that the judge states: every rule is on and the findings of the one asked for come
// back. `book` is borrowed.
Pipeline judge_pipeline(const RuleBook& book);

}  // namespace cardwarden
