// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include "evidence/query.h"

namespace cardwarden::rules {

// A licence in the text that the front matter does not repeat: people can read it, the Hub cannot filter by
// it.
std::vector<Finding> governance_license_not_in_metadata(const Subject& subject) {
  const Card& card = subject.card;
  if (query::says_something(field(card, "license")) || field(card, "license_name") != nullptr) return {};
  const Disclosure* license = find_disclosure(subject.disclosures, "license");
  if (license == nullptr || license->status != Status::disclosed || license->evidence.empty()) return {};
  static const query::Phrases kNoLicence(
      "no license|no licence|without a license|without a licence|not licensed|unlicensed|unclear|"
      "license unknown|licence unknown");
  static const query::Phrases kLicence(
      "license*|licence*|licensed|mit|apache*|cc|cc0|creative "
      "commons|gpl*|lgpl*|agpl*|gnu|bsd*|openrail*|public domain|"
      "odc*|odbl|terms");
  static const query::Phrases kCode("code|scripts|software");
  static const query::Phrases kWork("model|models|weights|checkpoint*|dataset*|data|corpus");
  const Evidence* named = nullptr;
  for (const Evidence& evidence : license->evidence) {
    if (kNoLicence.find(card.quote(evidence.span))) return {};
    if (kCode.find(card.quote(evidence.span)) && !kWork.find(card.quote(evidence.span))) continue;
    if (named == nullptr && kLicence.find(card.quote(evidence.span))) named = &evidence;
  }
  if (named == nullptr) return {};
  Finding finding = violated(
      named->span, "The text names a licence, but the front matter has no license key.",
      "Add the key license to the front matter, with the identifier of the licence that the text names.",
      "license");
  finding.evidence = {*named};
  return {finding};
}

}  // namespace cardwarden::rules
