// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include "engine/timeline.h"

namespace cardwarden::rules {

std::vector<Finding> history_disclosure_thinned(const Subject& subject) {
  const Timeline& timeline = *subject.repository->timeline;
  const CardFacts* newest = timeline.newest();
  std::vector<Finding> findings;
  if (newest == nullptr) return findings;
  for (const std::string& id : timeline.disclosures) {
    if (id.compare(0, 2, "x-") == 0 || !newest->discloses(id)) continue;
    for (std::size_t i = timeline.revisions.size(); i-- > 0;) {
      const TimelineRevision& cut = timeline.revisions[i];
      const DisclosureEvent* event = nullptr;
      for (const DisclosureEvent& one : cut.changes.disclosures) {
        if (one.id == id && one.change == DisclosureChange::thinned) event = &one;
      }
      if (event == nullptr || i == 0) continue;
      const TimelineRevision& full = timeline.revisions[i - 1];
      const DisclosureFacts* before = full.facts != nullptr ? full.facts->find(id) : nullptr;
      // Written again since then: the newest is not thin beside what was cut.
      if (before == nullptr || compare(before, newest->find(id)) != DisclosureChange::thinned) continue;
      findings.push_back(file_finding(
          Outcome::violated, {full.revision->path, 0, event->quote_before},
          "Commit " + cut.revision->commit.id.hex().substr(0, 12) + " cut what the card says about " + id +
              " from " + std::to_string(event->words_before) + " to " + std::to_string(event->words_after) +
              " words; commit " + full.revision->commit.id.hex().substr(0, 12) + " has them.",
          "Put back what is still true, or say why it no longer holds.", id));
      break;
    }
  }
  return findings;
}

}  // namespace cardwarden::rules
