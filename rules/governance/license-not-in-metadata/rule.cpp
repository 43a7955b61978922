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
      "no license|no licence|without a license|without a licence|not licensed|unlicensed|"
      "license unknown|licence unknown");
  for (const Evidence& evidence : license->evidence) {
    if (kNoLicence.find(card.quote(evidence.span))) return {};
  }
  const Evidence& best = license->evidence.front();
  Finding finding = violated(
      best.span, "The text names a licence, but the front matter has no license key.",
      "Add the key license to the front matter, with the identifier of the licence that the text names.",
      "license");
  finding.evidence = {best};
  return {finding};
}

}  // namespace cardwarden::rules
