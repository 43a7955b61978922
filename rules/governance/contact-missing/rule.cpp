// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

namespace cardwarden::rules {

// A reader who finds a fault needs to know who answers for the subject, and how to reach them.
std::vector<Finding> governance_contact_missing(const Subject& subject) {
  if (subject.disclosures.holds("x-contact")) return {};
  const Disclosure* owner =
      subject.disclosures.find(subject.card.kind == Kind::dataset ? "curators" : "developer");
  const bool named = owner != nullptr && owner->status == Status::disclosed;
  Finding finding =
      card_finding(Outcome::absent,
                   named ? "The card names who made this, but no way to reach them."
                         : "The card names neither who made this nor a way to reach them.",
                   named ? "Add an e-mail address, a form or an issue tracker that the makers read."
                         : "Name the person, team or organisation that answers for this, and an e-mail "
                           "address, a form or an issue tracker.",
                   "contact");
  if (named && !owner->evidence.empty()) {
    finding.evidence = {owner->evidence.front()};
    finding.span = owner->evidence.front().span;
    finding.located = true;
  }
  return {finding};
}

}  // namespace cardwarden::rules
