// SPDX-License-Identifier: Apache-2.0
// Phrases → tables. Runs when the program is built, and for users' own rules when they are loaded.
#include "evidence/lexicon.h"

#include <algorithm>
#include <iterator>

#include "evidence/phrase_compiler.h"
#include "evidence/phrase_shape.h"
#include "evidence/word_frequency.h"

namespace cardwarden {
namespace {

using phrase::Element;
using phrase::Sequence;

// Expected visits of a phrase that waits on a word: occurrences in 10,000 words; a word off the list counts
// one.
std::uint32_t frequency_of(std::string_view word, bool prefix, bool suffix) {
  std::uint32_t sum = 1;
  if (suffix) {
    for (const WordFrequency& one : kWordFrequency) {
      if (one.word.size() >= word.size() && one.word.substr(one.word.size() - word.size()) == word)
        sum += one.in_10k;
    }
    return sum;
  }
  const auto* at =
      std::lower_bound(std::begin(kWordFrequency), std::end(kWordFrequency), word,
                       [](const WordFrequency& one, std::string_view key) { return one.word < key; });
  for (; at != std::end(kWordFrequency) && at->word.substr(0, word.size()) == word; ++at) {
    if (prefix || at->word.size() == word.size()) sum += at->in_10k;
  }
  return sum;
}

}  // namespace

std::uint32_t LexiconBuilder::atom(std::unordered_map<std::uint64_t, std::uint32_t>& table,
                                   std::string_view folded) {
  const auto [place, added] = table.emplace(hash_word(folded), static_cast<std::uint32_t>(frequency_.size()));
  if (added) {
    frequency_.push_back(frequency_of(folded, &table == &prefix_, &table == &suffix_));
    const auto at = [folded](std::size_t i) { return i < folded.size() ? folded[i] : '\0'; };
    const std::size_t size = folded.size();
    if (&table == &prefix_) out_.prefix_reach_.add(at(0), at(1), at(2), size);
    if (&table == &suffix_) out_.suffix_reach_.add(at(size - 1), at(size - 2), at(size - 3), size);
  }
  return place->second;
}

namespace {

constexpr std::size_t kMostApart = 200;  // ways of a choice that become phrases of their own

// A choice that is the whole phrase, but for "^", "$" and ":", becomes a phrase for each of its longer ways,
// so that each waits on its own rarest word; the ways of one word stay together.
std::vector<Sequence> apart(Sequence sequence) {
  std::size_t choice = sequence.size();
  for (std::size_t i = 0; i < sequence.size(); ++i) {
    const Element::Type type = sequence[i].type;
    if (type == Element::Type::unit_start || type == Element::Type::unit_end || type == Element::Type::colon)
      continue;
    if (type != Element::Type::choice || sequence[i].optional || choice != sequence.size())
      return {std::move(sequence)};
    choice = i;
  }
  if (choice == sequence.size()) return {std::move(sequence)};
  std::vector<Sequence> ways = std::move(sequence[choice].ways);
  phrase::splice(ways);
  std::vector<Sequence> out;
  std::vector<Sequence> short_ways;
  const auto with = [&](Sequence middle) {
    Sequence whole(sequence.begin(), sequence.begin() + static_cast<std::ptrdiff_t>(choice));
    whole.insert(whole.end(), std::make_move_iterator(middle.begin()), std::make_move_iterator(middle.end()));
    whole.insert(whole.end(), sequence.begin() + static_cast<std::ptrdiff_t>(choice) + 1, sequence.end());
    return whole;
  };
  for (Sequence& way : ways) {
    const bool one_word = way.size() == 1 && way[0].type == Element::Type::word;
    if (one_word || out.size() >= kMostApart) {
      short_ways.push_back(std::move(way));
    } else {
      out.push_back(with(std::move(way)));
    }
  }
  if (!short_ways.empty()) {
    Element element{.type = Element::Type::choice};
    element.ways = std::move(short_ways);
    out.push_back(with({std::move(element)}));
  }
  return out;
}

}  // namespace

Result<std::vector<std::uint32_t>> LexiconBuilder::add_phrase(const std::string& text,
                                                              const WordLists& lists) {
  const auto known = phrase_ids_.find(text);
  if (known != phrase_ids_.end()) return known->second;
  auto sequence = phrase::parse(text, lists);
  if (!sequence) return sequence.error();
  std::vector<std::uint32_t> ids;
  for (const Sequence& one : apart(std::move(*sequence))) {
    ids.push_back(out_.phrase_count());
    if (!PhraseCompiler(*this).compile(one)) {
      return Error{ErrorCode::rule, "the phrase \"" + text + "\" unfolds to more than " +
                                        std::to_string(kMaxNodes) + " steps"};
    }
  }
  if (frequency_.size() >= AtomTable::kMaxAtoms) {
    return Error{ErrorCode::rule, "the phrases of all rules hold more than " +
                                      std::to_string(AtomTable::kMaxAtoms) + " different words"};
  }
  phrase_ids_.emplace(text, ids);
  return ids;
}

Result<GroupId> LexiconBuilder::add_group(const std::vector<std::string>& phrases, const WordLists& lists,
                                          UnitKinds kinds) {
  const auto known = group_ids_.find(phrases);
  if (known != group_ids_.end()) {
    group_kinds_[known->second] |= kinds;
    return known->second;
  }
  std::vector<std::uint32_t> all;
  for (const std::string& text : phrases) {
    auto ids = add_phrase(text, lists);
    if (!ids) return ids.error();
    all.insert(all.end(), ids->begin(), ids->end());
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  group_phrases_.push_back(std::move(all));
  group_kinds_.push_back(kinds);
  group_ids_.emplace(phrases, out_.group_count_);
  return out_.group_count_++;
}

// Groups that are only asked for are asked often and answer no: one look at the words on which their phrases
// wait spares asking phrase by phrase.
void LexiconBuilder::make_group_needs() {
  PhraseCompiler compiler(*this);
  for (GroupId group = 0; group < out_.group_count_; ++group) {
    Need need = kNoNeed;
    if (group_kinds_[group] == 0) {
      std::vector<std::uint32_t> atoms;
      bool words_only = true;
      for (const std::uint32_t phrase : group_phrases_[group]) {
        for (const Anchor& anchor : anchors_[phrase]) {
          words_only = words_only && !anchor.atoms.empty() && anchor.classes.empty();
          atoms.insert(atoms.end(), anchor.atoms.begin(), anchor.atoms.end());
        }
      }
      if (words_only && !atoms.empty()) need = compiler.need_of(std::move(atoms));
    }
    out_.group_needs_.push_back(need);
  }
}

namespace {

constexpr UnitKinds kText = bit(UnitKind::prose) | bit(UnitKind::list) | bit(UnitKind::table);

}  // namespace

// Two ways of a phrase that wait on one word at one place are tried once, where either may fit.
void LexiconBuilder::add_waiting(std::vector<Lexicon::Waiting>& list, const Lexicon::Waiting& one) {
  const Lexicon::Trial& trial = out_.trials_[one.trial];
  const auto needed_by_both = [&](Need need) {
    return std::find(std::begin(one.needs), std::end(one.needs), need) != std::end(one.needs) ||
           std::find(std::begin(trial.needs), std::end(trial.needs), need) != std::end(trial.needs);
  };
  const auto keep_common = [&](Need(&needs)[2]) {
    for (Need& need : needs) need = needed_by_both(need) ? need : kNoNeed;
  };
  for (Lexicon::Waiting& other : list) {
    Lexicon::Trial& known = out_.trials_[other.trial];
    if (known.phrase != trial.phrase || known.low != trial.low || known.high != trial.high) continue;
    other.before |= one.before;
    other.after |= one.after;
    keep_common(other.needs);
    keep_common(known.needs);
    return;
  }
  list.push_back(one);
}

Lexicon LexiconBuilder::build() {
  make_group_needs();
  out_.exact_.build(exact_);
  out_.prefix_.build(prefix_);
  out_.suffix_.build(suffix_);
  std::vector<std::vector<GroupId>> groups(out_.phrases_.size());
  std::vector<UnitKinds> kinds(out_.phrases_.size(), 0);
  for (GroupId group = 0; group < out_.group_count_; ++group) {
    out_.phrases_of_.add(group_phrases_[group]);
    for (const std::uint32_t phrase : group_phrases_[group]) {
      if (group_kinds_[group] != 0) groups[phrase].push_back(group);
      kinds[phrase] |= group_kinds_[group];
    }
  }
  std::vector<std::vector<Lexicon::Waiting>> in_text(frequency_.size());
  std::vector<std::vector<Lexicon::Waiting>> elsewhere(frequency_.size());
  for (std::uint32_t phrase = 0; phrase < out_.phrases_.size(); ++phrase) {
    out_.groups_.add(groups[phrase]);
    if (groups[phrase].empty()) continue;  // only looked for when asked
    for (Anchor& anchor : anchors_[phrase]) {
      anchor.waiting.trial = static_cast<std::uint32_t>(out_.trials_.size());
      anchor.trial.kinds = kinds[phrase];
      out_.trials_.push_back(anchor.trial);
      for (const std::uint32_t atom : anchor.atoms) {
        if ((kinds[phrase] & kText) != 0) add_waiting(in_text[atom], anchor.waiting);
        if ((kinds[phrase] & ~kText) != 0) add_waiting(elsewhere[atom], anchor.waiting);
      }
      for (const Marks marks : anchor.classes) out_.by_class_.push_back({anchor.waiting, marks});
      if (anchor.atoms.empty() && anchor.classes.empty()) out_.at_start_.push_back(anchor.waiting.trial);
    }
  }
  std::vector<bool> used(out_.need_count_, false);
  for (const Lexicon::Phrase& phrase : out_.phrases_) {
    for (const Need need : phrase.needs) used[need] = true;
  }
  for (const Need need : out_.group_needs_) used[need] = true;
  for (const auto& anchors : anchors_) {
    for (const Anchor& anchor : anchors) {
      for (const Need need : anchor.waiting.needs) used[need] = true;
      for (const Need need : anchor.trial.needs) used[need] = true;
    }
  }
  std::vector<std::vector<Need>> needs(frequency_.size());
  for (const auto& [set, need] : need_ids_) {
    if (!used[need]) continue;
    for (const std::uint32_t* atom = out_.sets_.begin(set); atom != out_.sets_.end(set); ++atom)
      needs[*atom].push_back(need);
  }
  for (const auto& of_atom : needs) out_.needs_of_.add(of_atom);
  for (const auto& phrases : in_text) out_.waiting_in_text_.add(phrases);
  for (const auto& phrases : elsewhere) out_.waiting_elsewhere_.add(phrases);
  Lexicon out = std::move(out_);
  *this = LexiconBuilder{};
  return out;
}

void AtomTable::build(const std::unordered_map<std::uint64_t, std::uint32_t>& entries) {
  std::size_t size = 2;
  while (size < entries.size() * 2 + 2) size *= 2;
  slots_.assign(size, 0);
  mask_ = size - 1;
  // In the order of the hashes, so that the same phrases always give the same tables.
  std::vector<std::pair<std::uint64_t, std::uint32_t>> sorted(entries.begin(), entries.end());
  std::sort(sorted.begin(), sorted.end());
  for (const auto& [hash, atom] : sorted) {
    std::size_t at = hash & mask_;
    while (slots_[at] != 0) at = (at + 1) & mask_;
    slots_[at] = (hash & ~std::uint64_t{kMaxAtoms}) | (atom + 1);
  }
}

}  // namespace cardwarden
