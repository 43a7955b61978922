// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include "evidence/query.h"

namespace cardwarden::rules {

// Whatever was trained was trained on something. A repackaging of another model was not trained here.
std::vector<Finding> governance_training_data_undisclosed(const Subject& subject) {
  const Disclosure* source = subject.disclosures.find("training-data-source");
  if (source == nullptr || source->status == Status::disclosed) return {};
  if (query::is_conversion(subject.card, subject.phrases)) return {};
  const bool derived = query::says_something(field(subject.card, "base_model"));
  Finding finding = card_finding(
      Outcome::absent,
      derived ? "The card does not say on which data the base model was fine-tuned."
              : "The card does not say on which data the model was trained.",
      derived ? "Name or describe the fine-tuning data; the base model's own data can be left to its card."
              : "Name or describe each training data set, or list it under datasets in the front matter.",
      "training-data-source");
  if (source->status == Status::placeholder) {
    finding.outcome = Outcome::placeholder;
    finding.evidence = source->evidence;
    if (!source->evidence.empty()) {
      finding.span = source->evidence.front().span;
      finding.located = true;
    }
  }
  return {finding};
}

}  // namespace cardwarden::rules
