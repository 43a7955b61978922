// SPDX-License-Identifier: Apache-2.0
#include "evidence/phrase_compiler.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <map>

#include "evidence/phrase_shape.h"

namespace cardwarden {
namespace {

using phrase::Element;
using phrase::Length;
using phrase::Sequence;

constexpr std::uint32_t kNever = ~0U;           // the cost of an anchor that is none
constexpr std::uint32_t kMaxBeforeAnchor = 60;  // words of a phrase before its anchor
constexpr std::uint32_t kMaxNeeds = 1U << 16U;  // a Need counts so far
constexpr std::uint32_t kFlagVisits = 400;      // how often a number or a name is met in 10,000 words, about
constexpr std::uint32_t kTry = 16;              // cost of trying a phrase, in glances at a possible start

// Of a word with all these flags: one of them will do.
Marks marks_of_class(std::uint16_t flags) {
  const Marks marks = marks_of_flags(flags);
  return marks == 0 ? kAnyMark : marks & (~marks + 1);
}

template <std::size_t N>
void keep_first(const std::vector<Need>& needs, Need (&kept)[N]) {
  std::copy_n(needs.begin(), std::min(needs.size(), N), kept);
}

}  // namespace

bool PhraseCompiler::compile(const Sequence& sequence) {
  const auto index = static_cast<std::uint32_t>(out_.phrases_.size());
  const auto first = static_cast<std::uint32_t>(out_.nodes_.size());
  limit_ = first + kMaxNodes;
  const std::uint32_t accept = add({.op = Lexicon::Op::accept});
  const Length length = length_of(sequence);
  const bool whole =
      sequence.front().type == Element::Type::unit_start && sequence.back().type == Element::Type::unit_end;
  Lexicon::Phrase phrase{build(sequence, accept), first, length.low, whole ? length.high : ~0U};
  keep_first(needs_of(sequence, sequence.size()), phrase.needs);
  phrase.first = first_marks(sequence, 0);
  phrase.from_start = sequence.front().type == Element::Type::unit_start ? 1 : 0;
  out_.phrases_.push_back(phrase);
  builder_.anchors_.emplace_back();
  if (out_.nodes_.size() > limit_) return false;
  wait(sequence, index);
  return true;
}

std::uint32_t PhraseCompiler::add(Lexicon::Node node) {
  node.marks = marks_of(node);
  out_.nodes_.push_back(node);
  return static_cast<std::uint32_t>(out_.nodes_.size() - 1);
}

std::uint32_t PhraseCompiler::atom_of(const Element& element) {
  auto& table = element.star == Element::Star::prefix   ? builder_.prefix_
                : element.star == Element::Star::suffix ? builder_.suffix_
                                                        : builder_.exact_;
  return builder_.atom(table, element.word);
}

std::vector<std::uint32_t> PhraseCompiler::atoms_of(const std::vector<const Element*>& elements) {
  std::vector<std::uint32_t> atoms;
  for (const Element* element : elements) {
    if (element->type == Element::Type::word) atoms.push_back(atom_of(*element));
  }
  std::sort(atoms.begin(), atoms.end());
  atoms.erase(std::unique(atoms.begin(), atoms.end()), atoms.end());
  return atoms;
}

std::uint32_t PhraseCompiler::set_of(std::vector<std::uint32_t> atoms) {
  std::sort(atoms.begin(), atoms.end());
  atoms.erase(std::unique(atoms.begin(), atoms.end()), atoms.end());
  const auto [place, added] = builder_.set_ids_.emplace(atoms, out_.sets_.size());
  if (added) {
    out_.sets_.add(atoms);
    Marks marks = 0;
    for (const std::uint32_t atom : atoms) marks |= mark_of_atom(atom);
    out_.set_marks_.push_back(marks);
  }
  return place->second;
}

std::uint32_t PhraseCompiler::build(const Sequence& sequence, std::uint32_t next) {
  for (auto element = sequence.rbegin(); element != sequence.rend(); ++element) next = build(*element, next);
  return next;
}

std::uint32_t PhraseCompiler::build(const Element& element, std::uint32_t next) {
  using Op = Lexicon::Op;
  switch (element.type) {
    case Element::Type::word:
      return add({.set = set_of({atom_of(element)}), .next = next, .op = Op::word});
    case Element::Type::any:
      return add({.next = next, .flags = element.flags, .op = Op::word});
    case Element::Type::gap:
      return add({.set = element.low, .next = next, .other = element.high, .op = Op::gap});
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

Marks PhraseCompiler::marks_of(const Lexicon::Node& node) const {
  using Op = Lexicon::Op;
  const auto of = [this](std::uint32_t index) {
    return index == Lexicon::kNone ? Marks{0} : out_.nodes_[index].marks;
  };
  switch (node.op) {
    case Op::word:
      if (node.set != Lexicon::kNone) return out_.set_marks_[node.set];
      return marks_of_class(node.flags);
    case Op::branch: {
      Marks marks = of(node.other);
      for (const Lexicon::Branch* way = out_.branches_.begin(node.set); way != out_.branches_.end(node.set);
           ++way)
        marks |= mark_of_atom(way->atom);
      return marks;
    }
    case Op::split:
      return of(node.next) | of(node.other);
    case Op::colon:
    case Op::unit_start:
      return of(node.next);
    case Op::gap:
    case Op::unit_end:
    case Op::accept:
      break;
  }
  return kAnyMark;
}

// Of a word or a class of words; kAnyMark where it may be any word.
Marks PhraseCompiler::marks_of(const Element& word) {
  if (word.type == Element::Type::word) return mark_of_atom(atom_of(word));
  return marks_of_class(word.flags);
}

// Of the words that may stand first in what is left of a sequence; kAnyMark where that may be any word, or
// none.
Marks PhraseCompiler::first_marks(const Sequence& sequence, std::size_t from) {
  Marks marks = 0;
  for (std::size_t i = from; i < sequence.size(); ++i) {
    const Element& element = sequence[i];
    if (is_marker(element)) continue;
    if (element.type == Element::Type::word || element.type == Element::Type::any)
      return marks | marks_of(element);
    if (element.type != Element::Type::choice) return kAnyMark;
    for (const Sequence& way : element.ways) marks |= first_marks(way, 0);
    if (!element.optional) return marks;
  }
  return kAnyMark;
}

// Of the words that may stand last in the beginning of a sequence, up to `to`.
Marks PhraseCompiler::last_marks(const Sequence& sequence, std::size_t to) {
  Marks marks = 0;
  for (std::size_t i = to; i-- > 0;) {
    const Element& element = sequence[i];
    if (element.type == Element::Type::colon) continue;
    if (element.type == Element::Type::word || element.type == Element::Type::any)
      return marks | marks_of(element);
    if (element.type != Element::Type::choice) return kAnyMark;
    for (const Sequence& way : element.ways) marks |= last_marks(way, way.size());
    if (!element.optional) return marks;
  }
  return kAnyMark;
}

// Of the words that may stand right behind the word that the anchor begins with.
Marks PhraseCompiler::marks_behind(const Sequence& sequence, std::size_t anchor) {
  const Element& element = sequence[anchor];
  if (element.type != Element::Type::choice) return first_marks(sequence, anchor + 1);
  Marks marks = 0;
  for (const Sequence& way : element.ways) {
    const bool word = way.front().type == Element::Type::word || way.front().type == Element::Type::any;
    if (!word) return kAnyMark;
    marks |= way.size() > 1 ? first_marks(way, 1) : first_marks(sequence, anchor + 1);
  }
  return marks;
}

Need PhraseCompiler::need_of_set(std::uint32_t set) {
  if (const auto known = builder_.need_ids_.find(set); known != builder_.need_ids_.end())
    return known->second;
  if (out_.need_count_ >= kMaxNeeds) return kNoNeed;
  const auto need = static_cast<Need>(out_.need_count_++);
  builder_.need_ids_.emplace(set, need);
  return need;
}

// What a unit must hold for the phrase to have a chance, the rarest first: a word of each compulsory element.
std::vector<Need> PhraseCompiler::needs_of(const Sequence& sequence, std::size_t but) {
  std::vector<std::pair<std::uint32_t, Need>> seen;  // how often one is met
  for (std::size_t i = 0; i < sequence.size(); ++i) {
    const Element& element = sequence[i];
    std::vector<const Element*> first;
    if (i == but || element.optional || !first_of(element, first)) continue;
    if (element.type == Element::Type::any && element.flags != 0) {
      const unsigned flag =
          static_cast<unsigned>(std::countr_zero(marks_of_class(element.flags))) - kFlagMarks;
      seen.emplace_back(kFlagVisits, static_cast<Need>(1 + flag));
    } else if (all_words(first)) {
      seen.emplace_back(visits(first), need_of_set(set_of(atoms_of(first))));
    }
  }
  std::sort(seen.begin(), seen.end());
  std::vector<Need> needs;
  for (const auto& [visits, need] : seen) {
    if (std::find(needs.begin(), needs.end(), need) == needs.end()) needs.push_back(need);
  }
  return needs;
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
  std::size_t at = sequence.size();
  std::vector<const Element*> anchor;
  for (std::size_t i = 0; i < sequence.size(); ++i) {
    const Element& element = sequence[i];
    std::vector<const Element*> first;
    const bool compulsory = !element.optional && first_of(element, first);
    // A wide range of starts costs a glance each; with "^" there is only one start.
    const std::uint32_t starts = from_start ? 1 : 1 + (before.high - before.low);
    const std::uint32_t seen = compulsory ? visits(first) : kNever;
    const std::uint32_t cost = seen == kNever ? kNever : seen * (kTry + starts);
    if (cost < least && before.high <= kMaxBeforeAnchor) {
      least = cost;
      anchor = std::move(first);
      at = i;
      best.low = static_cast<std::uint8_t>(before.low);
      best.high = static_cast<std::uint8_t>(before.high);
    }
    const Length one = length_of(element);
    before.low += one.low;
    before.high += one.high;
  }
  const bool chosen = at != sequence.size();
  keep_first(needs_of(sequence, at), best.needs);
  if (chosen) {
    best.before = last_marks(sequence, at);
    best.after = marks_behind(sequence, at);
  }
  LexiconBuilder::Anchor& kept = builder_.anchors_[index];
  kept.waiting = best;
  if (!chosen && from_start) return;  // build() tries it at the start of each unit
  if (!chosen) {
    // No element of plain words: wait on what may stand first, words and classes; at worst on every word.
    if (!first_of(sequence, anchor)) {
      kept.classes.push_back(kAnyMark);
      return;
    }
    for (const Element* element : anchor) {
      if (element->type == Element::Type::any) kept.classes.push_back(marks_of(*element));
    }
    if (!sequence.front().optional) kept.waiting.after = marks_behind(sequence, 0);
  }
  kept.atoms = atoms_of(anchor);
}

}  // namespace cardwarden
