// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <optional>

namespace cardwarden::rules {
namespace {

std::optional<Evidence> synthetic_in_fields(const Subject& subject) {
  for (const std::string_view path : {"datasets[]", "source_datasets[]"}) {
    for (const yaml::Node* node : fields(subject.card, path)) {
      if (node->is_scalar() && subject.phrases.in(node->text, "sets"))
        return Evidence{node->span, node->span};
    }
  }
  return std::nullopt;
}

// The first sentence that names a data set made by a model, or a generator, where data is made.
std::optional<Evidence> synthetic_in_text(const Phrases& phrases) {
  for (const std::string_view named : {"sets", "generators"}) {
    for (const Said& said : phrases.said(named)) {
      const Unit& unit = phrases.unit(said);
      if (phrases.in(unit, "training") && !phrases.in(unit, "elsewhere")) return phrases.evidence(said);
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<Finding> governance_synthetic_data_silent(const Subject& subject) {
  if (subject.disclosures.holds("x-synthetic-data")) return {};
  auto evidence = synthetic_in_fields(subject);
  if (!evidence) evidence = synthetic_in_text(subject.phrases);
  if (!evidence) return {};
  Finding finding = violated(
      evidence->span,
      "The card names a generator or a generated data set, but does not say that the data is synthetic.",
      "Say which part of the data was generated, by which model, and why; or say that none was.",
      "synthetic-data");
  finding.outcome = Outcome::absent;
  finding.evidence = {*evidence};
  return {finding};
}

}  // namespace cardwarden::rules
