// SPDX-License-Identifier: Apache-2.0
#pragma once
// All phrases of all rules, compiled into one matcher that reads a text once. The phrase language is
// docs/formats/rule.md, "Phrase". A Lexicon is immutable and shared by threads; each thread has a Scanner.
//
// How it works: every word of a phrase is an atom (exact, prefix or suffix). A word of the text is looked up
// once (and remembered) for the atoms it satisfies. Each phrase waits on its rarest compulsory element, its
// anchor; when a word satisfies that, the phrase is tried from where it would have to begin. Work is bounded
// by the number of phrase states times the words of a unit.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "evidence/prose.h"

namespace cardwarden {

// A set of phrases that a clue asks about as one. Dense ids from 0.
using GroupId = std::uint32_t;

// Named word lists, "@name" in a phrase.
using WordLists = std::map<std::string, std::vector<std::string>, std::less<>>;

struct Hit {
  std::uint32_t unit = 0;
  GroupId group = 0;
  std::uint32_t first_word = 0;
  std::uint32_t last_word = 0;  // one past
};

class Lexicon {
 public:
  // Adds a group of phrases. The error names the phrase and what is wrong with it (code `rule`).
  // The same list given twice gives the same id.
  Result<GroupId> add_group(const std::vector<std::string>& phrases, const WordLists& lists);

  std::uint32_t group_count() const { return group_count_; }
  std::size_t phrase_count() const { return phrases_.size(); }

 private:
  friend class LexiconScanner;
  friend class PhraseCompiler;

  static constexpr std::uint32_t kNone = ~0U;

  enum class Op : std::uint8_t { word, gap, split, colon, unit_start, unit_end, accept };
  struct Node {
    Op op = Op::accept;
    std::uint16_t flags = 0;     // word: flags the word must have
    std::uint32_t set = kNone;   // word: index into sets_, or any word
    std::uint32_t next = kNone;
    std::uint32_t other = kNone; // split: the second way
    std::uint16_t low = 0;       // gap
    std::uint16_t high = 0;
  };
  struct Phrase {
    std::uint32_t entry = 0;
    std::uint32_t first_node = 0;  // nodes of a phrase stand together
    std::uint32_t last_node = 0;
    std::vector<GroupId> groups;
  };
  struct Waiting {
    std::uint32_t phrase = 0;
    std::uint16_t low = 0;   // words before the anchor, least
    std::uint16_t high = 0;  // and most
  };

  std::uint32_t atom(std::unordered_map<std::uint64_t, std::uint32_t>& table, std::string_view folded);

  std::unordered_map<std::uint64_t, std::uint32_t> exact_;   // hash of a word → atom
  std::unordered_map<std::uint64_t, std::uint32_t> prefix_;  // hash of a prefix → atom
  std::unordered_map<std::uint64_t, std::uint32_t> suffix_;  // hash of a suffix → atom
  std::vector<std::uint32_t> atom_rarity_;                   // by atom: letters, less for common words
  std::vector<std::vector<std::uint32_t>> sets_;             // sorted atoms
  std::map<std::vector<std::uint32_t>, std::uint32_t> set_ids_;
  std::vector<Node> nodes_;
  std::vector<Phrase> phrases_;
  std::unordered_map<std::string, std::uint32_t> phrase_ids_;
  std::map<std::vector<std::string>, GroupId> group_ids_;
  std::vector<std::vector<Waiting>> waiting_;                // by atom
  std::vector<Waiting> floating_;                            // phrases whose anchor is a class of words
  std::vector<std::uint16_t> floating_flags_;
  std::uint32_t group_count_ = 0;
};

// Finds the groups that match in each unit; the first hit of a group in a unit is kept. Not thread-safe.
class LexiconScanner {
 public:
  explicit LexiconScanner(const Lexicon& lexicon) : lexicon_(&lexicon) {}

  // Appends to `hits`, in the order of units. Only units [first_unit, prose.units.size()) are read.
  void scan(std::string_view text, const Prose& prose, std::vector<Hit>& hits, std::size_t first_unit = 0);

 private:
  struct Atoms {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
  };

  Atoms atoms_of(std::string_view text, const Word& word);
  bool satisfies(Atoms atoms, std::uint32_t set) const;
  void try_phrase(const Lexicon::Waiting& waiting, std::uint32_t at);
  std::int64_t match(std::uint32_t node, std::uint32_t at);
  void report(const Lexicon::Phrase& phrase, std::uint32_t begin, std::uint32_t end);

  const Lexicon* lexicon_;
  std::unordered_map<std::uint64_t, Atoms> seen_;  // word hash → atoms
  std::vector<std::uint32_t> pool_;
  std::vector<Atoms> unit_atoms_;                  // of the words of the unit in hand
  std::vector<std::uint64_t> group_unit_;          // by group: last unit (plus one) in which it hit
  std::vector<std::uint64_t> phrase_unit_;         // by phrase: the same
  std::vector<bool> failed_;                       // (node, word) pairs known to fail, once a match takes long
  std::uint32_t steps_ = 0;
  std::uint32_t failed_base_ = 0;
  std::uint64_t serial_ = 0;
  const Prose* prose_ = nullptr;
  const Unit* unit_ = nullptr;
  std::uint32_t unit_index_ = 0;
  std::vector<Hit>* hits_ = nullptr;
  std::string fold_;
};

}  // namespace cardwarden
