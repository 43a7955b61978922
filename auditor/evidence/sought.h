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
  std::vector<bool> read;   // looked for in each unit of its kinds, at times at least (LexiconScanner::want)
  std::vector<bool> asked;  // may be asked for, LexiconScanner::holds() and find()

  static Sought all(const Lexicon& lexicon) {
    return {std::vector<bool>(lexicon.group_count(), true), std::vector<bool>(lexicon.group_count(), true)};
  }
};

// The lists of a lexicon without what is not sought.
struct SoughtLists {
  Lists<Lexicon::Waiting> in_text;    // by atom
  Lists<Lexicon::Waiting> elsewhere;  // by atom
  Lists<Need> needs;                  // by atom: the needs that it meets and that somebody looks at
  std::vector<std::uint32_t> at_start;
  std::vector<Lexicon::ClassWaiting> by_class;

  SoughtLists(const Lexicon& lexicon, const Sought& sought);
};

}  // namespace cardwarden
