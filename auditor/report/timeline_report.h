// SPDX-License-Identifier: Apache-2.0
#pragma once
// The history of a card's disclosures, written out: for a terminal, as JSON (docs/formats/history.md) and as
// one page. All three render the same values; names, subjects and quotes of a repository are escaped by each.

#include <iosfwd>
#include <map>
#include <string>
#include <string_view>

#include "engine/timeline.h"

namespace cardwarden {

constexpr std::string_view kHistorySchema = "cardwarden-history/1";

// All that is pointed to outlives the call.
struct TimelineReport {
  std::string_view version;  // of the tool
  std::string repository;    // as the user named it
  std::string reference;     // the same: "HEAD"
  std::string card;          // path of the card at the tip
  Kind kind = Kind::model;
  const History* history = nullptr;
  const Timeline* timeline = nullptr;
  std::map<std::string, std::string, std::less<>> titles;  // of disclosures, by id
  bool colour = false;                                     // for text
  unsigned terminal_width = 100;                           // for text

  std::string title(std::string_view id) const;  // its title, else its name in words
};

void write_timeline_text(std::ostream& out, const TimelineReport& report);
void write_timeline_json(std::ostream& out, const TimelineReport& report);
void write_timeline_html(std::ostream& out, const TimelineReport& report);

namespace render {

// Counts that the three share.
struct TimelineCounts {
  std::size_t disclosed = 0;  // of the catalogue, in the newest revision
  std::size_t catalogue = 0;
  std::size_t lost = 0;     // of the catalogue: stood once, not in the newest revision
  std::size_t thinned = 0;  // events, as the others
  std::size_t license_changes = 0;
  std::size_t loosened = 0;
  std::size_t silent = 0;  // weight commits that left the card alone
};
TimelineCounts counts_of(const Timeline& timeline);

// "12 revisions from 2022-03-02 to 2023-11-05. The card discloses 18 of 24 today; 2 were lost on the way. …"
std::string summary(const TimelineReport& report);

std::string day(const Person& person);                        // "2022-03-02", or "unknown date"
std::string moment(const Person& person);                     // "2022-03-02 14:05" in UTC
std::string short_id(const ObjectId& id);                     // 12 digits
std::string listed(const std::vector<std::string>& values);   // "a, b", or "none"
std::string event_words(const DisclosureEvent& event);        // "thinned from 37 to 5 words"
std::string license_sentence(const CardComparison& changes);  // "Licence loosened: cc-by-nc-4.0 → mit (…)"
std::string list_sentence(std::string_view what, const ListChange& change);  // "Data sets: added a; gone b"
std::string weights_sentence(const TimelineWeights& weights);  // "Weights: 2 files changed, card untouched"

}  // namespace render
}  // namespace cardwarden
