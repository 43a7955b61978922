// SPDX-License-Identifier: Apache-2.0
#pragma once
// Finds phrases in the units of a card's prose. Keeps what it has learned of words from card to card, so one
// scanner should see many cards; not thread-safe.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/lexicon.h"
#include "evidence/prose.h"

namespace cardwarden {

struct Hit {
  GroupId group = 0;
  std::uint32_t first_word = 0;
  std::uint32_t last_word = 0;  // one past
};

// Finds the groups that match in a unit; the first hit of a group in a unit is kept. Not thread-safe.
class LexiconScanner {
 public:
  explicit LexiconScanner(const Lexicon& lexicon);

  // Looks at one unit of the prose and appends the groups that are always looked for. The prose and the text
  // must stay as they are until the next call.
  void scan(std::string_view text, const Prose& prose, std::uint32_t unit, std::vector<Hit>& hits);

  // Whether a group matches in the unit scanned last.
  bool holds(GroupId group);

 private:
  struct Atoms {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
  };
  struct Seen {
    std::uint64_t hash = 0;
    Atoms atoms;
  };

  Atoms atoms_of(std::string_view text, const Word& word);
  Atoms look_up(std::string_view text, const Word& word);
  void forget();
  void grow();
  bool satisfies(Atoms atoms, std::uint32_t set) const;
  bool has_chance(std::uint32_t phrase);
  bool stands_somewhere(std::uint32_t phrase);
  void try_phrase(const Lexicon::Waiting& waiting, std::uint32_t at);
  std::int64_t begin_match(std::uint32_t phrase, std::uint32_t at);
  std::int64_t match(std::uint32_t node, std::uint32_t at);
  std::int64_t follow(const Lexicon::Node& node, std::uint32_t at);
  void report(std::uint32_t phrase, std::uint32_t begin, std::uint32_t end);

  const Lexicon* lexicon_;
  std::vector<Seen> seen_;  // word hash → atoms; open addressing
  std::size_t seen_count_ = 0;
  std::vector<std::uint32_t> pool_;
  std::vector<Atoms> unit_atoms_;           // of the words of the unit in hand
  std::vector<std::uint32_t> atom_unit_;    // by atom: serial of the last unit that held it
  std::vector<std::uint32_t> set_unit_;     // by set: serial of the last unit that held one of it
  std::vector<std::uint32_t> group_unit_;   // by group: twice the serial it was settled in, plus the answer
  std::vector<std::uint32_t> phrase_unit_;  // by phrase: twice the serial, plus whether it still has a chance
  std::vector<bool> failed_;                // (node, word) pairs known to fail, once a match takes long
  std::uint32_t steps_ = 0;
  std::uint32_t failed_base_ = 0;
  std::uint32_t serial_ = 0;
  std::uint32_t unit_flags_ = 0;  // of all words of the unit in hand
  const Prose* prose_ = nullptr;
  const Unit* unit_ = nullptr;
  std::vector<Hit>* hits_ = nullptr;
  std::string fold_;
};

}  // namespace cardwarden
