// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include "base/time.h"
#include "engine/timeline.h"

namespace cardwarden::rules {
namespace {

std::string day_of(const CommitFacts& commit) {
  if (commit.committer.time < 0) return "an unknown day";
  return time_text(static_cast<std::uint64_t>(commit.committer.time)).substr(0, 10);
}

}  // namespace

std::vector<Finding> history_disclosure_removed(const Subject& subject) {
  const Timeline& timeline = *subject.repository->timeline;
  std::vector<Finding> findings;
  if (timeline.newest() == nullptr) return findings;
  for (const Loss& loss : timeline.losses) {
    if (loss.id.compare(0, 2, "x-") == 0) continue;
    const TimelineRevision& last = timeline.revisions[loss.last];
    const CommitFacts& gone = timeline.revisions[loss.gone].revision->commit;
    const DisclosureFacts& facts = *last.facts->find(loss.id);
    const std::string commit = gone.id.hex().substr(0, 12) + " of " + day_of(gone);
    findings.push_back(file_finding(
        Outcome::violated, {last.revision->path, 0, facts.quote},
        "The card disclosed " + loss.id + " up to commit " + last.revision->commit.id.hex().substr(0, 12) +
            " (line " + std::to_string(facts.line) + "); " + commit +
            (loss.placeholder ? " put template text in its place." : " took it away."),
        "Put the words back, or say in the card why they no longer hold.", loss.id));
  }
  return findings;
}

}  // namespace cardwarden::rules
