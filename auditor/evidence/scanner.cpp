// SPDX-License-Identifier: Apache-2.0
#include "evidence/scanner.h"

#include <algorithm>
#include <bit>

#include "evidence/phrase.h"

namespace cardwarden {
namespace {

constexpr std::uint32_t kPatience = 256;         // steps of one match before failed states are remembered
constexpr std::size_t kMaxRemembered = 1 << 18;  // words a scanner remembers before it starts afresh
constexpr std::size_t kFirstRemembered = 1 << 15;
constexpr std::size_t kFirstShared = 1 << 13;
constexpr std::size_t kSharedTries = 8;
constexpr std::uint32_t kNeedsOfARow = 24;  // a word that meets more has them as a row of bits

}  // namespace

LexiconScanner::LexiconScanner(const SoughtLists& sought)
    : lexicon_(sought.lexicon),
      sought_(&sought),
      seen_(kFirstRemembered),
      shared_(kFirstShared),
      atoms_(1),
      met_((sought.need_count + 63) / 64, 0),
      wanted_(sought.wanted),
      group_unit_(lexicon_->group_count_, 0),
      phrase_unit_(sought.phrases.size(), 0) {}

void LexiconScanner::want(GroupId group, bool wanted) {
  for (const std::uint32_t* phrase = lexicon_->phrases_of_.begin(group);
       phrase != lexicon_->phrases_of_.end(group); ++phrase) {
    wanted_[*phrase] = static_cast<std::uint16_t>(wanted_[*phrase] + (wanted ? 1 : -1));
  }
}

void LexiconScanner::forget() {
  std::fill(seen_.begin(), seen_.end(), 0);
  seen_hashes_.clear();
  std::fill(shared_.begin(), shared_.end(), Shared{});
  pool_.clear();
  atoms_.resize(1);
  needs_.clear();
  rows_.clear();
  waiting_.clear();
}

void LexiconScanner::grow() {
  std::vector<Seen> old(seen_.size() * 2);
  old.swap(seen_);
  for (const std::uint64_t hash : seen_hashes_) {
    std::size_t from = hash & (old.size() - 1);
    while ((old[from] & ~(kIsSeen - 1)) != key_of(hash)) from = (from + 1) & (old.size() - 1);
    std::size_t to = hash & (seen_.size() - 1);
    while (seen_[to] != 0) to = (to + 1) & (seen_.size() - 1);
    seen_[to] = old[from];
  }
}

// Where a word is remembered, or where it would be.
std::size_t LexiconScanner::place_of(std::uint64_t hash) const {
  const std::size_t mask = seen_.size() - 1;
  std::size_t at = hash & mask;
  while (seen_[at] != 0 && (seen_[at] & ~(kIsSeen - 1)) != key_of(hash)) at = (at + 1) & mask;
  return at;
}

std::uint32_t LexiconScanner::learn(std::string_view text, const Word& word) {
  const std::size_t at = place_of(word.hash);
  if (seen_[at] != 0) return static_cast<std::uint32_t>(seen_[at] & (kIsSeen - 1));
  const auto first = static_cast<std::uint32_t>(pool_.size());
  look_up(text, word);
  const std::uint32_t atoms = pool_.size() == first ? 0 : share(first);
  seen_[at] = key_of(word.hash) | atoms;
  seen_hashes_.push_back(word.hash);
  if (seen_hashes_.size() * 3 > seen_.size() * 2) grow();
  return atoms;
}

// The atoms of the words of the unit. The tables are larger than the nearest caches: what a word leads to is
// fetched while others are read. Words that are new are gathered, and looked up when all are known.
void LexiconScanner::read_words(std::string_view text, const Word* words) {
  const std::uint32_t size = unit_->size();
  for (std::uint32_t i = 0; i < size; ++i) __builtin_prefetch(&seen_[words[i].hash & (seen_.size() - 1)]);
  fresh_.clear();
  for (std::uint32_t i = 0; i < size; ++i) {
    const Seen seen = words[i].hash == 0 ? kIsSeen : seen_[place_of(words[i].hash)];
    unit_atoms_[i] = static_cast<std::uint32_t>(seen & (kIsSeen - 1));
    if (seen == 0) {
      fresh_.push_back(i);
      lexicon_->exact_.fetch(words[i].hash);
    } else {
      __builtin_prefetch(&atoms_[unit_atoms_[i]]);
    }
  }
  for (const std::uint32_t i : fresh_) unit_atoms_[i] = learn(text, words[i]);
}

// The atoms of a word met for the first time go to the end of pool_: itself, its prefixes, its suffixes.
void LexiconScanner::look_up(std::string_view text, const Word& word) {
  const Lexicon& lexicon = *lexicon_;
  const auto add = [&](const AtomTable& table, std::uint64_t hash) {
    const std::uint32_t atom = table.find(hash);
    if (atom != AtomTable::kNone) pool_.push_back(atom);
  };
  const std::string_view folded = fold_word(text.substr(word.begin, word.length), fold_);
  add(lexicon.exact_, word.hash);
  const std::size_t size = folded.size();
  if (size < phrase::kMinAffixBytes) return;
  const std::uint64_t possible = size < 63 ? (std::uint64_t{2} << size) - 1 : ~std::uint64_t{0};
  const char* const back = folded.data() + size - 1;
  for (std::uint64_t lengths =
           possible & lexicon.prefix_reach_.lengths(folded[0], folded[1], size > 2 ? folded[2] : '\0');
       lengths != 0; lengths &= lengths - 1) {
    const auto length = static_cast<std::size_t>(std::countr_zero(lengths));
    add(lexicon.prefix_, hash_word(folded.substr(0, length)));
  }
  for (std::uint64_t lengths =
           possible & lexicon.suffix_reach_.lengths(back[0], back[-1], size > 2 ? back[-2] : '\0');
       lengths != 0; lengths &= lengths - 1) {
    const auto length = static_cast<std::size_t>(std::countr_zero(lengths));
    add(lexicon.suffix_, hash_word(folded.substr(size - length)));
  }
}

// The entry of the atoms from `first` to the end of pool_.
std::uint32_t LexiconScanner::share(std::uint32_t first) {
  std::uint64_t hash = kFnvBasis;
  for (std::size_t i = first; i < pool_.size(); ++i) hash = (hash ^ pool_[i]) * 1099511628211ULL;
  // A list that finds no place among a few is not shared, which costs room only.
  for (std::size_t i = 0; i < kSharedTries; ++i) {
    Shared& place = shared_[(hash + i) & (shared_.size() - 1)];
    if (place.atoms == 0) {
      place = {static_cast<std::uint32_t>(hash >> 32U), remember(first)};
      return place.atoms;
    }
    if (place.hash != static_cast<std::uint32_t>(hash >> 32U)) continue;
    const Atoms& known = atoms_[place.atoms];
    const bool same = known.count == pool_.size() - first &&
                      std::equal(pool_.begin() + first, pool_.end(), pool_.begin() + known.first);
    if (!same) continue;
    pool_.resize(first);
    return place.atoms;
  }
  return remember(first);
}

std::uint32_t LexiconScanner::remember(std::uint32_t first) {
  Atoms atoms{.first = first, .count = static_cast<std::uint32_t>(pool_.size()) - first};
  atoms.first_need = static_cast<std::uint32_t>(needs_.size());
  const auto list_of = [&](std::uint32_t i) { return pool_[first + i]; };
  std::uint32_t last_alone = 0;
  for (std::uint32_t i = 0; i < atoms.count; ++i) {
    const std::uint32_t atom = list_of(i);
    atoms.marks |= mark_of_atom(atom);
    needs_.insert(needs_.end(), sought_->needs.begin(atom), sought_->needs.end(atom));
    atoms.elsewhere = atoms.elsewhere || sought_->elsewhere.begin(atom) != sought_->elsewhere.end(atom);
    if (sought_->in_text.begin(atom) == sought_->in_text.end(atom)) continue;
    ++atoms.lone;
    last_alone = atom;
  }
  const auto first_need = needs_.begin() + atoms.first_need;
  if (needs_.end() - first_need > kNeedsOfARow) {
    atoms.row = static_cast<std::uint32_t>(rows_.size());
    rows_.resize(rows_.size() + met_.size(), 0);
    std::for_each(first_need, needs_.end(), [&](Need need) { set_need(rows_.data() + atoms.row, need); });
    needs_.erase(first_need, needs_.end());
  }
  atoms.last_need = static_cast<std::uint32_t>(needs_.size());
  if (atoms.lone == 1) {
    atoms.first_waiting = sought_->in_text.first[last_alone];
    atoms.last_waiting = sought_->in_text.first[last_alone + 1];
  } else if (atoms.lone > 1) {
    atoms.first_waiting = static_cast<std::uint32_t>(waiting_.size());
    for (std::uint32_t i = 0; i < atoms.count; ++i) {
      waiting_.insert(waiting_.end(), sought_->in_text.begin(list_of(i)), sought_->in_text.end(list_of(i)));
    }
    atoms.last_waiting = static_cast<std::uint32_t>(waiting_.size());
  }
  atoms_.push_back(atoms);
  return static_cast<std::uint32_t>(atoms_.size() - 1);
}

bool LexiconScanner::satisfies(std::uint32_t at, std::uint32_t set) const {
  const std::uint32_t word = at - unit_->first_word;
  if ((unit_marks_[word + 1] & lexicon_->set_marks_[set]) == 0) return false;
  const Atoms& atoms = atoms_[unit_atoms_[word]];
  const std::uint32_t* const begin = lexicon_->sets_.begin(set);
  const std::uint32_t* const end = lexicon_->sets_.end(set);
  for (std::uint32_t i = 0; i < atoms.count; ++i) {
    const std::uint32_t atom = pool_[atoms.first + i];
    if ((mark_of_atom(atom) & lexicon_->set_marks_[set]) == 0) continue;
    if (end - begin == 1 ? *begin == atom : std::binary_search(begin, end, atom)) return true;
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

// The last branch whose atom is not above the one given, else the first: a search without a branch of its
// own, for where it goes cannot be foreseen.
const Lexicon::Branch* LexiconScanner::last_not_above(const Lexicon::Branch* begin,
                                                      const Lexicon::Branch* end, std::uint32_t atom) {
  for (std::size_t size = static_cast<std::size_t>(end - begin); size > 1;) {
    const std::size_t half = size / 2;
    begin += begin[half].atom <= atom ? half : 0;
    size -= half;
  }
  return begin;
}

// The ways of a choice that begin with the word at `at`.
std::int64_t LexiconScanner::follow(const Lexicon::Node& node, std::uint32_t at) {
  const Lexicon::Branch* const begin = lexicon_->branches_.begin(node.set);
  const Lexicon::Branch* const end = lexicon_->branches_.end(node.set);
  const Atoms& atoms = atoms_[unit_atoms_[at - unit_->first_word]];
  for (std::uint32_t i = 0; i < atoms.count; ++i) {
    const std::uint32_t atom = pool_[atoms.first + i];
    if ((mark_of_atom(atom) & node.marks) == 0) continue;
    const Lexicon::Branch* const way = last_not_above(begin, end, atom);
    if (way->atom != atom) continue;
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
  failed_base_ = sought_->phrases[phrase].first_node;
  const std::int64_t end = match(sought_->phrases[phrase].entry, at);
  if (steps_ > kPatience) failed_.clear();
  return end;
}

// What the trials need is far apart in memory: it is fetched for all of a unit before the first is tried.
void LexiconScanner::propose(std::uint32_t trial, std::uint32_t at) {
  __builtin_prefetch(&sought_->trials[trial]);
  proposed_.push_back({trial, at});
}

void LexiconScanner::try_proposed() {
  std::size_t kept = 0;
  for (const Proposed one : proposed_) {
    const Lexicon::Trial& trial = sought_->trials[one.trial];
    if (!may_stand(trial)) continue;
    __builtin_prefetch(&lexicon_->nodes_[trial.entry]);
    proposed_[kept++] = one;
  }
  for (std::size_t i = 0; i < kept; ++i) try_phrase(sought_->trials[proposed_[i].trial], proposed_[i].at);
  proposed_.clear();
}

// Whether a trial is of use in the unit in hand, wherever in it.
bool LexiconScanner::may_stand(const Lexicon::Trial& trial) const {
  return (trial.kinds & bit(unit_->kind)) != 0 && wanted_[trial.phrase] != 0 && meets(trial.needs[0]) &&
         meets(trial.needs[1]) && unit_->size() >= trial.least && unit_->size() <= trial.most;
}

void LexiconScanner::try_phrase(const Lexicon::Trial& trial, std::uint32_t at) {
  if (phrase_unit_[trial.phrase] == serial_) return;
  const std::uint32_t room = at - unit_->first_word;
  if (trial.from_start != 0 && (room < trial.low || room > trial.high)) return;
  const std::uint32_t nearest = trial.from_start != 0 ? room : trial.low;
  for (std::uint32_t before = nearest; before <= trial.high && before <= room; ++before) {
    if ((unit_marks_[room - before + 1] & trial.first) == 0) continue;
    const std::int64_t end = begin_match(trial.phrase, at - before);
    if (end < 0) continue;
    phrase_unit_[trial.phrase] = serial_;
    report(trial.phrase, at - before, static_cast<std::uint32_t>(end));
    return;
  }
}

std::optional<Hit> LexiconScanner::find_phrase(std::uint32_t index) {
  const Lexicon::Phrase& phrase = sought_->phrases[index];
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
  if (!meets(sought_->group_needs[group])) return false;
  const bool found = std::any_of(lexicon_->phrases_of_.begin(group), lexicon_->phrases_of_.end(group),
                                 [this](std::uint32_t phrase) { return find_phrase(phrase).has_value(); });
  known = serial_ * 2 + (found ? 1U : 0U);
  return found;
}

// Of several phrases of the group, the hit that begins first.
std::optional<Hit> LexiconScanner::find(GroupId group) {
  std::optional<Hit> first;
  if (!meets(sought_->group_needs[group])) return first;
  for (const std::uint32_t* phrase = lexicon_->phrases_of_.begin(group);
       phrase != lexicon_->phrases_of_.end(group); ++phrase) {
    const auto hit = find_phrase(*phrase);
    if (hit && (!first || hit->first_word < first->first_word))
      first = Hit{group, hit->first_word, hit->last_word};
  }
  return first;
}

void LexiconScanner::take(std::string_view text, const Prose& prose, std::uint32_t unit) {
  constexpr std::uint32_t kLastSerial = 0x7FFFFFF0U;
  if (seen_hashes_.size() >= kMaxRemembered) forget();
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
  std::fill(met_.begin(), met_.end(), 0);
  const Word* const words = prose.words.data() + unit_->first_word;
  read_words(text, words);
  for (std::uint32_t i = 0; i < size; ++i) {
    const Atoms& atoms = atoms_[unit_atoms_[i]];
    __builtin_prefetch(needs_.data() + atoms.first_need);
    if (atoms.row != kNoRow) __builtin_prefetch(rows_.data() + atoms.row);
    __builtin_prefetch(waiting_of(atoms) + atoms.first_waiting);
    unit_marks_[i + 1] = atoms.marks | marks_of_flags(words[i].flags) | kAnyMark;
    marks_ |= unit_marks_[i + 1];
  }
  for (std::uint32_t i = 0; i < size; ++i) {
    const Atoms& atoms = atoms_[unit_atoms_[i]];
    if (atoms.row != kNoRow) {
      const std::uint64_t* const row = rows_.data() + atoms.row;
      for (std::size_t k = 0; k < met_.size(); ++k) met_[k] |= row[k];
    }
    for (std::uint32_t need = atoms.first_need; need < atoms.last_need; ++need)
      set_need(met_.data(), needs_[need]);
  }
  // The marks of the flags are the needs behind the one that is always met.
  met_[0] |= Marks{1} << kNoNeed | (marks_ >> kFlagMarks & 0x7FU) << 1U;
}

void LexiconScanner::scan(std::string_view text, const Prose& prose, std::uint32_t unit,
                          std::vector<Hit>& hits) {
  take(text, prose, unit);
  hits_ = &hits;
  for (const std::uint32_t trial : sought_->at_start) propose(trial, unit_->first_word);
  const UnitKind kind = unit_->kind;
  if (kind == UnitKind::prose || kind == UnitKind::list || kind == UnitKind::table) {
    scan_text();
  } else {
    scan_elsewhere();
  }
  try_proposed();
  scan_classes();
}

void LexiconScanner::scan_text() {
  for (std::uint32_t at = unit_->first_word; at < unit_->last_word; ++at) {
    const Atoms& atoms = atoms_[unit_atoms_[at - unit_->first_word]];
    const Lexicon::Waiting* const waiting = waiting_of(atoms);
    for (std::uint32_t i = atoms.first_waiting; i < atoms.last_waiting; ++i) {
      if (fits_around(waiting[i], at)) propose(waiting[i].trial, at);
    }
  }
}

void LexiconScanner::scan_elsewhere() {
  const Lists<Lexicon::Waiting>& waiting = sought_->elsewhere;
  for (std::uint32_t at = unit_->first_word; at < unit_->last_word; ++at) {
    const Atoms& atoms = atoms_[unit_atoms_[at - unit_->first_word]];
    if (!atoms.elsewhere) continue;
    for (std::uint32_t k = 0; k < atoms.count; ++k) {
      const std::uint32_t atom = pool_[atoms.first + k];
      for (const Lexicon::Waiting* one = waiting.begin(atom); one != waiting.end(atom); ++one) {
        if (fits_around(*one, at)) propose(one->trial, at);
      }
    }
  }
}

// Phrases whose anchor may be any word of a class.
void LexiconScanner::scan_classes() {
  for (const Lexicon::ClassWaiting& one : sought_->by_class) {
    if ((marks_ & one.word) == 0) continue;
    const Lexicon::Trial& trial = sought_->trials[one.waiting.trial];
    if (!may_stand(trial)) continue;
    for (std::uint32_t at = unit_->first_word; at < unit_->last_word && phrase_unit_[trial.phrase] != serial_;
         ++at) {
      const bool may_be = (unit_marks_[at - unit_->first_word + 1] & one.word) != 0;
      if (may_be && fits_around(one.waiting, at)) try_phrase(trial, at);
    }
  }
}

}  // namespace cardwarden
