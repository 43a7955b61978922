// SPDX-License-Identifier: Apache-2.0
// Phrases → tables. Runs when the program is built, and for users' own rules when they are loaded.
#include "evidence/lexicon.h"

#include <algorithm>
#include <iterator>
#include <limits>

#include "evidence/phrase.h"
#include "evidence/word_frequency.h"

namespace cardwarden {
namespace {

using phrase::Element;
using phrase::Sequence;

constexpr std::uint32_t kMaxNodes = 4'000;      // of one phrase, word lists unfolded
constexpr std::uint32_t kNever = ~0U;           // the cost of an anchor that is none
constexpr std::uint32_t kMaxBeforeAnchor = 60;  // words of a phrase before its anchor

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

struct Length {
  std::uint32_t low = 0;
  std::uint32_t high = 0;
};

Length length_of(const Sequence& sequence);

Length length_of(const Element& element) {
  switch (element.type) {
    case Element::Type::word:
    case Element::Type::any:
      return {1, 1};
    case Element::Type::gap:
      return {element.low, element.high};
    case Element::Type::choice: {
      Length all{std::numeric_limits<std::uint32_t>::max(), 0};
      for (const Sequence& way : element.ways) {
        const Length one = length_of(way);
        all.low = std::min(all.low, one.low);
        all.high = std::max(all.high, one.high);
      }
      if (element.optional) all.low = 0;
      return all;
    }
    default:
      return {0, 0};
  }
}

Length length_of(const Sequence& sequence) {
  Length all;
  for (const Element& element : sequence) {
    const Length one = length_of(element);
    all.low += one.low;
    all.high += one.high;
  }
  return all;
}

// Gathers the elements that may stand first. False when something may stand there that is no word: a gap, or
// nothing.
bool first_of(const Sequence& sequence, std::vector<const Element*>& out);

bool first_of(const Element& element, std::vector<const Element*>& out) {
  if (element.type == Element::Type::word || element.type == Element::Type::any) {
    out.push_back(&element);
    return true;
  }
  if (element.type != Element::Type::choice) return false;
  return std::all_of(element.ways.begin(), element.ways.end(),
                     [&out](const Sequence& way) { return first_of(way, out); });
}

bool first_of(const Sequence& sequence, std::vector<const Element*>& out) {
  for (const Element& element : sequence) {
    const bool marker = element.type == Element::Type::unit_start ||
                        element.type == Element::Type::unit_end || element.type == Element::Type::colon;
    if (marker) continue;
    if (!first_of(element, out)) return false;
    if (!element.optional) return true;
  }
  return false;
}

// A way that is a choice itself gives its ways to the choice around it.
void splice(std::vector<Sequence>& ways) {
  for (std::size_t i = 0; i < ways.size(); ++i) {
    while (ways[i].size() == 1 && ways[i][0].type == Element::Type::choice && !ways[i][0].optional) {
      std::vector<Sequence> inner = std::move(ways[i][0].ways);
      ways[i] = std::move(inner.front());
      ways.insert(ways.end(), std::make_move_iterator(inner.begin() + 1),
                  std::make_move_iterator(inner.end()));
    }
  }
}

bool all_words(const std::vector<const Element*>& elements) {
  return std::all_of(elements.begin(), elements.end(),
                     [](const Element* one) { return one->type == Element::Type::word; });
}

}  // namespace

// Turns one phrase into nodes and finds its anchor.
class PhraseCompiler {
 public:
  explicit PhraseCompiler(LexiconBuilder& builder) : builder_(builder), out_(builder.out_) {}

