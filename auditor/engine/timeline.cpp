// SPDX-License-Identifier: Apache-2.0
#include "engine/timeline.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_set>

namespace cardwarden {
namespace {

bool stands(const DisclosureFacts* facts) { return facts != nullptr && facts->status == Status::disclosed; }

bool fell_under_half(std::uint32_t before, std::uint32_t after, std::uint32_t least) {
  return std::uint64_t{after} * 2 < before && before - after >= least;
}

enum class Thinned : std::uint8_t { no, units, section };

// Answered in full by a value: fewer words say nothing less.
constexpr std::string_view kValues[] = {"base-model", "languages", "license", "size", "tasks"};

Thinned thinned(const DisclosureFacts& before, const DisclosureFacts& after) {
  if (std::find(std::begin(kValues), std::end(kValues), after.id) != std::end(kValues)) return Thinned::no;
  if (before.named_words > 0 && after.named_words > 0) {
    const bool section = fell_under_half(before.named_words, after.named_words, kThinnedSectionWords);
    return section ? Thinned::section : Thinned::no;
  }
  const bool units = fell_under_half(before.words, after.words, kThinnedWords);
  return units && after.section_words < before.section_words ? Thinned::units : Thinned::no;
}

bool same_words(const DisclosureFacts& before, const DisclosureFacts& after) {
  if (before.values_hash != after.values_hash) return false;
  if (before.named_words > 0 && after.named_words > 0) return before.named_hash == after.named_hash;
  return before.words_hash == after.words_hash;
}

std::optional<ListChange> compare_lists(const std::vector<std::string>* before,
                                        const std::vector<std::string>* after) {
  static const std::vector<std::string> kNone;
  ListChange out{before != nullptr ? *before : kNone, after != nullptr ? *after : kNone};
  if (out.before == out.after) return std::nullopt;
  return out;
}

const Reading* reading_of(const Readings& readings, const std::optional<ObjectId>& blob) {
  if (!blob) return nullptr;
  const auto at = readings.find(*blob);
  return at == readings.end() ? nullptr : &at->second;
}

const CardFacts* facts_of(const Reading* reading) {
  return reading != nullptr && reading->facts ? &*reading->facts : nullptr;
}

bool is_signal(std::string_view id) { return id.substr(0, 2) == "x-"; }

std::vector<std::string> rows_of(const std::vector<TimelineRevision>& revisions) {
  std::set<std::string, std::less<>> rows;
  for (const TimelineRevision& one : revisions) {
    if (one.facts == nullptr) continue;
    for (const DisclosureFacts& disclosure : one.facts->disclosures) {
      if (!is_signal(disclosure.id) || disclosure.status == Status::disclosed) rows.insert(disclosure.id);
    }
  }
  return {rows.begin(), rows.end()};
}

std::vector<Loss> losses_of(const Timeline& timeline) {
  std::vector<Loss> out;
  if (timeline.revisions.empty() || !timeline.revisions.back().problem.empty()) return out;
  const CardFacts* newest = timeline.newest();
  for (const std::string& id : timeline.disclosures) {
    if (newest != nullptr && newest->discloses(id)) continue;
    for (std::size_t i = timeline.revisions.size(); i-- > 0;) {
      const CardFacts* facts = timeline.revisions[i].facts;
      if (facts == nullptr || !facts->discloses(id)) continue;
      Loss loss;
      loss.id = id;
      loss.last = i;
      loss.gone = i + 1;
      const DisclosureFacts* now = newest != nullptr ? newest->find(id) : nullptr;
      loss.placeholder = now != nullptr && now->status == Status::placeholder;
      loss.quote = facts->find(id)->quote;
      out.push_back(std::move(loss));
      break;
    }
  }
  return out;
}

void count(TimelineWeights& weights, const WeightChange& change) {
  switch (change.kind) {
    case WeightChangeKind::added:
      ++weights.added;
      break;
    case WeightChangeKind::changed:
      ++weights.changed;
      break;
    case WeightChangeKind::moved:
      ++weights.moved;
      break;
    case WeightChangeKind::removed:
      ++weights.removed;
      break;
  }
  weights.changes.push_back(&change);
}

}  // namespace

std::string_view to_string(DisclosureChange change) {
  static constexpr std::string_view kNames[] = {"appeared", "changed", "thinned", "placeholder", "vanished"};
  return kNames[static_cast<std::size_t>(change)];
}

std::optional<DisclosureChange> compare(const DisclosureFacts* before, const DisclosureFacts* after) {
  if (!stands(before)) {
    if (stands(after)) return DisclosureChange::appeared;
    return std::nullopt;
  }
  if (!stands(after)) {
    const bool template_text = after != nullptr && after->status == Status::placeholder;
    return template_text ? DisclosureChange::placeholder : DisclosureChange::vanished;
  }
  if (thinned(*before, *after) != Thinned::no) return DisclosureChange::thinned;
  if (!same_words(*before, *after)) return DisclosureChange::changed;
  return std::nullopt;
}

bool CardComparison::training_data() const {
  return datasets.has_value() ||
         std::any_of(disclosures.begin(), disclosures.end(), [](const DisclosureEvent& event) {
           return event.id == "training-data-source" || event.id == "data-source";
         });
}

CardComparison compare(const CardFacts* before, const CardFacts* after) {
  CardComparison out;
  std::set<std::string_view> ids;
  for (const CardFacts* facts : {before, after}) {
    if (facts == nullptr) continue;
    for (const DisclosureFacts& one : facts->disclosures) ids.insert(one.id);
  }
  for (const std::string_view id : ids) {
    const DisclosureFacts* old = before != nullptr ? before->find(id) : nullptr;
    const DisclosureFacts* now = after != nullptr ? after->find(id) : nullptr;
    const auto change = compare(old, now);
    if (!change) continue;
    DisclosureEvent event;
    event.change = *change;
    event.id = id;
    const bool section = *change == DisclosureChange::thinned && thinned(*old, *now) == Thinned::section;
    if (stands(old)) {
      event.words_before = section ? old->named_words : old->words;
      event.quote_before = old->quote;
    }
    if (now != nullptr && now->status != Status::absent) {
      event.words_after = section ? now->named_words : now->words;
      event.quote_after = now->quote;
    }
    out.disclosures.push_back(std::move(event));
  }
  out.licenses = compare_lists(before != nullptr ? &before->licenses : nullptr,
                               after != nullptr ? &after->licenses : nullptr);
  if (out.licenses) out.license = compare_licenses(out.licenses->before, out.licenses->after);
  if (out.license == LicenseMove::same) out.licenses.reset();  // written otherwise, not another licence
  out.base_models = compare_lists(before != nullptr ? &before->base_models : nullptr,
                                  after != nullptr ? &after->base_models : nullptr);
  out.datasets = compare_lists(before != nullptr ? &before->datasets : nullptr,
                               after != nullptr ? &after->datasets : nullptr);
  return out;
}

const CardFacts* Timeline::newest() const { return revisions.empty() ? nullptr : revisions.back().facts; }

std::vector<ObjectId> blobs_of(const History& history) {
  std::vector<ObjectId> out;
  std::unordered_set<ObjectId, ObjectIdHash> seen;
  for (auto at = history.revisions.rbegin(); at != history.revisions.rend(); ++at) {
    for (const std::optional<ObjectId>* blob : {&at->before, &at->blob}) {
      if (*blob && seen.insert(**blob).second) out.push_back(**blob);
    }
  }
  return out;
}

Timeline make_timeline(const History& history, const Readings& readings) {
  Timeline out;
  for (auto at = history.revisions.rbegin(); at != history.revisions.rend(); ++at) {
    TimelineRevision one;
    one.revision = &*at;
    const Reading* reading = reading_of(readings, at->blob);
    one.facts = facts_of(reading);
    if (reading != nullptr) one.problem = reading->problem;
    const Reading* before = reading_of(readings, at->before);
    // What cannot be read cannot be compared: a damaged blob removes no disclosure.
    const bool known = one.problem.empty() && (before == nullptr || before->problem.empty());
    if (known && at->change != CardChange::oldest) one.changes = compare(facts_of(before), one.facts);
    out.revisions.push_back(std::move(one));
  }
  std::map<std::size_t, std::size_t> rows;  // weight commit → its place in `weights`
  for (std::size_t i = history.weight_commits.size(); i-- > 0;) {
    TimelineWeights one;
    one.commit = &history.weight_commits[i];
    rows[i] = out.weights.size();
    const std::size_t order = one.commit->commit.order;
    const auto newer = std::partition_point(
        out.revisions.begin(), out.revisions.end(),
        [order](const TimelineRevision& revision) { return revision.revision->commit.order >= order; });
    one.after = static_cast<std::size_t>(newer - out.revisions.begin());
    if (one.commit->card_changed) {
      one.card_followed = 0;
    } else if (newer != out.revisions.end()) {
      one.card_followed = std::max<std::int64_t>(
          0, newer->revision->commit.committer.time - one.commit->commit.committer.time);
    }
    out.weights.push_back(std::move(one));
  }
  for (const WeightChange& change : history.weight_changes) count(out.weights[rows[change.commit]], change);
  out.disclosures = rows_of(out.revisions);
  out.losses = losses_of(out);
  return out;
}

}  // namespace cardwarden
