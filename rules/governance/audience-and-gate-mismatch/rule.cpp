// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <optional>
#include <string>

#include "evidence/query.h"

namespace cardwarden::rules {
namespace {

using query::Phrases;

// The first sentence that says one of `say` and none of `unless`.
std::optional<Evidence> sentence(const Subject& subject, const Phrases& say, const Phrases& unless) {
  for (const Unit* unit : query::informative_units(subject.prose)) {
    if (unit->kind == UnitKind::table) continue;
    const auto hit = say.find(subject.card, subject.prose, *unit);
    if (hit && !unless.find(subject.card, subject.prose, *unit)) return Evidence{unit->span, hit->span};
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
  static const Phrases kAdult(
      "nsfw|not safe for work|adult content|sexually explicit|pornograph*|erotic*|explicit content");
  static const Phrases kHandled(
      "filter*|detect*|remov*|classif*|safety|avoid*|prohibit*|exclud*|not|no|non|never|without|"
      "free of|moderat*|block*|prevent*|misuse*|should|must|do not|unintended|malicious*|harmful|"
      "illegal|limit*|disallow*|restrict*|despite|checker|or nsfw|sfw");
  static const Phrases kHeld(
      "generat*|produc*|creat*|writ*|draw*|contain*|includ*|trained on|capable|supports|uncensored");
  if (has_tag(subject.card, "not-for-all-audiences")) return;
  const auto evidence = sentence(subject, kAdult, kHandled);
  if (!evidence || !kHeld.find(subject.card.quote(evidence->span))) return;
  Finding finding =
      violated(evidence->span,
               "The card speaks of adult content, but the front matter lacks the tag not-for-all-audiences.",
               "Add the tag not-for-all-audiences, or say that such content was removed.", "audience");
  finding.evidence = {*evidence};
  findings.push_back(finding);
}

void professional_advice(const Subject& subject, std::vector<Finding>& findings) {
  static const Phrases kAdvice(
      "medical advice|medical diagnosis|diagnose patients|diagnosing patients|diagnosis of patients|"
      "clinical decision*|treatment recommendation*|medical questions|medical assistant|legal advice|"
      "legal assistant|legal questions");
  static const Phrases kNone("");
  static const Phrases kDisclaimer(
      "not a substitute|not substitute|no substitute|not intended to replace|not replace|"
      "not a medical device|not medical advice|not legal advice|not provide medical|"
      "not provide legal|consult a*|consult your|consult with|qualified|professional advice|"
      "research purposes only|for research only|research use only|not be used|not intended|"
      "not for clinical|not clinically|should not|must not|out of scope|human review|disclaimer|"
      "not suitable|not approved|do not use|never use");
  const auto evidence = sentence(subject, kAdvice, kDisclaimer);
  if (!evidence || sentence(subject, kDisclaimer, kNone)) return;
  Finding finding = violated(
      evidence->span, "The card offers use in medicine or law without a word on what it does not replace.",
      "Say that the output is no substitute for a qualified professional, and which review it needs before "
      "use.",
      "advice");
  finding.evidence = {*evidence};
  findings.push_back(finding);
}

void gate(const Subject& subject, std::vector<Finding>& findings) {
  static const Phrases kFree(
      "no restriction*|without restriction*|without any restriction*|no access restriction*|"
      "no registration*|without registration|freely downloadable|no login*|unrestricted access");
  static const Phrases kUnless("not without|copyright*|hereby|including without|geograph*");
  const Card& card = subject.card;
  for (const std::string_view key :
       {"extra_gated_prompt", "extra_gated_fields", "extra_gated_heading", "extra_gated_button_content"}) {
    const yaml::Node* node = field(card, key);
    if (node == nullptr || node->is_null()) continue;
    const auto claim = sentence(subject, kFree, kUnless);
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
