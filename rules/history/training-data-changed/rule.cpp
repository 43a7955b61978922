// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "engine/timeline.h"

namespace cardwarden::rules {
namespace {

std::vector<std::string> without(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<std::string> out;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
  return out;
}

// Whether a commit of weights stands at this revision or between it and the one before.
bool weights_with(const Timeline& timeline, std::size_t revision) {
  return std::any_of(timeline.weights.begin(), timeline.weights.end(), [&](const TimelineWeights& one) {
    return one.after == revision + 1 || (one.after == revision && one.changed + one.added > 0);
  });
}

}  // namespace

std::vector<Finding> history_training_data_changed(const Subject& subject) {
  const Timeline& timeline = *subject.repository->timeline;
  const CardFacts* newest = timeline.newest();
  if (newest == nullptr) return {};
  for (std::size_t i = timeline.revisions.size(); i-- > 0;) {
    const TimelineRevision& one = timeline.revisions[i];
    if (!one.changes.datasets || one.changes.datasets->before.empty()) continue;
    const std::vector<std::string>& before = one.changes.datasets->before;
    const auto added = without(newest->datasets, before);
    const auto gone = without(before, newest->datasets);
    const bool came_back =
        std::any_of(timeline.revisions.begin(), timeline.revisions.begin() + static_cast<std::ptrdiff_t>(i),
                    [newest](const TimelineRevision& older) {
                      return older.facts != nullptr && older.facts->datasets == newest->datasets;
                    });
    if (came_back || (added.empty() && gone.empty())) continue;
    const std::string id = one.revision->commit.id.hex().substr(0, 12);
    std::string message = "Since commit " + id + " the card names other training data:";
    if (!added.empty()) message += " added " + text::join(added, ", ");
    if (!gone.empty())
      message += std::string(added.empty() ? "" : ";") + " removed " + text::join(gone, ", ");
    message += ".";
    if (!weights_with(timeline, i)) message += " No weights changed with it.";
    Finding finding = file_finding(
        Outcome::violated, {one.revision->path, 0, "datasets: " + text::join(before, ", ")},
        std::move(message), "Say which version of the weights was trained on which data.", "datasets");
    if (const yaml::Node* node = field(subject.card, "datasets")) {
      finding.span = node->span;
      finding.located = true;
    }
    return {finding};
  }
  return {};
}

}  // namespace cardwarden::rules
