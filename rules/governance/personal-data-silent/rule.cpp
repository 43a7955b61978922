// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <optional>

#include "evidence/query.h"

namespace cardwarden::rules {
namespace {

// Data that usually comes from identifiable people, told by its name, so the finding is a question. Where the
// words are about an evaluation, a use or an example, nothing is asked.
std::optional<Evidence> likely_personal(const Subject& subject) {
  const Phrases& phrases = subject.phrases;
  for (const std::string_view path : {"datasets[]", "source_datasets[]"}) {
    for (const yaml::Node* node : fields(subject.card, path)) {
      if (node->is_scalar() && phrases.in(node->text, "people")) return Evidence{node->span, node->span};
    }
  }
  for (const Said& said : phrases.said("people")) {
    const Unit& unit = phrases.unit(said);
    if (phrases.in(unit, "data") && !phrases.in(unit, "elsewhere")) return phrases.evidence(said);
  }
  return std::nullopt;
}

}  // namespace

std::vector<Finding> governance_personal_data_silent(const Subject& subject) {
  if (subject.disclosures.holds("personal-data")) return {};
  if (subject.card.kind == Kind::model && query::is_conversion(subject.card, subject.phrases)) return {};
  const auto evidence = likely_personal(subject);
  if (!evidence) return {};
  const std::string_view words = subject.card.quote(evidence->words);
  Finding finding =
      violated(evidence->span,
               "Does the data (" + std::string(words.substr(0, 60)) +
                   ") hold personal data? Data of this kind often does, and the card does not say.",
               "Say whether the data holds personal or sensitive data, and how it was removed, masked or "
               "lawfully used.",
               "personal-data");
  finding.outcome = Outcome::absent;
  finding.evidence = {*evidence};
  return {finding};
}

}  // namespace cardwarden::rules