  bool compile(const Sequence& sequence) {
    const auto index = static_cast<std::uint32_t>(out_.phrases_.size());
    const auto first = static_cast<std::uint32_t>(out_.nodes_.size());
    limit_ = first + kMaxNodes;
    const std::uint32_t accept = add({.op = Lexicon::Op::accept});
    const Length length = length_of(sequence);
    const bool whole =
        sequence.front().type == Element::Type::unit_start && sequence.back().type == Element::Type::unit_end;
    Lexicon::Phrase phrase{build(sequence, accept), first, length.low, whole ? length.high : ~0U};
    for (const Element& element : sequence) {
      if (element.type == Element::Type::any) phrase.flags |= element.flags;
    }
    phrase.from_start = sequence.front().type == Element::Type::unit_start ? 1 : 0;
    out_.phrases_.push_back(phrase);
    builder_.anchors_.emplace_back();
    if (out_.nodes_.size() > limit_) return false;
    wait(sequence, index);
    require(sequence);
    return true;
  }

 private:
  std::uint32_t add(Lexicon::Node node) {
    out_.nodes_.push_back(node);
    return static_cast<std::uint32_t>(out_.nodes_.size() - 1);
  }
  std::uint32_t atom_of(const Element& element) {
    auto& table = element.star == Element::Star::prefix   ? builder_.prefix_
                  : element.star == Element::Star::suffix ? builder_.suffix_
                                                          : builder_.exact_;
    return builder_.atom(table, element.word);
  }
  std::vector<std::uint32_t> atoms_of(const std::vector<const Element*>& elements) {
    std::vector<std::uint32_t> atoms;
    for (const Element* element : elements) {
      if (element->type == Element::Type::word) atoms.push_back(atom_of(*element));
    }
    std::sort(atoms.begin(), atoms.end());
    atoms.erase(std::unique(atoms.begin(), atoms.end()), atoms.end());
    return atoms;
  }
  std::uint32_t set_of(std::vector<std::uint32_t> atoms) {
    std::sort(atoms.begin(), atoms.end());
    atoms.erase(std::unique(atoms.begin(), atoms.end()), atoms.end());
    const auto [place, added] = builder_.set_ids_.emplace(atoms, out_.sets_.size());
    if (added) out_.sets_.add(atoms);
    return place->second;
  }
  std::uint32_t build(const Sequence& sequence, std::uint32_t next) {
    for (auto element = sequence.rbegin(); element != sequence.rend(); ++element)
      next = build(*element, next);
    return next;
  }
  std::uint32_t build(const Element& element, std::uint32_t next);
  std::uint32_t build_choice(std::vector<Sequence> ways, bool optional, std::uint32_t next);
  void require(const Sequence& sequence);
  void wait(const Sequence& sequence, std::uint32_t index);
  std::uint32_t visits(const std::vector<const Element*>& first);

