// SPDX-License-Identifier: Apache-2.0
#pragma once
// All phrases of all rules, compiled into one matcher that reads a text once. The phrase language is
// docs/formats/rule.md, "Phrase". A LexiconBuilder compiles; a Lexicon is the result, immutable flat tables
// that threads share; each thread has a LexiconScanner (scanner.h).
//
// How it works: every word of a phrase is an atom (exact, prefix or suffix). A word of the text is looked up
// once (and remembered) for the atoms it satisfies. Each phrase waits on its rarest compulsory element, its
// anchor. When a word satisfies that, marks tell cheaply whether the words beside it can fit, and needs
// whether the unit holds a word for each other compulsory element; only then is the phrase tried from where
// it would have to begin. Groups that only matter where another has hit (conditions) wait for nothing and are
// looked for when asked. Work is bounded by the states of a phrase times the words of a unit.

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/pack.h"
#include "base/result.h"
#include "evidence/prose.h"

namespace cardwarden {

// A set of phrases that a clue asks about as one. Dense ids from 0.
using GroupId = std::uint32_t;

// Named word lists, "@name" in a phrase.
using WordLists = std::map<std::string, std::vector<std::string>, std::less<>>;

// What a word may be, folded into 64 bits: one for each atom it satisfies (atoms share bits), one for each of
// its flags, and one that is always set. Two sets of words whose marks have no bit in common have no word in
// common; the marks of a unit are those of all its words.
using Marks = std::uint64_t;
constexpr Marks kAnyMark = Marks{1} << 63U;
constexpr unsigned kFlagMarks = 56;  // WordFlag kNumber to kColon take the bits from here
constexpr Marks mark_of_atom(std::uint32_t atom) {
  return Marks{1} << ((std::uint64_t{atom} * 0x9E3779B97F4A7C15ULL >> 32U) % kFlagMarks);
}
constexpr Marks marks_of_flags(std::uint16_t flags) { return Marks{flags & 0x7FU} << kFlagMarks; }

// Something a unit must hold for a phrase to have a chance: an index into a row of bits that the scanner
// keeps of the unit in hand. Need 0 is always there, 1 to 7 are the flags in the order of their marks, the
// others are sets of atoms.
using Need = std::uint16_t;
constexpr Need kNoNeed = 0;
constexpr Need kFirstSetNeed = 8;

// Hash of a word → atom; open addressing, a power of two of slots, at most half full. A slot holds the upper
// bits of the hash, and the atom plus one; where it stands tells the lower bits. 0 is an empty slot.
class AtomTable {
 public:
  static constexpr std::uint32_t kNone = ~0U;
  static constexpr unsigned kAtomBits = 20;
  static constexpr std::uint32_t kMaxAtoms = (1U << kAtomBits) - 1;

  // Of at most kMaxAtoms atoms.
  void build(const std::unordered_map<std::uint64_t, std::uint32_t>& entries);
  std::uint32_t find(std::uint64_t hash) const {
    for (std::size_t at = hash & mask_; slots_[at] != 0; at = (at + 1) & mask_) {
      if ((slots_[at] ^ hash) >> kAtomBits == 0)
        return static_cast<std::uint32_t>(slots_[at] & kMaxAtoms) - 1;
    }
    return kNone;
  }
  void fetch(std::uint64_t hash) const { __builtin_prefetch(&slots_[hash & mask_]); }
  template <typename Archive>
  void pack(Archive& archive) {
    archive.list(slots_);
    archive.value(mask_);
  }

 private:
  std::vector<std::uint64_t> slots_{0};
  std::uint64_t mask_ = 0;
};

// For words with a star: which lengths they have, by the bytes at the end that has none. Most words of a text
// need no look-up at all, the others one or two.
class Reach {
 public:
  // Length n as bit n; phrase::kMaxAffixBytes is below 64.
  void add(char a, char b, char c, std::size_t length) {
    (length < 3 ? pairs_[slot(a, b, 0)] : triples_[slot(a, b, c)]) |= std::uint64_t{1} << length;
  }
  // Of a word that ends, or begins, with these bytes; `c` is 0 where it has no third.
  std::uint64_t lengths(char a, char b, char c) const {
    return pairs_[slot(a, b, 0)] | triples_[slot(a, b, c)];
  }
  template <typename Archive>
  void pack(Archive& archive) {
    archive.list(pairs_);
    archive.list(triples_);
  }

