// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include "evidence/query.h"

namespace cardwarden::rules {
namespace {

// A data set on the Hub has a card of its own, where its licence may stand.
bool links_data_card(const Card& card) {
  for (const yaml::Node* node : fields(card, "datasets[]")) {
    if (query::says_something(node)) return true;
  }
  const std::string_view body = card.quote(card.body);
  return body.find("huggingface.co/datasets/") != std::string_view::npos ||
         body.find("hf.co/datasets/") != std::string_view::npos;
}

}  // namespace

std::vector<Finding> governance_training_rights_silent(const Subject& subject) {
  const Card& card = subject.card;
  const bool model = card.kind == Kind::model;
  const Disclosure* source = subject.disclosures.find(model ? "training-data-source" : "data-source");
  if (source == nullptr || source->status != Status::disclosed || source->evidence.empty()) return {};
  if (subject.disclosures.holds(model ? "training-data-rights" : "rights-and-consent")) return {};
  if (subject.disclosures.holds("x-ip-status")) return {};
  if (model && (links_data_card(card) || query::is_conversion(card, subject.phrases))) return {};

  const Evidence& best = source->evidence.front();
  Finding finding = violated(
      best.span,
      model ? "The card names training data, but not under which licence, consent or other right it was used."
            : "The card names the source of the data, but not its copyright, terms or consent.",
      model ? "State for each training data set its licence or the permission it was used under, or link its "
              "card."
            : "State who holds rights in the source data, under which terms it was taken, and whether the "
              "people in it agreed.",
      "rights");
  finding.outcome = Outcome::absent;
  finding.evidence = {best};
  return {finding};
}

}  // namespace cardwarden::rules
