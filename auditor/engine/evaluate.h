// SPDX-License-Identifier: Apache-2.0
#pragma once
// (card, rules) → disclosures and findings. Pure: the same card and rules give the same answer.

#include <array>
#include <memory>
#include <vector>

#include "base/result.h"
#include "engine/rulebook.h"

namespace cardwarden {

// One rule to run, with what the policy says to it. Borrowed pointers; they outlive the evaluator's call.
struct RuleRun {
  const Rule* rule = nullptr;
  const Parameters* parameters = nullptr;
};

// Evaluates card after card, keeping its buffers. One per thread.
class Evaluator {
 public:
  explicit Evaluator(const RuleBook& book) : book_(book) {}

  // Problems of the rules in `runs` that apply to the card's kind, in the order of `runs`. Disclosures are
  // found whether or not their rules run. A rule that needs a repository or a history that is not given does
  // not run: of it comes a not-assessable finding without a message. An error is a rule author's mistake.
  Result<std::vector<Finding>> evaluate(const Card& card, const std::vector<RuleRun>& runs,
                                        const Scope& scope, const RepositoryFacts* repository = nullptr);

  // What one rule states of the card that was evaluated last.
  Result<std::vector<Finding>> state(const Card& card, const RuleRun& run, const Scope& scope,
                                     const RepositoryFacts* repository = nullptr) const;

  const Disclosures& disclosures() const { return reader_->disclosures(); }  // of the last card
  const Prose& prose() const { return reader_->prose(); }

 private:
  Result<EvidenceReader*> reader(Kind kind);
  Result<Finding> disclosure_finding(const Rule& rule, const Disclosure& disclosure) const;
  Result<std::vector<Finding>> audit_finding(const Card& card, const Rule& rule) const;

  const RuleBook& book_;
  std::array<std::unique_ptr<EvidenceReader>, 3> readers_;
  EvidenceReader* reader_ = nullptr;
};

}  // namespace cardwarden
