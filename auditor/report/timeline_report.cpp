// SPDX-License-Identifier: Apache-2.0
// What the formats of a history share: counts and sentences.
#include "report/timeline_report.h"

#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "report/render.h"

namespace cardwarden {

std::string TimelineReport::title(std::string_view id) const {
  const auto known = titles.find(id);
  return known != titles.end() ? known->second : render::in_words(id);
}

namespace render {
namespace {

std::string text_of(const Person& person) {
  if (!person.time_valid || person.time < 0) return {};
  return time_text(static_cast<std::uint64_t>(person.time));
}

constexpr std::size_t kListedFiles = 3;

}  // namespace

TimelineCounts counts_of(const Timeline& timeline) {
  TimelineCounts out;
  const CardFacts* newest = timeline.newest();
  for (const std::string& id : timeline.disclosures) {
    if (is_signal(id)) continue;
    ++out.catalogue;
    if (newest != nullptr && newest->discloses(id)) ++out.disclosed;
  }
  for (const Loss& loss : timeline.losses) out.lost += is_signal(loss.id) ? 0U : 1U;
  for (const TimelineRevision& one : timeline.revisions) {
    for (const DisclosureEvent& event : one.changes.disclosures)
      out.thinned += event.change == DisclosureChange::thinned && !is_signal(event.id) ? 1U : 0U;
    const LicenseMove move = one.changes.license;
    out.loosened += move == LicenseMove::loosened ? 1U : 0U;
    out.license_changes += move != LicenseMove::same && move != LicenseMove::declared ? 1U : 0U;
  }
  for (const TimelineWeights& one : timeline.weights) out.silent += one.silent() ? 1U : 0U;
  return out;
}

std::string summary(const TimelineReport& report) {
  const Timeline& timeline = *report.timeline;
  if (timeline.revisions.empty()) return "No commit of this history has " + report.card + ".";
  const TimelineCounts counts = counts_of(timeline);
  std::string out = text::plural(timeline.revisions.size(), "revision", "revisions") + " of the card";
  const std::string first = day(timeline.revisions.front().revision->commit.committer);
  const std::string last = day(timeline.revisions.back().revision->commit.committer);
  out += first == last ? ", on " + first : " from " + first + " to " + last;
  if (timeline.newest() == nullptr) {
    out += timeline.revisions.back().problem.empty() ? ". There is no card any more."
                                                     : ". The newest card cannot be read.";
  } else if (counts.catalogue > 0) {
    out += ". It discloses " + std::to_string(counts.disclosed) + " of " + std::to_string(counts.catalogue) +
           " today";
    if (counts.lost > 0) out += "; " + std::to_string(counts.lost) + " more stood once and are gone";
    out += '.';
  } else {
    out += '.';
  }
  if (counts.loosened > 0)
    out += " The licence was loosened " + text::plural(counts.loosened, "time", "times") + '.';
  if (!timeline.weights.empty()) {
    out += " Weights changed in " + text::plural(timeline.weights.size(), "commit", "commits");
    if (counts.silent > 0) out += ", " + std::to_string(counts.silent) + " of them with the card untouched";
    out += '.';
  }
  return out;
}

std::string day(const Person& person) {
  const std::string full = text_of(person);
  return full.empty() ? "unknown date" : full.substr(0, 10);
}

std::string moment(const Person& person) {
  const std::string full = text_of(person);
  return full.empty() ? "unknown date" : full.substr(0, 10) + " " + full.substr(11, 5);
}

std::string short_id(const ObjectId& id) { return id.hex().substr(0, 12); }

std::string listed(const std::vector<std::string>& values) {
  return values.empty() ? "none" : text::join(values, ", ");
}

std::string event_words(const DisclosureEvent& event) {
  switch (event.change) {
    case DisclosureChange::vanished:
      return "vanished";
    case DisclosureChange::placeholder:
      return "became a placeholder";
    case DisclosureChange::thinned:
      return "thinned from " + std::to_string(event.words_before) + " to " +
             std::to_string(event.words_after) + " words";
    case DisclosureChange::appeared:
      return "disclosed";
    case DisclosureChange::changed:
      return "in other words";
  }
  return "";
}

std::string license_sentence(const CardComparison& changes) {
  if (!changes.licenses) return {};
  const auto& [before, after] = *changes.licenses;
  switch (changes.license) {
    case LicenseMove::declared:
      return "Licence declared: " + listed(after);
    case LicenseMove::removed:
      return "Licence removed: it was " + listed(before);
    default:
      break;
  }
  std::string out =
      "Licence " + std::string(to_string(changes.license)) + ": " + listed(before) + " → " + listed(after);
  if (changes.license == LicenseMove::loosened) {
    const std::string terms = dropped_terms(before, after);
    if (!terms.empty()) out += " (no longer asked: " + terms + ")";
  }
  return out;
}

std::string list_sentence(std::string_view what, const ListChange& change) {
  std::vector<std::string> added;
  std::vector<std::string> gone;
  std::set_difference(change.after.begin(), change.after.end(), change.before.begin(), change.before.end(),
                      std::back_inserter(added));
  std::set_difference(change.before.begin(), change.before.end(), change.after.begin(), change.after.end(),
                      std::back_inserter(gone));
  std::string out(what);
  out += ": ";
  if (!added.empty()) out += "added " + text::join(added, ", ");
  if (!gone.empty()) out += (added.empty() ? "removed " : "; removed ") + text::join(gone, ", ");
  return out;
}

std::string weights_sentence(const TimelineWeights& weights) {
  std::vector<std::string> parts;
  const auto count = [&](std::uint32_t files, const char* what) {
    if (files > 0) parts.push_back(text::plural(files, "file", "files") + " " + what);
  };
  count(weights.changed, "changed");
  count(weights.added, "added");
  count(weights.removed, "removed");
  count(weights.moved, "moved");
  std::string out = "Weights: " + text::join(parts, ", ");
  out += weights.commit->card_changed ? ", with the card" : weights.silent() ? ", card untouched" : "";
  std::vector<std::string> names;
  for (const WeightChange* change : weights.changes) {
    if (names.size() < kListedFiles) names.push_back(change->path);
  }
  if (weights.changes.size() > names.size())
    names.push_back("and " + std::to_string(weights.changes.size() - names.size()) + " more");
  return out + " (" + text::join(names, ", ") + ")";
}

}  // namespace render
}  // namespace cardwarden
