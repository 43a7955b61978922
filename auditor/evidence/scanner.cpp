// SPDX-License-Identifier: Apache-2.0
#include "evidence/scanner.h"

#include <algorithm>

#include "evidence/phrase.h"

namespace cardwarden {
namespace {

constexpr std::uint64_t kFnvBasis = 14695981039346656037ULL;
constexpr std::uint64_t kFnvPrime = 1099511628211ULL;

constexpr std::uint32_t kPatience = 256;         // steps of one match before failed states are remembered
constexpr std::size_t kMaxRemembered = 1 << 18;  // words a scanner remembers before it starts afresh
constexpr std::size_t kFirstRemembered = 1 << 12;

}  // namespace

LexiconScanner::LexiconScanner(const Lexicon& lexicon)
    : lexicon_(&lexicon),
      seen_(kFirstRemembered),
      atom_unit_(lexicon.waiting_.size(), 0),
      set_unit_(lexicon.sets_.size(), 0),
      group_unit_(lexicon.group_count_, 0),
      phrase_unit_(lexicon.phrases_.size(), 0) {}

void LexiconScanner::forget() {
  std::fill(seen_.begin(), seen_.end(), Seen{});
  seen_count_ = 0;
  pool_.clear();
}

void LexiconScanner::grow() {
  std::vector<Seen> old(seen_.size() * 2);
  old.swap(seen_);
  for (const Seen& one : old) {
    if (one.hash == 0) continue;
    std::size_t at = one.hash & (seen_.size() - 1);
    while (seen_[at].hash != 0) at = (at + 1) & (seen_.size() - 1);
    seen_[at] = one;
  }
}

LexiconScanner::Atoms LexiconScanner::atoms_of(std::string_view text, const Word& word) {
  if (word.hash == 0) return {};
  const std::size_t mask = seen_.size() - 1;
  std::size_t at = word.hash & mask;
  while (seen_[at].hash != 0) {
    if (seen_[at].hash == word.hash) return seen_[at].atoms;
    at = (at + 1) & mask;
  }
  const Atoms atoms = look_up(text, word);
  seen_[at] = {word.hash, atoms};
  if (++seen_count_ * 2 > seen_.size()) grow();
  return atoms;
}

// The atoms of a word met for the first time: itself, its prefixes, its suffixes.
LexiconScanner::Atoms LexiconScanner::look_up(std::string_view text, const Word& word) {
  const Lexicon& lexicon = *lexicon_;
  Atoms atoms{static_cast<std::uint32_t>(pool_.size()), 0};
  const auto add = [&](const AtomTable& table, std::uint64_t hash) {
    const std::uint32_t atom = table.find(hash);
    if (atom != AtomTable::kNone) pool_.push_back(atom);
  };
  const std::string_view folded = fold_word(text.substr(word.begin, word.length), fold_);
  add(lexicon.exact_, word.hash);
  std::uint64_t hash = kFnvBasis;
  for (const char c : folded.substr(0, phrase::kMaxAffixBytes)) {
    hash = (hash ^ static_cast<unsigned char>(c)) * kFnvPrime;
    add(lexicon.prefix_, hash);
  }
  if (!lexicon.suffix_.empty()) {
    const std::size_t longest = std::min(folded.size(), phrase::kMaxAffixBytes);
    for (std::size_t from = folded.size() - longest; from < folded.size(); ++from)
      add(lexicon.suffix_, hash_word(folded.substr(from)));
  }
  atoms.count = static_cast<std::uint32_t>(pool_.size()) - atoms.first;
  return atoms;
}

bool LexiconScanner::satisfies(Atoms atoms, std::uint32_t set) const {
  const std::uint32_t* const begin = lexicon_->sets_.begin(set);
  const std::uint32_t* const end = lexicon_->sets_.end(set);
  for (std::uint32_t i = 0; i < atoms.count; ++i) {
    const std::uint32_t atom = pool_[atoms.first + i];
    if (end - begin <= 8 ? std::find(begin, end, atom) != end : std::binary_search(begin, end, atom))
      return true;
  }
  return false;
}

// The end of the match (one past its last word), or -1.
std::int64_t LexiconScanner::match(std::uint32_t index, std::uint32_t at) {
  const std::uint32_t words = unit_->last_word - unit_->first_word;
  while (true) {
    const Lexicon::Node& node = lexicon_->nodes_[index];
    if (++steps_ > kPatience) {
      const std::size_t state = std::size_t{index - failed_base_} * (words + 1) + (at - unit_->first_word);
      if (failed_.size() <= state) failed_.resize(state + words + 1, false);
      if (failed_[state]) return -1;
      failed_[state] = true;  // a state is only reached again after it failed
    }
    switch (node.op) {
      case Lexicon::Op::accept:
        return at;
      case Lexicon::Op::word: {
        if (at >= unit_->last_word) return -1;
        if ((prose_->words[at].flags & node.flags) != node.flags) return -1;
        if (node.set != Lexicon::kNone && !satisfies(unit_atoms_[at - unit_->first_word], node.set))
          return -1;
        ++at;
        index = node.next;
        break;
      }
      case Lexicon::Op::branch: {
        if (at < unit_->last_word) {
          const std::int64_t end = follow(node, at);
          if (end >= 0) return end;
        }
        if (node.other == Lexicon::kNone) return -1;
        index = node.other;
        break;
      }
      case Lexicon::Op::colon:
        if (at == unit_->first_word || (prose_->words[at - 1].flags & kColon) == 0) return -1;
        index = node.next;
        break;
      case Lexicon::Op::unit_start:
        if (at != unit_->first_word || unit_->continued) return -1;
        index = node.next;
        break;
      case Lexicon::Op::unit_end:
        if (at != unit_->last_word) return -1;
        index = node.next;
        break;
      case Lexicon::Op::split: {
        const std::int64_t end = match(node.next, at);
        if (end >= 0) return end;
        index = node.other;
        break;
      }
      case Lexicon::Op::gap: {
        for (std::uint32_t skip = node.low; skip <= node.high && at + skip <= unit_->last_word; ++skip) {
          const std::int64_t end = match(node.next, at + skip);
          if (end >= 0) return end;
        }
        return -1;
      }
    }
  }
}

// The ways of a choice that begin with the word at `at`.
std::int64_t LexiconScanner::follow(const Lexicon::Node& node, std::uint32_t at) {
  const Lexicon::Branch* const begin = lexicon_->branches_.begin(node.set);
  const Lexicon::Branch* const end = lexicon_->branches_.end(node.set);
  const Atoms atoms = unit_atoms_[at - unit_->first_word];
  for (std::uint32_t i = 0; i < atoms.count; ++i) {
    const std::uint32_t atom = pool_[atoms.first + i];
    const auto way = std::lower_bound(
        begin, end, atom, [](const Lexicon::Branch& one, std::uint32_t key) { return one.atom < key; });
    if (way == end || way->atom != atom) continue;
    const std::int64_t found = match(way->next, at + 1);
    if (found >= 0) return found;
  }
  return -1;
}

void LexiconScanner::report(std::uint32_t phrase, std::uint32_t begin, std::uint32_t end) {
  for (const GroupId* group = lexicon_->groups_.begin(phrase); group != lexicon_->groups_.end(phrase);
       ++group) {
    if (group_unit_[*group] == serial_ * 2 + 1) continue;
    group_unit_[*group] = serial_ * 2 + 1;
    hits_->push_back(Hit{*group, begin, end});
  }
}

// Whether the unit in hand has the length and the words that the phrase needs, wherever they stand.
bool LexiconScanner::has_chance(std::uint32_t phrase) {
  const Lexicon::Phrase& needs = lexicon_->phrases_[phrase];
  if (unit_->size() < needs.low || unit_->size() > needs.high || (unit_flags_ & needs.flags) != needs.flags)
    return false;
  return std::all_of(lexicon_->required_.begin(phrase), lexicon_->required_.end(phrase),
                     [this](std::uint32_t set) { return set_unit_[set] == serial_; });
}

std::int64_t LexiconScanner::begin_match(std::uint32_t phrase, std::uint32_t at) {
  steps_ = 0;
  failed_base_ = lexicon_->phrases_[phrase].first_node;
  const std::int64_t end = match(lexicon_->phrases_[phrase].entry, at);
  if (steps_ > kPatience) failed_.clear();
  return end;
}

void LexiconScanner::try_phrase(const Lexicon::Waiting& waiting, std::uint32_t at) {
  if ((waiting.kinds & bit(unit_->kind)) == 0) return;
  std::uint32_t& known = phrase_unit_[waiting.phrase];
  if (known == serial_ * 2) return;  // it has matched in this unit, or cannot
  if (known != serial_ * 2 + 1) {
    known = serial_ * 2 + (has_chance(waiting.phrase) ? 1U : 0U);
    if (known == serial_ * 2) return;
  }
  const std::uint32_t room = at - unit_->first_word;
  if (waiting.from_start != 0 && (room < waiting.low || room > waiting.high)) return;
  const std::uint32_t nearest = waiting.from_start != 0 ? room : waiting.low;
  for (std::uint32_t before = nearest; before <= waiting.high && before <= room; ++before) {
    const std::int64_t end = begin_match(waiting.phrase, at - before);
    if (end < 0) continue;
    known = serial_ * 2;
    report(waiting.phrase, at - before, static_cast<std::uint32_t>(end));
    return;
  }
}

bool LexiconScanner::stands_somewhere(std::uint32_t phrase) {
  if (!has_chance(phrase)) return false;
  const std::uint32_t last =
      lexicon_->phrases_[phrase].from_start != 0 ? unit_->first_word + 1 : unit_->last_word;
  for (std::uint32_t at = unit_->first_word; at < last; ++at) {
    if (begin_match(phrase, at) >= 0) return true;
  }
  return false;
}

bool LexiconScanner::holds(GroupId group) {
  std::uint32_t& known = group_unit_[group];
  if (known / 2 == serial_) return (known & 1U) != 0;
  const bool found = std::any_of(lexicon_->phrases_of_.begin(group), lexicon_->phrases_of_.end(group),
                                 [this](std::uint32_t phrase) { return stands_somewhere(phrase); });
  known = serial_ * 2 + (found ? 1U : 0U);
  return found;
}

void LexiconScanner::scan(std::string_view text, const Prose& prose, std::uint32_t unit,
                          std::vector<Hit>& hits) {
  constexpr std::uint32_t kLastSerial = 0x7FFFFFF0U;
  if (seen_count_ >= kMaxRemembered) forget();
  if (serial_ >= kLastSerial) *this = LexiconScanner(*lexicon_);
  const Lexicon& lexicon = *lexicon_;
  prose_ = &prose;
  hits_ = &hits;
  unit_ = &prose.units[unit];
  ++serial_;
  unit_atoms_.clear();
  unit_flags_ = 0;
  for (std::uint32_t at = unit_->first_word; at < unit_->last_word; ++at) {
    const Atoms atoms = atoms_of(text, prose.words[at]);
    unit_atoms_.push_back(atoms);
    unit_flags_ |= prose.words[at].flags;
    for (std::uint32_t k = 0; k < atoms.count; ++k) {
      const std::uint32_t atom = pool_[atoms.first + k];
      if (atom_unit_[atom] == serial_) continue;
      atom_unit_[atom] = serial_;
      for (const std::uint32_t* set = lexicon.sets_of_.begin(atom); set != lexicon.sets_of_.end(atom); ++set)
        set_unit_[*set] = serial_;
    }
  }
  for (const Lexicon::Waiting& one : lexicon.at_start_) try_phrase(one, unit_->first_word);
  for (std::uint32_t at = unit_->first_word; at < unit_->last_word; ++at) {
    const Atoms atoms = unit_atoms_[at - unit_->first_word];
    for (std::uint32_t k = 0; k < atoms.count; ++k) {
      const std::uint32_t atom = pool_[atoms.first + k];
      for (const Lexicon::Waiting* one = lexicon.waiting_.begin(atom); one != lexicon.waiting_.end(atom);
           ++one)
        try_phrase(*one, at);
    }
  }
  for (const Lexicon::ClassWaiting& one : lexicon.by_class_) {
    if ((unit_flags_ & one.flags) != one.flags) continue;
    for (std::uint32_t at = unit_->first_word;
         at < unit_->last_word && phrase_unit_[one.waiting.phrase] != serial_ * 2; ++at) {
      if ((prose.words[at].flags & one.flags) == one.flags) try_phrase(one.waiting, at);
    }
  }
}

}  // namespace cardwarden
