// SPDX-License-Identifier: Apache-2.0
#pragma once
// Finds phrases in the units of a card's prose. Keeps what it has learned of words from card to card, so one
// scanner should see many cards; not thread-safe.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/lexicon.h"
#include "evidence/prose.h"
#include "evidence/sought.h"

namespace cardwarden {

struct Hit {
  GroupId group = 0;
  std::uint32_t first_word = 0;
  std::uint32_t last_word = 0;  // one past
};

// Finds the groups that match in a unit; the first hit of a group in a unit is kept. Not thread-safe.
class LexiconScanner {
 public:
  // The lists must outlive the scanner.
  explicit LexiconScanner(const SoughtLists& sought);

  // Whether scan() looks for a group; at first it looks for all that are sought. What nobody waits for any
  // more need not be looked for. Not wanted twice is wanted again after being wanted once.
  void want(GroupId group, bool wanted);

  // Looks at one unit of the prose and appends the groups that are wanted in units of its kind. The prose and
  // the text must stay as they are until the next call.
  void scan(std::string_view text, const Prose& prose, std::uint32_t unit, std::vector<Hit>& hits);

  // Takes a unit in hand without looking for anything yet.
  void take(std::string_view text, const Prose& prose, std::uint32_t unit);

  // Whether a group matches in the unit in hand, wanted or not; and where.
  bool holds(GroupId group);
  std::optional<Hit> find(GroupId group);

 private:
  static constexpr std::uint32_t kNoRow = ~0U;
  // What a word leads to. Words that satisfy the same atoms share one.
  struct Atoms {
    std::uint32_t first = 0;  // into pool_
    std::uint32_t count = 0;
    std::uint32_t first_need = 0;  // into needs_
    std::uint32_t last_need = 0;
    std::uint32_t row = kNoRow;       // into rows_: the needs, where they are many
    std::uint16_t lone = 0;           // how many of the atoms have something waiting on them in running text;
    bool elsewhere = false;           // whether one has outside it;
    std::uint32_t first_waiting = 0;  // where lone is one, into its list in sought_, else into waiting_
    std::uint32_t last_waiting = 0;
    Marks marks = 0;
  };
  // A word that was seen: the upper bits of its hash, one that is always set, and its index into atoms_.
  // Where it stands tells the lower bits of its hash. 0: nothing.
  using Seen = std::uint64_t;
  static constexpr unsigned kAtomsBits = 24;
  static constexpr Seen kIsSeen = Seen{1} << kAtomsBits;
  static Seen key_of(std::uint64_t hash) { return (hash | kIsSeen) & ~(kIsSeen - 1); }

  void scan_text();
  void scan_elsewhere();
  void scan_classes();
  std::size_t place_of(std::uint64_t hash) const;
  std::uint32_t learn(std::string_view text, const Word& word);
  void read_words(std::string_view text, const Word* words);
  void look_up(std::string_view text, const Word& word);
  std::uint32_t share(std::uint32_t first);
  std::uint32_t remember(std::uint32_t first);
  void forget();
  void grow();
  bool satisfies(std::uint32_t at, std::uint32_t set) const;
  static void set_need(std::uint64_t* row, Need need) { row[need / 64] |= std::uint64_t{1} << need % 64; }
  bool meets(Need need) const { return (met_[need / 64] >> need % 64 & 1U) != 0; }
  bool may_stand(const Lexicon::Phrase& phrase) const;
  bool may_stand(const Lexicon::Trial& trial) const;
  std::optional<Hit> find_phrase(std::uint32_t phrase);
  const Lexicon::Waiting* waiting_of(const Atoms& atoms) const {
    return atoms.lone == 1 ? sought_->in_text.items.data() : waiting_.data();
  }
  bool fits_around(const Lexicon::Waiting& waiting, std::uint32_t at) const {
    const Marks* const here = unit_marks_.data() + (at - unit_->first_word) + 1;
    const bool beside = ((waiting.before & here[-1]) != 0) & ((waiting.after & here[1]) != 0);
    return beside & meets(waiting.needs[0]) & meets(waiting.needs[1]);  // one branch, for most end here
  }
  void propose(std::uint32_t trial, std::uint32_t at);
  void try_proposed();
  void try_phrase(const Lexicon::Trial& trial, std::uint32_t at);
  std::int64_t begin_match(std::uint32_t phrase, std::uint32_t at);
  std::int64_t match(std::uint32_t node, std::uint32_t at);
  static const Lexicon::Branch* last_not_above(const Lexicon::Branch* begin, const Lexicon::Branch* end,
                                               std::uint32_t atom);
  std::int64_t follow(const Lexicon::Node& node, std::uint32_t at);
  void report(std::uint32_t phrase, std::uint32_t begin, std::uint32_t end);

  const Lexicon* lexicon_;
  const SoughtLists* sought_;
  std::vector<Seen> seen_;                  // open addressing by the hash of the word
  std::vector<std::uint64_t> seen_hashes_;  // of all words seen, for when the table grows
  struct Shared {
    std::uint32_t hash = 0;   // half of the hash of a list of atoms; the other tells where it stands
    std::uint32_t atoms = 0;  // index into atoms_; 0: nothing
  };
  std::vector<Shared> shared_;
  std::vector<std::uint32_t> fresh_;  // words of the unit in hand that were never seen before
  std::vector<std::uint32_t> pool_;
  std::vector<Need> needs_;
  std::vector<Lexicon::Waiting> waiting_;
  std::vector<Atoms> atoms_;               // lists within pool_; the first is empty
  std::vector<std::uint32_t> unit_atoms_;  // of the words of the unit in hand: indices into atoms_
  std::vector<Marks> unit_marks_;    // of the same words, with kAnyMark before the first and behind the last
  std::vector<std::uint64_t> met_;   // a row of bits by need: whether the unit in hand meets it
  std::vector<std::uint64_t> rows_;  // such rows of words that meet many
  Marks marks_ = 0;                  // of all words of the unit
  struct Proposed {
    std::uint32_t trial = 0;
    std::uint32_t at = 0;  // the word met
  };
  std::vector<Proposed> proposed_;  // of the unit in hand
  std::vector<std::uint16_t> wanted_;
  std::vector<std::uint32_t> group_unit_;   // by group: twice the serial it was settled in, plus the answer
  std::vector<std::uint32_t> phrase_unit_;  // by phrase: serial of the last unit it was found in
  std::vector<bool> failed_;                // (node, word) pairs known to fail, once a match takes long
  std::uint32_t steps_ = 0;
  std::uint32_t failed_base_ = 0;
  std::uint32_t serial_ = 0;
  const Prose* prose_ = nullptr;
  const Unit* unit_ = nullptr;
  std::vector<Hit>* hits_ = nullptr;
  std::string fold_;
};

}  // namespace cardwarden
