// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <optional>

#include "evidence/query.h"

namespace cardwarden::rules {
namespace {

// Tasks whose errors fall on people, and fall on some groups more than on others.
std::optional<Evidence> people_facing(const Subject& subject) {
  static const query::Phrases kTask(
      "automatic speech recognition|automatic_speech_recognition|face recognition|facial recognition|"
      "face detection|face verification|age estimation|age classification|age detection|"
      "age prediction|gender classification|gender detection|gender prediction|emotion recognition|"
      "speaker recognition|speaker verification|speaker identification|hate speech|"
      "offensive language|toxicity|toxic comment*|resume screening|candidate screening|hiring|"
      "recruitment|credit scoring|credit risk|loan approval|recidivism|medical diagnosis|"
      "diabetic retinopathy|pneumonia detection|skin lesion*|skin cancer|melanoma|chest x ray*|"
      "patient triage|mental health|depression detection");
  const Card& card = subject.card;
  for (const std::string_view path : {"pipeline_tag", "tags[]", "model-index[].results[].task.type"}) {
    for (const yaml::Node* node : fields(card, path)) {
      if (node->is_scalar() && kTask.find(node->text)) return Evidence{node->span, node->span};
    }
  }
  for (const Unit& unit : subject.prose.units) {
    if (unit.kind != UnitKind::heading) continue;
    const bool title = card.sections[unit.section].level <= 1;
    if (const auto hit = kTask.find(card, subject.prose, unit); hit && title)
      return Evidence{unit.span, hit->span};
  }
  const Disclosure* description = find_disclosure(subject.disclosures, "model-description");
  if (description == nullptr || description->status != Status::disclosed || description->evidence.empty())
    return std::nullopt;
  const Evidence& best = description->evidence.front();
  const bool row =
      card.quote(best.span).find('|') != std::string_view::npos;  // a benchmark may have such a name
  if (!row && kTask.find(card.quote(best.span))) return best;
  return std::nullopt;
}

}  // namespace

std::vector<Finding> governance_disaggregation_missing(const Subject& subject) {
  if (is_disclosed(subject.disclosures, "disaggregated-evaluation")) return {};
  if (query::is_conversion(subject.card, subject.prose)) return {};
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
