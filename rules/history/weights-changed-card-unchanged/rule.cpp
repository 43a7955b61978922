// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <algorithm>

#include "base/time.h"

namespace cardwarden::rules {
namespace {

constexpr std::int64_t kDay = 86'400;  // seconds

// Whether the card was changed at the commit or within the days of grace after it, or never after it: that
// the card of today is older than its weights is for history/card-older-than-weights to say.
bool followed(const History& history, const WeightCommit& weights, std::int64_t grace) {
  if (weights.card_changed) return true;
  if (history.revisions.empty() || history.revisions.front().commit.order > weights.commit.order) return true;
  return std::any_of(history.revisions.begin(), history.revisions.end(), [&](const CardRevision& revision) {
    const std::int64_t later = revision.commit.committer.time - weights.commit.committer.time;
    return revision.commit.order < weights.commit.order && later <= grace;
  });
}

bool had_card(const History& history, const WeightCommit& weights) {
  const auto older = std::find_if(
      history.revisions.begin(), history.revisions.end(),
      [&](const CardRevision& revision) { return revision.commit.order >= weights.commit.order; });
  return older != history.revisions.end() && older->change != CardChange::removed;
}

}  // namespace

std::vector<Finding> history_weights_changed_card_unchanged(const Subject& subject) {
  const History& history = *subject.repository->history;
  const auto days = whole_number(subject.parameters, "grace-days").value_or(1);
  const auto grace = static_cast<std::int64_t>(std::min<std::size_t>(days, 36'500)) * kDay;
  std::vector<FileQuote> quotes;
  std::size_t commits = 0;
  std::size_t last = history.weight_commits.size();  // the commit counted last
  for (const WeightChange& change : history.weight_changes) {
    const bool other = change.kind == WeightChangeKind::changed || change.kind == WeightChangeKind::removed;
    const WeightCommit& at = history.weight_commits[change.commit];
    if (!other || change.commit == last || followed(history, at, grace) || !had_card(history, at)) continue;
    last = change.commit;
    ++commits;
    if (quotes.size() >= kMaxEvidence) continue;
    const std::int64_t time = std::max<std::int64_t>(0, at.commit.committer.time);
    quotes.push_back({change.path, 0,
                      std::string(to_string(change.kind)) + " in commit " + at.commit.id.hex().substr(0, 12) +
                          " of " + time_text(static_cast<std::uint64_t>(time)).substr(0, 10)});
  }
  if (commits == 0) return {};
  Finding finding = card_finding(
      Outcome::violated,
      commits == 1 ? "A commit replaced weights and left the card as it was."
                   : std::to_string(commits) + " commits replaced weights and left the card as it was.",
      "Say in the card which versions of the weights there were, and which of them its figures describe.",
      "weights");
  finding.files = std::move(quotes);
  return {finding};
}

}  // namespace cardwarden::rules
