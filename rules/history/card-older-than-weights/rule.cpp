// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/time.h"
#include "engine/repository_query.h"

namespace cardwarden::rules {
namespace {

constexpr std::int64_t kDay = 86'400;  // seconds

std::string day_of(const CommitFacts& commit) {
  return commit.committer.time < 0
             ? "an unknown day"
             : time_text(static_cast<std::uint64_t>(commit.committer.time)).substr(0, 10);
}

// The newest change that puts other bytes in place of weights.
const WeightChange* newest_weights(const History& history) {
  const auto at = std::find_if(
      history.weight_changes.begin(), history.weight_changes.end(), [](const WeightChange& change) {
        return change.kind == WeightChangeKind::added || change.kind == WeightChangeKind::changed;
      });
  return at == history.weight_changes.end() ? nullptr : &*at;
}

}  // namespace

std::vector<Finding> history_card_older_than_weights(const Subject& subject) {
  const History& history = *subject.repository->history;
  const WeightChange* weights = newest_weights(history);
  if (weights == nullptr || history.revisions.empty()) return {};
  const CardRevision& card = history.revisions.front();
  const CommitFacts& changed = history.weight_commits[weights->commit].commit;
  const auto days = whole_number(subject.parameters, "grace-days").value_or(1);
  const auto grace = static_cast<std::int64_t>(std::min<std::size_t>(days, 36'500)) * kDay;
  if (changed.committer.time - card.commit.committer.time <= grace) return {};
  const std::string commit = "commit " + changed.id.hex().substr(0, 12) + " of " + day_of(changed);
  if (card.change == CardChange::oldest) {
    return {cannot_tell(
        "Whether the card is older than the weights cannot be told: " +
            (history.truncated_because.empty() ? "the history is cut" : history.truncated_because) + ".",
        {weights->path, 0, "changed in " + commit}, "stale")};
  }
  Finding finding = file_finding(
      Outcome::violated, {weights->path, 0, "changed in " + commit},
      weights->path + " changed on " + day_of(changed) + ", the card last on " + day_of(card.commit) + ".",
      "Say in the card what changed, and which results and limits still hold.", "stale");
  finding.files.push_back(
      {card.path, 0,
       "last changed in commit " + card.commit.id.hex().substr(0, 12) + " of " + day_of(card.commit)});
  return {finding};
}

}  // namespace cardwarden::rules
