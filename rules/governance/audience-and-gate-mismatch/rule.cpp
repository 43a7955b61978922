// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <optional>
#include <string>

namespace cardwarden::rules {
namespace {

// The first sentence that says one of `say` and none of `unless`.
std::optional<Evidence> sentence(const Phrases& phrases, std::string_view say, std::string_view unless) {
  for (const Said& said : phrases.said(say)) {
    if (!phrases.in(phrases.unit(said), unless)) return phrases.evidence(said);
  }
  return std::nullopt;
}

bool has_tag(const Card& card, std::string_view tag) {
  for (const yaml::Node* node : fields(card, "tags[]")) {
    if (node->text == tag) return true;
  }
  return false;
}

void adult_content(const Subject& subject, std::vector<Finding>& findings) {
  if (has_tag(subject.card, "not-for-all-audiences")) return;
  const auto evidence = sentence(subject.phrases, "adult", "handled");
  if (!evidence || !subject.phrases.in(subject.card.quote(evidence->span), "held")) return;
  Finding finding =
      violated(evidence->span,
               "The card speaks of adult content, but the front matter lacks the tag not-for-all-audiences.",
               "Add the tag not-for-all-audiences, or say that such content was removed.", "audience");
  finding.evidence = {*evidence};
  findings.push_back(finding);
}

void professional_advice(const Subject& subject, std::vector<Finding>& findings) {
  const auto evidence = sentence(subject.phrases, "advice", "disclaimer");
  if (!evidence || !subject.phrases.said("disclaimer").empty()) return;
  Finding finding = violated(
      evidence->span, "The card offers use in medicine or law without a word on what it does not replace.",
      "Say that the output is no substitute for a qualified professional, and which review it needs before "
      "use.",
      "advice");
  finding.evidence = {*evidence};
  findings.push_back(finding);
}

void gate(const Subject& subject, std::vector<Finding>& findings) {
  const Card& card = subject.card;
  for (const std::string_view key :
       {"extra_gated_prompt", "extra_gated_fields", "extra_gated_heading", "extra_gated_button_content"}) {
    const yaml::Node* node = field(card, key);
    if (node == nullptr || node->is_null()) continue;
    const auto claim = sentence(subject.phrases, "free", "not-free");
    if (!claim) return;
    Finding finding =
        violated(claim->span,
                 "The card promises access without restriction, but its front matter sets up an access form.",
                 "Describe the form and who may pass it, or remove the form.", "gate");
    finding.outcome = Outcome::contradicted;
    finding.evidence = {*claim, {node->span, node->span}};
    findings.push_back(finding);
    return;
  }
}

}  // namespace

std::vector<Finding> governance_audience_and_gate_mismatch(const Subject& subject) {
  std::vector<Finding> findings;
  adult_content(subject, findings);
  professional_advice(subject, findings);
  gate(subject, findings);
  return findings;
}

}  // namespace cardwarden::rules
