// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

namespace cardwarden::rules {

// Art. 53(1)(d) of Regulation (EU) 2024/1689: a public summary of the training content on the Commission's
// template.
std::vector<Finding> governance_training_summary_missing(const Subject& subject) {
  const auto gpai = subject.scope.find("gpai");
  if (gpai == subject.scope.end() || gpai->second != "true") return {};

  const Phrases& phrases = subject.phrases;
  if (phrases.said("parts").size() >= 2) return {};
  for (const Said& said : phrases.said("summary")) {
    if (!phrases.in(phrases.unit(said), "future")) return {};
  }
  return {card_finding(Outcome::absent,
                       "No public summary of the training content was found in this card; it may stand "
                       "elsewhere, but no link says so.",
                       "Fill in the Commission's template for the public summary of training content, and "
                       "link it from the card.",
                       "training-summary")};
}

}  // namespace cardwarden::rules
