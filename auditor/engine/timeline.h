// SPDX-License-Identifier: Apache-2.0
#pragma once
// What happened to the disclosures of a card over its revisions, and to the weights beside it: a History
// (repository/history.h) joined with the facts of each distinct revision. Each revision is compared with the
// card as its first parent had it, so that what a branch does is not blamed on the branch beside it. Pure.
//
// A disclosure is *thinned* when it still stands but says much less. Where both revisions have sections under
// a heading of its name, those lost more than half of their words, and at least kThinnedSectionWords. Else
// the units that carry its evidence lost more than half of theirs, and at least kThinnedWords, and the
// sections that they stand in got shorter too. So a heading that is renamed, a sentence that moves and one
// that is found in place of a longer one thin nothing. What a value answers in full (a licence, languages, a
// base model) is never thinned.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/card_facts.h"
#include "engine/license_terms.h"
#include "repository/history.h"

namespace cardwarden {

constexpr std::uint32_t kThinnedWords = 12;         // a short sentence: fewer is an edit, not a loss
constexpr std::uint32_t kThinnedSectionWords = 20;  // two of them

enum class DisclosureChange : std::uint8_t {
  appeared,
  changed,      // it stands, in other words
  thinned,      // see above; also changed
  placeholder,  // template text stands where words stood
  vanished,
};
std::string_view to_string(DisclosureChange change);

// How a disclosure fared between two revisions; nothing where there is nothing to tell.
std::optional<DisclosureChange> compare(const DisclosureFacts* before, const DisclosureFacts* after);

struct DisclosureEvent {
  DisclosureChange change = DisclosureChange::changed;
  std::string id;
  std::uint32_t words_before = 0;  // of the measure that decided: units, or the section of its name
  std::uint32_t words_after = 0;
  std::string quote_before;
  std::string quote_after;
};

// A list of the front matter that is not what it was.
struct ListChange {
  std::vector<std::string> before;
  std::vector<std::string> after;
};

// What a card says otherwise than another.
struct CardComparison {
  std::vector<DisclosureEvent> disclosures;  // by id
  LicenseMove license = LicenseMove::same;
  std::optional<ListChange> licenses;  // set when `license` is not same
  std::optional<ListChange> base_models;
  std::optional<ListChange> datasets;

  bool empty() const { return disclosures.empty() && !licenses && !base_models && !datasets; }
  // The declared data sets changed, or the words about the source of the training data.
  bool training_data() const;
};
// Either may be null: no card.
CardComparison compare(const CardFacts* before, const CardFacts* after);

// A revision's card, or why there are no facts of it.
struct Reading {
  std::optional<CardFacts> facts;
  std::string problem;
};
using Readings = std::unordered_map<ObjectId, Reading, ObjectIdHash>;

struct TimelineRevision {
  const CardRevision* revision = nullptr;  // of the History
  const CardFacts* facts = nullptr;        // of the Readings; null when there is no card or it cannot be read
  std::string problem;                     // why it cannot be read
  CardComparison changes;                  // since the first parent
};

struct TimelineWeights {
  const WeightCommit* commit = nullptr;
  std::uint32_t added = 0;  // files
  std::uint32_t changed = 0;
  std::uint32_t moved = 0;
  std::uint32_t removed = 0;
  std::vector<const WeightChange*> changes;
  std::size_t after = 0;  // revisions that are older or of the same commit: it stands behind that many
  // Seconds until the next revision of the card; 0 for one in the same commit, nothing when none came.
  std::optional<std::int64_t> card_followed;

  // Bytes that a card described became others and the commit left the card alone.
  bool silent() const { return !commit->card_changed && after > 0 && changed + removed > 0; }
};

// A disclosure that stood once and does not stand in the newest revision.
struct Loss {
  std::string id;
  std::size_t last = 0;  // the newest revision that has it, index into Timeline::revisions
  std::size_t gone = 0;  // the one after
  bool placeholder = false;
  std::string quote;  // as it last stood
};

struct Timeline {
  std::vector<TimelineRevision> revisions;  // oldest first
  std::vector<TimelineWeights> weights;     // oldest first
  std::vector<std::string> disclosures;  // ids of the catalogue, and of the signals that ever stood; sorted
  std::vector<Loss> losses;              // by id

  const CardFacts* newest() const;  // of the newest revision; null when there is no card any more
};

// `history` and `readings` are borrowed: they outlive the timeline. `readings` has every `blob` and `before`
// of the history's revisions.
Timeline make_timeline(const History& history, const Readings& readings);

// The distinct blobs whose facts make_timeline() needs, oldest first.
std::vector<ObjectId> blobs_of(const History& history);

}  // namespace cardwarden