 private:
  static constexpr std::size_t kSlots = 4096;
  static std::size_t slot(char a, char b, char c) {
    const std::uint32_t bytes = static_cast<unsigned char>(a) | static_cast<unsigned char>(b) * 256U |
                                static_cast<unsigned char>(c) * 65536U;
    return bytes * 0x9E3779B1U >> 20U;
  }
  std::vector<std::uint64_t> pairs_ = std::vector<std::uint64_t>(kSlots, 0);
  std::vector<std::uint64_t> triples_ = std::vector<std::uint64_t>(kSlots, 0);
};

// Lists of T, one after the other: list i is items[first[i]] to items[first[i + 1]].
template <typename T>
struct Lists {
  std::vector<std::uint32_t> first{0};
  std::vector<T> items;

  void add(const std::vector<T>& list) {
    items.insert(items.end(), list.begin(), list.end());
    first.push_back(static_cast<std::uint32_t>(items.size()));
  }
  const T* begin(std::uint32_t list) const { return items.data() + first[list]; }
  const T* end(std::uint32_t list) const { return items.data() + first[list + 1]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(first.size() - 1); }
  template <typename Archive>
  void pack(Archive& archive) {
    archive.list(first);
    archive.list(items);
  }
};

class Lexicon {
 public:
  std::uint32_t group_count() const { return group_count_; }
  std::uint32_t phrase_count() const { return static_cast<std::uint32_t>(phrases_.size()); }

  // With a Packer writes the tables, with an Unpacker reads them back.
  template <typename Archive>
  void pack(Archive& archive) {
    exact_.pack(archive);
    prefix_.pack(archive);
    suffix_.pack(archive);
    prefix_reach_.pack(archive);
    suffix_reach_.pack(archive);
    sets_.pack(archive);
    archive.list(set_marks_);
    branches_.pack(archive);
    archive.list(nodes_);
    archive.list(phrases_);
    archive.list(trials_);
    groups_.pack(archive);
    phrases_of_.pack(archive);
    archive.list(group_needs_);
    needs_of_.pack(archive);
    waiting_in_text_.pack(archive);
    waiting_elsewhere_.pack(archive);
    archive.list(at_start_);
    archive.list(by_class_);
    archive.value(group_count_);
    archive.value(need_count_);
  }

 private:
  friend class LexiconBuilder;
  friend class LexiconScanner;
  friend struct SoughtLists;
  friend class PhraseCompiler;

  static constexpr std::uint32_t kNone = ~0U;

  enum class Op : std::uint8_t { word, branch, gap, split, colon, unit_start, unit_end, accept };
  struct Node {
    std::uint32_t set = kNone;  // word: index into sets_, or any word; branch: index into branches_; gap: low
    std::uint32_t next = kNone;
    std::uint32_t other = kNone;  // split: the second way; branch: what to try where no way fits; gap: high
    std::uint16_t flags = 0;      // word: flags the word must have
    Op op = Op::accept;
    std::uint8_t unused = 0;
    Marks marks = kAnyMark;  // what the word in hand must share a mark with for a match to go on from here
  };
  struct Phrase {
    std::uint32_t entry = 0;
    std::uint32_t first_node = 0;  // nodes of a phrase stand together
    std::uint32_t low = 0;         // words the unit must have at least
    std::uint32_t high = ~0U;      // and at most, where the phrase spans it from "^" to "$"
    Marks first = kAnyMark;        // what the word it begins with must share a mark with
    Need needs[4] = {};            // the rarest first
    std::uint32_t from_start = 0;  // begins with "^"
    std::uint32_t unused = 0;
  };
  // One way of a choice: the word that begins it, and where the matching goes on behind that word.
  struct Branch {
    std::uint32_t atom = 0;
    std::uint32_t next = 0;
  };
  // A phrase to try where one of its words is met: where it may begin, and in what kind of unit.
  struct Trial {
    std::uint32_t phrase = 0;
    std::uint8_t low = 0;  // words before the one met
    std::uint8_t high = 0;
    std::uint8_t from_start = 0;  // the phrase begins with "^"
    UnitKinds kinds = 0;          // of unit in which it is looked for
    Need needs[2] = {};           // of the unit
    std::uint32_t least = 0;      // words of the unit
    std::uint32_t most = ~0U;
    std::uint32_t entry = 0;  // index into nodes_
    Marks first = kAnyMark;   // what the word that it begins with must share a mark with
  };
  // What must be there for a trial to be worth it. Most end here, so it is small.
  struct Waiting {
    Marks before = kAnyMark;  // what the word before the one met must share a mark with
    Marks after = kAnyMark;   // and the word behind
    std::uint32_t trial = 0;  // index into trials_
    Need needs[2] = {};       // of the unit, without that of the word met; rarer than those of the trial
  };
  struct ClassWaiting {
    Waiting waiting;
    Marks word = kAnyMark;  // what the anchor must share a mark with
  };

