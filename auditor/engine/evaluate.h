// SPDX-License-Identifier: Apache-2.0
#pragma once
// (card, rules) → disclosures and findings. Pure: the same card and rules give the same answer.

#include <array>
#include <cstdint>
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

// What the text of a card is read for.
enum class Extent : std::uint8_t {
  everything,      // every disclosure, whether or not its rule runs
  what_rules_ask,  // what the rules of the run decide by; disclosures() has no others
};

// Evaluates card after card, keeping its buffers. One per thread.
class Evaluator {
 public:
  explicit Evaluator(const RuleBook& book, Extent extent = Extent::everything)
      : book_(book), extent_(extent) {}

  // Problems of the rules in `runs` that apply to the card's kind, in the order of `runs`. A rule that needs
  // a repository or a history that is not given does not run: of it comes a not-assessable finding without a
  // message. An error is a rule author's mistake.
  Result<std::vector<Finding>> evaluate(const Card& card, const std::vector<RuleRun>& runs,
                                        const Scope& scope, const RepositoryFacts* repository = nullptr);

  // The first half of evaluate(): reads the card for these rules.
  Done read(const Card& card, const std::vector<RuleRun>& runs);

  // Adds what one rule states of the card that was read last; with `what_rules_ask`, one of its `runs`.
  Done state(const Card& card, const RuleRun& run, const Scope& scope, const RepositoryFacts* repository,
             std::vector<Finding>& out) const;

  const Disclosures& disclosures() const { return reader_->disclosures(); }  // of the last card
  const Prose& prose() const { return reader_->prose(); }

 private:
  // Reads the cards of one kind, for the rules that were asked so far.
  struct Reader {
    std::unique_ptr<EvidenceReader> reader;
    std::vector<RuleRun> runs;  // of the last card
    Asked asked;
  };
  Result<EvidenceReader*> reader(Kind kind, const std::vector<RuleRun>& runs);
  Done state_disclosure(const Rule& rule, std::vector<Finding>& out) const;
  Done state_audit(const Card& card, const Rule& rule, std::vector<Finding>& out) const;

  const RuleBook& book_;
  Extent extent_;
  std::array<Reader, 3> readers_;
  EvidenceReader* reader_ = nullptr;
};

}  // namespace cardwarden
