// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include "base/text.h"
#include "engine/timeline.h"

namespace cardwarden::rules {

std::vector<Finding> history_license_loosened(const Subject& subject) {
  const Timeline& timeline = *subject.repository->timeline;
  const CardFacts* newest = timeline.newest();
  if (newest == nullptr) return {};
  for (std::size_t i = timeline.revisions.size(); i-- > 0;) {
    const TimelineRevision& one = timeline.revisions[i];
    if (one.changes.license != LicenseMove::loosened) continue;
    const std::vector<std::string>& before = one.changes.licenses->before;
    if (compare_licenses(before, newest->licenses) != LicenseMove::loosened) continue;
    const std::string id = one.revision->commit.id.hex().substr(0, 12);
    const std::string terms = dropped_terms(before, newest->licenses);
    Finding finding =
        file_finding(Outcome::violated, {one.revision->path, 0, "license: " + text::join(before, ", ")},
                     "Commit " + id + " loosened the licence from " + text::join(before, ", ") + " to " +
                         text::join(one.changes.licenses->after, ", ") +
                         (terms.empty() ? "." : "; no longer asked: " + terms + "."),
                     "Say in the card who decided it and from which version on it holds.", "license");
    const yaml::Node* node = field(subject.card, "license");
    if (node == nullptr) node = field(subject.card, "licenses");  // as the Hub once wrote it
    if (node != nullptr) {
      finding.span = node->span;
      finding.located = true;
    }
    return {finding};
  }
  return {};
}

}  // namespace cardwarden::rules
