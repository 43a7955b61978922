// SPDX-License-Identifier: Apache-2.0
#include "evidence/scanner.h"

#include <algorithm>

#include "evidence/phrase.h"

namespace cardwarden {
namespace {

constexpr std::uint32_t kPatience = 256;         // steps of one match before failed states are remembered
constexpr std::size_t kMaxRemembered = 1 << 18;  // words a scanner remembers before it starts afresh
constexpr std::size_t kFirstRemembered = 1 << 12;

}  // namespace

LexiconScanner::LexiconScanner(const Lexicon& lexicon)
    : lexicon_(&lexicon),
      seen_(kFirstRemembered),
      atoms_(1),
      met_(lexicon.need_count_, 0),
      wanted_(lexicon.phrases_.size(), 0),
      group_unit_(lexicon.group_count_, 0),
      phrase_unit_(lexicon.phrases_.size(), 0) {
  for (GroupId group = 0; group < lexicon.group_count_; ++group) want(group, true);
}

void LexiconScanner::want(GroupId group, bool wanted) {
  for (const std::uint32_t* phrase = lexicon_->phrases_of_.begin(group);
       phrase != lexicon_->phrases_of_.end(group); ++phrase) {
    wanted_[*phrase] = static_cast<std::uint16_t>(wanted_[*phrase] + (wanted ? 1 : -1));
  }
}

void LexiconScanner::forget() {
  std::fill(seen_.begin(), seen_.end(), Seen{});
  seen_count_ = 0;
  pool_.clear();
  atoms_.resize(1);
  needs_.clear();
  waiting_.clear();
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

std::uint32_t LexiconScanner::atoms_of(std::string_view text, const Word& word) {
  if (word.hash == 0) return 0;
  const std::size_t mask = seen_.size() - 1;
  std::size_t at = word.hash & mask;
  while (seen_[at].hash != 0) {
    if (seen_[at].hash == word.hash) return seen_[at].atoms;
    at = (at + 1) & mask;
  }
  const Atoms found = look_up(text, word);
  const auto atoms = found.count == 0 ? 0U : static_cast<std::uint32_t>(atoms_.size());
  if (atoms != 0) remember(found);
  seen_[at] = {word.hash, atoms};
  if (++seen_count_ * 2 > seen_.size()) grow();
  return atoms;
}

void LexiconScanner::remember(Atoms atoms) {
  atoms.first_need = static_cast<std::uint32_t>(needs_.size());
  for (std::uint32_t i = 0; i < atoms.count; ++i) {
    const std::uint32_t atom = pool_[atoms.first + i];
    needs_.insert(needs_.end(), lexicon_->needs_of_.begin(atom), lexicon_->needs_of_.end(atom));
  }
  const auto first = needs_.begin() + atoms.first_need;
  std::sort(first, needs_.end());
  needs_.erase(std::unique(first, needs_.end()), needs_.end());
  atoms.last_need = static_cast<std::uint32_t>(needs_.size());
  atoms.first_waiting = static_cast<std::uint32_t>(waiting_.size());
  for (std::uint32_t i = 0; i < atoms.count; ++i) {
    const std::uint32_t atom = pool_[atoms.first + i];
    waiting_.insert(waiting_.end(), lexicon_->waiting_in_text_.begin(atom),
                    lexicon_->waiting_in_text_.end(atom));
  }
  atoms.last_waiting = static_cast<std::uint32_t>(waiting_.size());
  atoms_.push_back(atoms);
}

// The atoms of a word met for the first time: itself, its prefixes, its suffixes.
LexiconScanner::Atoms LexiconScanner::look_up(std::string_view text, const Word& word) {
  const Lexicon& lexicon = *lexicon_;
  Atoms atoms{.first = static_cast<std::uint32_t>(pool_.size())};
  const auto add = [&](const AtomTable& table, std::uint64_t hash) {
    const std::uint32_t atom = table.find(hash);
    if (atom == AtomTable::kNone) return;
    pool_.push_back(atom);
    atoms.marks |= mark_of_atom(atom);
  };
  const std::string_view folded = fold_word(text.substr(word.begin, word.length), fold_);
  add(lexicon.exact_, word.hash);
  const std::size_t size = folded.size();
  if (size >= phrase::kMinAffixBytes) {
    std::uint64_t hash = kFnvBasis;
    const std::size_t reach = lexicon.prefix_reach_.longest(Reach::slot(folded[0], folded[1]));
    for (std::size_t length = 1; length <= std::min(size, reach); ++length) {
      hash = hash_more(hash, folded[length - 1]);
      if (length >= phrase::kMinAffixBytes) add(lexicon.prefix_, hash);
    }
    const std::size_t back = lexicon.suffix_reach_.longest(Reach::slot(folded[size - 2], folded[size - 1]));
    for (std::size_t length = std::min(size, back); length >= phrase::kMinAffixBytes; --length)
      add(lexicon.suffix_, hash_word(folded.substr(size - length)));
  }
  atoms.count = static_cast<std::uint32_t>(pool_.size()) - atoms.first;
  return atoms;
}

bool LexiconScanner::satisfies(std::uint32_t at, std::uint32_t set) const {
  const std::uint32_t word = at - unit_->first_word;
  if ((unit_marks_[word + 1] & lexicon_->set_marks_[set]) == 0) return false;
  const Atoms& atoms = atoms_[unit_atoms_[word]];
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
    if ((unit_marks_[at - unit_->first_word + 1] & node.marks) == 0) return -1;
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
        if (node.set != Lexicon::kNone && !satisfies(at, node.set)) return -1;
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
        const Lexicon::Node& next = lexicon_->nodes_[node.next];
        for (std::uint32_t skip = node.set; skip <= node.other && at + skip <= unit_->last_word; ++skip) {
          if ((unit_marks_[at + skip - unit_->first_word + 1] & next.marks) == 0) continue;
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
  const Atoms& atoms = atoms_[unit_atoms_[at - unit_->first_word]];
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

// Whether the unit as a whole leaves the phrase a chance.
bool LexiconScanner::may_stand(const Lexicon::Phrase& phrase) const {
  return meets(phrase.needs[0]) && meets(phrase.needs[1]) && meets(phrase.needs[2]) &&
         meets(phrase.needs[3]) && unit_->size() >= phrase.low && unit_->size() <= phrase.high;
}

std::int64_t LexiconScanner::begin_match(std::uint32_t phrase, std::uint32_t at) {
  steps_ = 0;
  failed_base_ = lexicon_->phrases_[phrase].first_node;
  const std::int64_t end = match(lexicon_->phrases_[phrase].entry, at);
  if (steps_ > kPatience) failed_.clear();
  return end;
}

void LexiconScanner::try_phrase(const Lexicon::Waiting& waiting, std::uint32_t at) {
  if ((waiting.kinds & bit(unit_->kind)) == 0 || wanted_[waiting.phrase] == 0 ||
      phrase_unit_[waiting.phrase] == serial_)
    return;
  const Lexicon::Phrase& phrase = lexicon_->phrases_[waiting.phrase];
  if (!may_stand(phrase)) return;
  const std::uint32_t room = at - unit_->first_word;
  if (waiting.from_start != 0 && (room < waiting.low || room > waiting.high)) return;
  const std::uint32_t nearest = waiting.from_start != 0 ? room : waiting.low;
  for (std::uint32_t before = nearest; before <= waiting.high && before <= room; ++before) {
    if ((unit_marks_[room - before + 1] & phrase.first) == 0) continue;
    const std::int64_t end = begin_match(waiting.phrase, at - before);
    if (end < 0) continue;
    phrase_unit_[waiting.phrase] = serial_;
    report(waiting.phrase, at - before, static_cast<std::uint32_t>(end));
    return;
  }
}

std::optional<Hit> LexiconScanner::find_phrase(std::uint32_t index) {
  const Lexicon::Phrase& phrase = lexicon_->phrases_[index];
  if (!may_stand(phrase)) return std::nullopt;
  const std::uint32_t last = phrase.from_start != 0 ? unit_->first_word + 1 : unit_->last_word;
  for (std::uint32_t at = unit_->first_word; at < last; ++at) {
    if ((unit_marks_[at - unit_->first_word + 1] & phrase.first) == 0) continue;
    const std::int64_t end = begin_match(index, at);
    if (end >= 0) return Hit{0, at, static_cast<std::uint32_t>(end)};
  }
  return std::nullopt;
}

bool LexiconScanner::holds(GroupId group) {
  std::uint32_t& known = group_unit_[group];
  if (known / 2 == serial_) return (known & 1U) != 0;
  if (!meets(lexicon_->group_needs_[group])) return false;
  const bool found = std::any_of(lexicon_->phrases_of_.begin(group), lexicon_->phrases_of_.end(group),
                                 [this](std::uint32_t phrase) { return find_phrase(phrase).has_value(); });
  known = serial_ * 2 + (found ? 1U : 0U);
  return found;
}

// Of several phrases of the group, the hit that begins first.
std::optional<Hit> LexiconScanner::find(GroupId group) {
  std::optional<Hit> first;
  if (!meets(lexicon_->group_needs_[group])) return first;
  for (const std::uint32_t* phrase = lexicon_->phrases_of_.begin(group);
       phrase != lexicon_->phrases_of_.end(group); ++phrase) {
    const auto hit = find_phrase(*phrase);
    if (hit && (!first || hit->first_word < first->first_word))
      first = Hit{group, hit->first_word, hit->last_word};
  }
  return first;
}

// No need is met yet: the stamps of the units before are not this unit's.
void LexiconScanner::begin_needs() {
  if (++stamp_ != 0) return;
  std::fill(met_.begin(), met_.end(), 0);
  stamp_ = 1;
}

void LexiconScanner::take(std::string_view text, const Prose& prose, std::uint32_t unit) {
  constexpr std::uint32_t kLastSerial = 0x7FFFFFF0U;
  if (seen_count_ >= kMaxRemembered) forget();
  if (serial_ >= kLastSerial) {
    std::fill(group_unit_.begin(), group_unit_.end(), 0);
    std::fill(phrase_unit_.begin(), phrase_unit_.end(), 0);
    serial_ = 0;
  }
  prose_ = &prose;
  unit_ = &prose.units[unit];
  ++serial_;
  const std::uint32_t size = unit_->size();
  unit_atoms_.resize(size);
  unit_marks_.resize(std::size_t{size} + 2);
  unit_marks_.front() = unit_marks_.back() = marks_ = kAnyMark;
  begin_needs();
  const Word* const words = prose.words.data() + unit_->first_word;
  // The tables are larger than the nearest caches: what a word leads to is fetched while others are read.
  for (std::uint32_t i = 0; i < size; ++i) __builtin_prefetch(&seen_[words[i].hash & (seen_.size() - 1)]);
  for (std::uint32_t i = 0; i < size; ++i) {
    unit_atoms_[i] = atoms_of(text, words[i]);
    __builtin_prefetch(&atoms_[unit_atoms_[i]]);
  }
  for (std::uint32_t i = 0; i < size; ++i) {
    const Atoms& atoms = atoms_[unit_atoms_[i]];
    __builtin_prefetch(needs_.data() + atoms.first_need);
    __builtin_prefetch(waiting_.data() + atoms.first_waiting);
    unit_marks_[i + 1] = atoms.marks | marks_of_flags(words[i].flags) | kAnyMark;
    marks_ |= unit_marks_[i + 1];
  }
  for (std::uint32_t i = 0; i < size; ++i) {
    const Atoms& atoms = atoms_[unit_atoms_[i]];
    for (std::uint32_t need = atoms.first_need; need < atoms.last_need; ++need) met_[needs_[need]] = stamp_;
  }
  met_[kNoNeed] = stamp_;
  for (unsigned flag = 0; flag < kFirstSetNeed - 1; ++flag) {
    if ((marks_ >> (kFlagMarks + flag) & 1U) != 0) met_[1 + flag] = stamp_;
  }
}

void LexiconScanner::scan(std::string_view text, const Prose& prose, std::uint32_t unit,
                          std::vector<Hit>& hits) {
  take(text, prose, unit);
  hits_ = &hits;
  for (const Lexicon::Waiting& one : lexicon_->at_start_) try_phrase(one, unit_->first_word);
  const UnitKind kind = unit_->kind;
  if (kind == UnitKind::prose || kind == UnitKind::list || kind == UnitKind::table) {
    scan_text();
  } else {
    scan_elsewhere();
  }
  scan_classes();
}

void LexiconScanner::scan_text() {
  for (std::uint32_t at = unit_->first_word; at < unit_->last_word; ++at) {
    const Atoms& atoms = atoms_[unit_atoms_[at - unit_->first_word]];
    for (std::uint32_t i = atoms.first_waiting; i < atoms.last_waiting; ++i) {
      if (fits_around(waiting_[i], at)) try_phrase(waiting_[i], at);
    }
  }
}

void LexiconScanner::scan_elsewhere() {
  const Lists<Lexicon::Waiting>& waiting = lexicon_->waiting_elsewhere_;
  for (std::uint32_t at = unit_->first_word; at < unit_->last_word; ++at) {
    const Atoms& atoms = atoms_[unit_atoms_[at - unit_->first_word]];
    for (std::uint32_t k = 0; k < atoms.count; ++k) {
      const std::uint32_t atom = pool_[atoms.first + k];
      for (const Lexicon::Waiting* one = waiting.begin(atom); one != waiting.end(atom); ++one) {
        if (fits_around(*one, at)) try_phrase(*one, at);
      }
    }
  }
}

// Phrases whose anchor may be any word of a class.
void LexiconScanner::scan_classes() {
  for (const Lexicon::ClassWaiting& one : lexicon_->by_class_) {
    const Lexicon::Waiting& waiting = one.waiting;
    if ((marks_ & one.word) == 0 || (waiting.kinds & bit(unit_->kind)) == 0 || wanted_[waiting.phrase] == 0)
      continue;
    for (std::uint32_t at = unit_->first_word;
         at < unit_->last_word && phrase_unit_[waiting.phrase] != serial_; ++at) {
      const bool may_be = (unit_marks_[at - unit_->first_word + 1] & one.word) != 0;
      if (may_be && fits_around(waiting, at)) try_phrase(waiting, at);
    }
  }
}

}  // namespace cardwarden
