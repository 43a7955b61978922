// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <algorithm>
#include <set>

#include "base/time.h"
#include "engine/timeline.h"

namespace cardwarden::rules {
namespace {

constexpr std::size_t kMaxFindings = 100;  // a person who has so many does not need the rest one by one

constexpr const char* kRemedy =
    "Revoke the secret at its provider now. Then rewrite the history without it, or publish the repository "
    "anew.";

std::string commit_text(const CommitFacts& commit) {
  std::string out = commit.id.hex().substr(0, 12);
  if (commit.committer.time >= 0)
    out += " of " + time_text(static_cast<std::uint64_t>(commit.committer.time)).substr(0, 10);
  return out;
}

}  // namespace

std::vector<Finding> history_secret_in_history(const Subject& subject) {
  const Timeline& timeline = *subject.repository->timeline;
  if (timeline.revisions.empty() || !timeline.revisions.back().problem.empty()) return {};
  std::set<std::string_view> told;  // what stands in the newest card is governance/secret-in-card's
  if (const CardFacts* newest = timeline.newest()) {
    for (const SecretFacts& secret : newest->secrets) told.insert(secret.digest);
  }
  std::vector<Finding> findings;
  for (std::size_t i = timeline.revisions.size(); i-- > 0;) {
    const TimelineRevision& one = timeline.revisions[i];
    if (one.facts == nullptr) continue;
    for (const SecretFacts& secret : one.facts->secrets) {
      if (!told.insert(secret.digest).second || findings.size() >= kMaxFindings) continue;
      const CommitFacts& commit = one.revision->commit;
      findings.push_back(
          file_finding(Outcome::violated, {one.revision->path, 0, secret.shown},
                       "The card at commit " + commit_text(commit) + " holds what looks like " +
                           secret.named + " (line " + std::to_string(secret.line) +
                           "). It is gone from the newest card, but everybody can read it in the history.",
                       kRemedy, commit.id.hex().substr(0, 12) + ":" + std::to_string(secret.line)));
    }
  }
  return findings;
}

}  // namespace cardwarden::rules
