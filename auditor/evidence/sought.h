// SPDX-License-Identifier: Apache-2.0
#pragma once
// What of a lexicon one scanner looks for. A run that asks little of a card looks for few phrases; the words
// of the others lead nowhere.

#include <cstdint>
#include <vector>

#include "evidence/lexicon.h"

namespace cardwarden {

// By group of a lexicon.
struct Sought {
  std::vector<bool> read;     // looked for in each unit of its kinds, at times at least
  std::vector<bool> at_once;  // of these: from the start, LexiconScanner::want() apart
  std::vector<bool> asked;    // may be asked for, LexiconScanner::holds() and find()

  static Sought all(const Lexicon& lexicon) {
    const std::vector<bool> every(lexicon.group_count(), true);
    return {every, every, every};
  }
};

// The tables of a lexicon without what is not sought, and with needs numbered anew, since those that are left
// are few. Immutable; shared by threads.
struct SoughtLists {
  const Lexicon* lexicon = nullptr;
  Lists<Lexicon::Waiting> in_text;    // by atom
  Lists<Lexicon::Waiting> elsewhere;  // by atom
  Lists<Need> needs;                  // by atom: the needs that it meets
  std::vector<Lexicon::Trial> trials;
  std::vector<std::uint32_t> at_start;
  std::vector<Lexicon::ClassWaiting> by_class;
  std::vector<Lexicon::Phrase> phrases;  // all of them; of those that may not be asked for, without needs
  std::vector<Need> group_needs;         // by group, in the same way
  std::vector<std::uint16_t> wanted;     // by phrase: how many groups want it from the start
  std::uint32_t need_count = kFirstSetNeed;

  // The lexicon must outlive the lists.
  SoughtLists(const Lexicon& lexicon, const Sought& sought);

 private:
  void keep_trials(const std::vector<bool>& read);
  void keep_needs(const std::vector<bool>& asked_phrases, const std::vector<bool>& asked_groups);
  template <typename Visit>
  void each_need(Visit visit);
};

}  // namespace cardwarden
