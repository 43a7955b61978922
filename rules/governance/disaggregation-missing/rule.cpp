// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <optional>

#include "evidence/query.h"

namespace cardwarden::rules {
namespace {

// Tasks whose errors fall on people, and fall on some groups more than on others.
std::optional<Evidence> people_facing(const Subject& subject) {
  const Card& card = subject.card;
  const Phrases& phrases = subject.phrases;
  for (const std::string_view path : {"pipeline_tag", "tags[]", "model-index[].results[].task.type"}) {
    for (const yaml::Node* node : fields(card, path)) {
      if (node->is_scalar() && phrases.in(node->text, "task")) return Evidence{node->span, node->span};
    }
  }
  for (const Said& said : phrases.said("task")) {
    if (card.sections[phrases.unit(said).section].level <= 1) return phrases.evidence(said);
  }
  const Disclosure* description = subject.disclosures.find("model-description");
  if (description == nullptr || description->status != Status::disclosed || description->evidence.empty())
    return std::nullopt;
  const Evidence& best = description->evidence.front();
  const bool row =
      card.quote(best.span).find('|') != std::string_view::npos;  // a benchmark may have such a name
  if (!row && phrases.in(card.quote(best.span), "task")) return best;
  return std::nullopt;
}

}  // namespace

std::vector<Finding> governance_disaggregation_missing(const Subject& subject) {
  if (subject.disclosures.holds("disaggregated-evaluation")) return {};
  if (query::is_conversion(subject.card, subject.phrases)) return {};
  const auto task = people_facing(subject);
  if (!task) return {};
  Finding finding = violated(
      task->span,
      "The model works on people or their speech, and the card gives no results by group or condition.",
      "Give results broken down by the groups or conditions that matter for the task, or say why this was "
      "not done.",
      "disaggregated-evaluation");
  finding.outcome = Outcome::absent;
  finding.evidence = {*task};
  return {finding};
}

}  // namespace cardwarden::rules
