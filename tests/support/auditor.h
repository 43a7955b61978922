// SPDX-License-Identifier: Apache-2.0
#pragma once
// The whole auditor in one object, for tests that care about answers and not about the command line.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/evaluate.h"
#include "policy/judge.h"

namespace cardwarden::testing {

class Auditor {
 public:
  // Every built-in rule is on, or what the pack says.
  explicit Auditor(std::string_view pack = {});

  struct Answer {
    std::unique_ptr<Card> card;
    Disclosures disclosures;
    CardReport report;
  };
  Answer audit(std::string_view bytes, std::string path = "README.md", std::optional<Kind> kind = {});

  const Prose& prose() const { return evaluator_->prose(); }  // of the last card
  const RuleBook& book() const { return *book_; }
  const Policy& policy() const { return policy_; }

 private:
  std::unique_ptr<RuleBook> book_;
  KnownRules rules_;
  Policy policy_;
  std::unique_ptr<Evaluator> evaluator_;
};

// What a card says, by disclosure: "license" → "disclosed".
std::map<std::string, std::string> statuses(const Disclosures& disclosures);

}  // namespace cardwarden::testing
