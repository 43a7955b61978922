// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <algorithm>

namespace cardwarden::rules {
namespace {

constexpr std::string_view kSquash = "Super-squash branch";  // the Hub's subject for a squashed branch

}  // namespace

std::vector<Finding> history_history_rewritten(const Subject& subject) {
  const History& history = *subject.repository->history;
  const std::string remedy =
      "Keep the old history under a tag, or say in the card what was rewritten and why.";
  std::vector<Finding> findings;
  const auto squashed =
      std::find_if(history.revisions.begin(), history.revisions.end(), [](const CardRevision& one) {
        return one.commit.parents.empty() && one.commit.subject.compare(0, kSquash.size(), kSquash) == 0;
      });
  if (squashed != history.revisions.end()) {
    findings.push_back(file_finding(Outcome::violated, {squashed->path, 0, squashed->commit.subject},
                                    "The history begins with commit " +
                                        squashed->commit.id.hex().substr(0, 12) +
                                        ", a squash; earlier revisions of the card are not in it any more.",
                                    remedy, "squash"));
  }
  for (const TagFacts& tag : history.tags) {
    if (tag.reached || history.truncated) continue;
    findings.push_back(file_finding(
        Outcome::violated, {"refs/tags/" + tag.name, 0, "commit " + tag.target.hex().substr(0, 12)},
        "The tag " + tag.name + " names a commit that is not in the history any more.", remedy, tag.name));
  }
  return findings;
}

}  // namespace cardwarden::rules
