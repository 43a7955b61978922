// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include "evidence/query.h"

namespace cardwarden::rules {

// Art. 53(1)(d) of Regulation (EU) 2024/1689: a public summary of the training content on the Commission's
// template.
std::vector<Finding> governance_training_summary_missing(const Subject& subject) {
  const auto gpai = subject.scope.find("gpai");
  if (gpai == subject.scope.end() || gpai->second != "true") return {};

  static const query::Phrases kSummary(
      "public summary of training content|public summary of the training content|"
      "public summary of training data|summary of training content|summary of the training content|"
      "summary of the content used for training|training content summary|"
      "public training data summary|training data summary|summary of training data|"
      "summary of the training data|summary of the data used for training");
  static const query::Phrases kParts("general information|list of data sources|data processing aspects");
  static const query::Phrases kFuture("will be published|will publish|not yet|to be published|coming soon");
  std::size_t parts = 0;
  for (const Unit& unit : subject.prose.units) {
    if (unit.kind == UnitKind::code || unit.kind == UnitKind::field || unit.placeholder) continue;
    const bool heading = unit.kind == UnitKind::heading;
    if (heading && kParts.find(subject.card, subject.prose, unit)) ++parts;
    if (kSummary.find(subject.card, subject.prose, unit) && !kFuture.find(subject.card, subject.prose, unit))
      return {};
  }
  if (parts >= 2) return {};
  return {card_finding(Outcome::absent,
                       "No public summary of the training content was found in this card; it may stand "
                       "elsewhere, but no link says so.",
                       "Fill in the Commission's template for the public summary of training content, and "
                       "link it from the card.",
                       "training-summary")};
}

}  // namespace cardwarden::rules