  AtomTable exact_;
  AtomTable prefix_;
  AtomTable suffix_;
  Reach prefix_reach_;            // by the first bytes
  Reach suffix_reach_;            // by the last, the very last first
  Lists<std::uint32_t> sets_;     // sorted atoms
  std::vector<Marks> set_marks_;  // by set
  Lists<Branch> branches_;        // sorted by atom
  std::vector<Node> nodes_;
  std::vector<Phrase> phrases_;
  Lists<GroupId> groups_;             // by phrase: the groups that are looked for in some kind of unit
  Lists<std::uint32_t> phrases_of_;   // by group: its phrases
  std::vector<Need> group_needs_;     // by group: what a unit must hold for one of its phrases to stand there
  Lists<Need> needs_of_;              // by atom: the needs that it meets
  Lists<Waiting> waiting_in_text_;    // by atom: what is looked for in prose, lists and tables
  Lists<Waiting> waiting_elsewhere_;  // by atom: what is looked for in other kinds of unit
  std::vector<Trial> trials_;
  std::vector<std::uint32_t> at_start_;  // trials of phrases that begin with "^" and have no anchor
  std::vector<ClassWaiting> by_class_;   // phrases whose anchor may be any word of a class
  std::uint32_t group_count_ = 0;
  std::uint32_t need_count_ = kFirstSetNeed;
};

class LexiconBuilder {
 public:
  // Adds a group of phrases. The error names the phrase and what is wrong with it (code `rule`).
  // The group is looked for in each unit of the kinds given (elsewhere only when somebody asks). The same
  // list given twice gives the same id and the kinds of both.
  Result<GroupId> add_group(const std::vector<std::string>& phrases, const WordLists& lists,
                            UnitKinds kinds = kAllUnits);

  // The tables of all groups added. The builder is empty afterwards.
  Lexicon build();

 private:
  friend class PhraseCompiler;

  // A place where a phrase waits: on any of the words, or of the classes of words.
  struct Anchor {
    Lexicon::Trial trial;
    Lexicon::Waiting waiting;
    std::vector<std::uint32_t> atoms;
    std::vector<Marks> classes;
  };

  void make_group_needs();
  void add_waiting(std::vector<Lexicon::Waiting>& list, const Lexicon::Waiting& one);
  std::uint32_t atom(std::unordered_map<std::uint64_t, std::uint32_t>& table, std::string_view folded);
  Result<std::vector<std::uint32_t>> add_phrase(const std::string& text, const WordLists& lists);

  Lexicon out_;
  std::unordered_map<std::uint64_t, std::uint32_t> exact_;
  std::unordered_map<std::uint64_t, std::uint32_t> prefix_;
  std::unordered_map<std::uint64_t, std::uint32_t> suffix_;
  std::vector<std::uint32_t> frequency_;  // by atom: expected occurrences in 10,000 words
  std::map<std::vector<std::uint32_t>, std::uint32_t> set_ids_;
  std::map<std::uint32_t, Need> need_ids_;  // by set
  std::unordered_map<std::string, std::vector<std::uint32_t>>
      phrase_ids_;  // one text can become several phrases
  std::map<std::vector<std::string>, GroupId> group_ids_;
  std::vector<std::vector<std::uint32_t>> group_phrases_;
  std::vector<UnitKinds> group_kinds_;
  std::vector<std::vector<Anchor>> anchors_;  // by phrase
};

}  // namespace cardwarden
