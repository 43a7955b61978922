// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include "evidence/query.h"

namespace cardwarden::rules {

// A licence in the text that the front matter does not repeat: people can read it, the Hub cannot filter by
// it.
std::vector<Finding> governance_license_not_in_metadata(const Subject& subject) {
  const Card& card = subject.card;
  if (query::says_something(field(card, "license")) || field(card, "license_name") != nullptr) return {};
  const Disclosure* license = subject.disclosures.find("license");
  if (license == nullptr || license->status != Status::disclosed || license->evidence.empty()) return {};
  const Evidence* named = nullptr;
  for (const Evidence& evidence : license->evidence) {
    const std::string_view words = card.quote(evidence.span);
    if (subject.phrases.in(words, "no-licence")) return {};
    if (subject.phrases.in(words, "code") && !subject.phrases.in(words, "work")) continue;
    if (named == nullptr && subject.phrases.in(words, "licence")) named = &evidence;
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