  LexiconBuilder& builder_;
  Lexicon& out_;
  std::size_t limit_ = 0;
};

std::uint32_t PhraseCompiler::build(const Element& element, std::uint32_t next) {
  using Op = Lexicon::Op;
  switch (element.type) {
    case Element::Type::word:
      return add({.set = set_of({atom_of(element)}), .next = next, .op = Op::word});
    case Element::Type::any:
      return add({.next = next, .flags = element.flags, .op = Op::word});
    case Element::Type::gap:
      return add({.next = next,
                  .op = Op::gap,
                  .low = static_cast<std::uint8_t>(element.low),
                  .high = static_cast<std::uint8_t>(element.high)});
    case Element::Type::unit_start:
      return add({.next = next, .op = Op::unit_start});
    case Element::Type::unit_end:
      return add({.next = next, .op = Op::unit_end});
    case Element::Type::colon:
      return add({.next = next, .op = Op::colon});
    case Element::Type::choice:
      break;
  }
  return build_choice(element.ways, element.optional, next);
}

// Ways that begin with a plain word are gathered by that word, so that a choice of a hundred ways costs a
// look-up and not a hundred tries; the others are tried in turn.
std::uint32_t PhraseCompiler::build_choice(std::vector<Sequence> ways, bool optional, std::uint32_t next) {
  splice(ways);
  std::map<std::uint32_t, std::vector<Sequence>> by_word;
  std::vector<std::uint32_t> single;
  std::uint32_t entry = optional ? next : Lexicon::kNone;
  for (Sequence& way : ways) {
    if (way.front().type == Element::Type::word) {
      const std::uint32_t atom = atom_of(way.front());
      if (way.size() == 1) single.push_back(atom);
      by_word[atom].emplace_back(way.begin() + 1, way.end());
    } else if (out_.nodes_.size() <= limit_) {
      const std::uint32_t built = build(way, next);
      entry =
          entry == Lexicon::kNone ? built : add({.next = built, .other = entry, .op = Lexicon::Op::split});
    }
  }
  if (by_word.empty()) return entry == Lexicon::kNone ? next : entry;
  if (single.size() == by_word.size() && entry == Lexicon::kNone &&
      std::all_of(by_word.begin(), by_word.end(),
                  [](const auto& one) { return one.second.size() == 1 && one.second[0].empty(); })) {
    return add({.set = set_of(std::move(single)), .next = next, .op = Lexicon::Op::word});
  }
  std::vector<Lexicon::Branch> branches;
  for (auto& [atom, rests] : by_word) {
    if (out_.nodes_.size() > limit_) break;
    const std::size_t before = rests.size();
    rests.erase(std::remove_if(rests.begin(), rests.end(), [](const Sequence& rest) { return rest.empty(); }),
                rests.end());
    const bool may_end = rests.size() < before;
    branches.push_back({atom, rests.empty() ? next : build_choice(std::move(rests), may_end, next)});
  }
  const std::uint32_t list = out_.branches_.size();
  out_.branches_.add(branches);
  return add({.set = list, .other = entry, .op = Lexicon::Op::branch});
}

// What a unit must hold for the phrase to have a chance: for each compulsory element that begins with plain
// words whatever way it goes, one of these. Small sets, asked first, fail soonest.
void PhraseCompiler::require(const Sequence& sequence) {
  std::vector<std::uint32_t> sets;
  for (const Element& element : sequence) {
    std::vector<const Element*> first;
    if (element.optional || !first_of(element, first) || !all_words(first)) continue;
    sets.push_back(set_of(atoms_of(first)));
  }
  const auto size = [this](std::uint32_t set) { return out_.sets_.end(set) - out_.sets_.begin(set); };
  std::sort(sets.begin(), sets.end(),
            [&](std::uint32_t a, std::uint32_t b) { return size(a) != size(b) ? size(a) < size(b) : a < b; });
  sets.erase(std::unique(sets.begin(), sets.end()), sets.end());
  out_.required_.add(sets);
}

// Expected visits in 10,000 words of a phrase that waits on these; kNever where one is no plain word.
std::uint32_t PhraseCompiler::visits(const std::vector<const Element*>& first) {
  std::uint32_t sum = 0;
  for (const Element* element : first) {
    if (element->type != Element::Type::word) return kNever;
    sum += builder_.frequency_[atom_of(*element)];
  }
  return sum;
}

// Chooses the anchor.
void PhraseCompiler::wait(const Sequence& sequence, std::uint32_t index) {
  const bool from_start = sequence.front().type == Element::Type::unit_start;
  Length before;
  Lexicon::Waiting best{index};
  best.from_start = from_start ? 1 : 0;
  std::uint32_t least = kNever;
  const Element* chosen = nullptr;
  std::vector<const Element*> anchor;
  for (const Element& element : sequence) {
    std::vector<const Element*> first;
    const bool compulsory = !element.optional && first_of(element, first);
    // A wide range of starts costs a try each; with "^" there is only one start.
    const std::uint32_t starts = from_start ? 1 : 1 + (before.high - before.low);
    const std::uint32_t cost = compulsory ? visits(first) : kNever;
    if (cost != kNever && cost * starts < least && before.high <= kMaxBeforeAnchor) {
      least = cost * starts;
      anchor = std::move(first);
      chosen = &element;
      best.low = static_cast<std::uint8_t>(before.low);
      best.high = static_cast<std::uint8_t>(before.high);
    }
    const Length one = length_of(element);
    before.low += one.low;
    before.high += one.high;
  }
  LexiconBuilder::Anchor& kept = builder_.anchors_[index];
  kept.waiting = best;
  if (chosen == nullptr && from_start) return;  // build() tries it at the start of each unit
  if (chosen == nullptr) {
    // No element of plain words: wait on what may stand first, words and classes; at worst on every word.
    if (!first_of(sequence, anchor)) {
      kept.classes.push_back(0);
      return;
    }
    for (const Element* element : anchor) {
      if (element->type == Element::Type::any) kept.classes.push_back(element->flags);
    }
  }
  kept.atoms = atoms_of(anchor);
}

std::uint32_t LexiconBuilder::atom(std::unordered_map<std::uint64_t, std::uint32_t>& table,
                                   std::string_view folded) {
  const auto [place, added] = table.emplace(hash_word(folded), static_cast<std::uint32_t>(frequency_.size()));
  if (added) {
    frequency_.push_back(frequency_of(folded, &table == &prefix_, &table == &suffix_));
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
  splice(ways);
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

Lexicon LexiconBuilder::build() {
  out_.exact_.build(exact_);
  out_.prefix_.build(prefix_);
  out_.suffix_.build(suffix_);
  std::vector<std::vector<GroupId>> groups(out_.phrases_.size());
  for (GroupId group = 0; group < out_.group_count_; ++group) {
    out_.phrases_of_.add(group_phrases_[group]);
    for (const std::uint32_t phrase : group_phrases_[group]) {
      if (group_kinds_[group] != 0) groups[phrase].push_back(group);
      anchors_[phrase].waiting.kinds |= group_kinds_[group];
    }
  }
  std::vector<std::vector<Lexicon::Waiting>> waiting(frequency_.size());
  for (std::uint32_t phrase = 0; phrase < out_.phrases_.size(); ++phrase) {
    out_.groups_.add(groups[phrase]);
    if (groups[phrase].empty()) continue;  // only looked for when asked
    const Anchor& anchor = anchors_[phrase];
    for (const std::uint32_t atom : anchor.atoms) waiting[atom].push_back(anchor.waiting);
    for (const std::uint32_t flags : anchor.classes) out_.by_class_.push_back({anchor.waiting, flags});
    if (anchor.atoms.empty() && anchor.classes.empty()) out_.at_start_.push_back(anchor.waiting);
  }
  for (const auto& phrases : waiting) out_.waiting_.add(phrases);
  std::vector<bool> required(out_.sets_.size(), false);
  for (const std::uint32_t set : out_.required_.items) required[set] = true;
  std::vector<std::vector<std::uint32_t>> sets_of(frequency_.size());
  for (std::uint32_t set = 0; set < out_.sets_.size(); ++set) {
    if (!required[set]) continue;
    for (const std::uint32_t* atom = out_.sets_.begin(set); atom != out_.sets_.end(set); ++atom)
      sets_of[*atom].push_back(set);
  }
  for (const auto& sets : sets_of) out_.sets_of_.add(sets);
  Lexicon out = std::move(out_);
  *this = LexiconBuilder{};
  return out;
}

void AtomTable::build(const std::unordered_map<std::uint64_t, std::uint32_t>& entries) {
  std::size_t size = 2;
  while (size < entries.size() * 2 + 2) size *= 2;
  slots_.assign(size, Slot{});
  mask_ = size - 1;
  entries_ = entries.size();
  // In the order of the hashes, so that the same phrases always give the same tables.
  std::vector<std::pair<std::uint64_t, std::uint32_t>> sorted(entries.begin(), entries.end());
  std::sort(sorted.begin(), sorted.end());
  for (const auto& [hash, atom] : sorted) {
    std::size_t at = hash & mask_;
    while (slots_[at].hash != 0) at = (at + 1) & mask_;
    slots_[at] = {hash, atom};
  }
}

}  // namespace cardwarden
