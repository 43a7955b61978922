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

// The lists of a lexicon without what is not sought. Immutable; shared by threads.
struct SoughtLists {
  Lists<Lexicon::Waiting> in_text;    // by atom
  Lists<Lexicon::Waiting> elsewhere;  // by atom
  Lists<Need> needs;                  // by atom: the needs that it meets and that somebody looks at
  std::vector<std::uint32_t> at_start;
  std::vector<Lexicon::ClassWaiting> by_class;
  std::vector<std::uint16_t> wanted;  // by phrase: how many groups want it from the start
  const Lexicon* lexicon = nullptr;

  // The lexicon must outlive the lists.
  SoughtLists(const Lexicon& lexicon, const Sought& sought);
};

}  // namespace cardwarden
