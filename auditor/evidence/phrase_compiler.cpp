// SPDX-License-Identifier: Apache-2.0
#include "evidence/phrase_compiler.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "evidence/phrase_shape.h"

namespace cardwarden {
namespace {

using phrase::Element;
using phrase::Length;
using phrase::Sequence;

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
  keep_needs(needs_of(sequence, sequence.size()), phrase.needs);
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
      return phrase::marks_of_class(node.flags);
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
  return phrase::marks_of_class(word.flags);
}

// Of the words that may stand first in what is left of a sequence; `rest` of those behind its end.
Marks PhraseCompiler::first_marks(const Sequence& sequence, std::size_t from, Marks rest) {
  Marks marks = 0;
  for (std::size_t i = from; i < sequence.size(); ++i) {
    const Element& element = sequence[i];
    if (is_marker(element)) continue;
    if (element.type == Element::Type::word || element.type == Element::Type::any)
      return marks | marks_of(element);
    if (element.type != Element::Type::choice) return kAnyMark;
    for (const Sequence& way : element.ways) marks |= first_marks(way, 0, kAnyMark);
    if (!element.optional) return marks;
  }
  return marks | rest;
}

// Of the words that may stand last in the beginning of a sequence, up to `to`; `rest` of those before it.
Marks PhraseCompiler::last_marks(const Sequence& sequence, std::size_t to, Marks rest) {
  Marks marks = 0;
  for (std::size_t i = to; i-- > 0;) {
    const Element& element = sequence[i];
    if (element.type == Element::Type::colon) continue;
    if (element.type == Element::Type::word || element.type == Element::Type::any)
      return marks | marks_of(element);
    if (element.type != Element::Type::choice) return kAnyMark;
    for (const Sequence& way : element.ways) marks |= last_marks(way, way.size(), kAnyMark);
    if (!element.optional) return marks;
  }
  return marks | rest;
}

// Of the words that may stand right behind the word that an element begins with; `rest` of those behind the
// element.
Marks PhraseCompiler::marks_behind(const Element& element, Marks rest) {
  if (element.type != Element::Type::choice) return rest;
  Marks marks = 0;
  for (const Sequence& way : element.ways) {
    const bool word = way.front().type == Element::Type::word || way.front().type == Element::Type::any;
    if (!word) return kAnyMark;
    marks |= first_marks(way, 1, rest);
  }
  return marks;
}

}  // namespace cardwarden
