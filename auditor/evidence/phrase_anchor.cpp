// SPDX-License-Identifier: Apache-2.0
// Where a phrase waits, and what a unit must hold for it to have a chance.
#include <algorithm>
#include <bit>
#include <limits>

#include "evidence/phrase_compiler.h"

namespace cardwarden {
namespace {

using phrase::Element;
using phrase::Length;
using phrase::Sequence;

constexpr std::uint64_t kNever =
    std::numeric_limits<std::uint32_t>::max();  // the cost of an anchor that is none
constexpr std::uint32_t kMaxBeforeAnchor = 60;  // words of a phrase before its anchor
constexpr std::uint32_t kMaxNeeds = 1U << 16U;  // a Need counts so far
constexpr std::uint32_t kFlagVisits = 400;      // how often a number or a name is met in 10,000 words, about
constexpr std::uint32_t kTry = 16;              // cost of trying a phrase, in glances at a possible start

Need need_of_flag(std::uint16_t flag) {
  const unsigned mark = static_cast<unsigned>(std::countr_zero(phrase::marks_of_class(flag)));
  return static_cast<Need>(1 + mark - kFlagMarks);
}

}  // namespace

// Anchors, and what waiting on them costs.
struct PhraseCompiler::Plan {
  std::uint64_t cost = kNever;
  std::vector<LexiconBuilder::Anchor> anchors;
};

Need PhraseCompiler::need_of_set(std::uint32_t set) {
  if (const auto known = builder_.need_ids_.find(set); known != builder_.need_ids_.end())
    return known->second;
  if (out_.need_count_ >= kMaxNeeds) return kNoNeed;
  const auto need = static_cast<Need>(out_.need_count_++);
  builder_.need_ids_.emplace(set, need);
  return need;
}

// A word of each compulsory element, but for the one at `but`; and a colon where one must stand.
void PhraseCompiler::add_needs(const Sequence& sequence, std::size_t but, Needs& needs) {
  for (std::size_t i = 0; i < sequence.size(); ++i) {
    const Element& element = sequence[i];
    if (element.optional) continue;
    const bool colon = element.type == Element::Type::colon ||
                       (element.type == Element::Type::choice &&
                        std::all_of(element.ways.begin(), element.ways.end(), phrase::has_colon));
    if (colon) needs.emplace_back(kFlagVisits, need_of_flag(kColon));
    std::vector<const Element*> first;
    if (i == but || !first_of(element, first)) continue;
    if (element.type == Element::Type::any && element.flags != 0) {
      needs.emplace_back(kFlagVisits, need_of_flag(element.flags));
    } else if (all_words(first)) {
      needs.emplace_back(visits(first), need_of_set(set_of(atoms_of(first))));
    }
  }
}

PhraseCompiler::Needs PhraseCompiler::needs_of(const Sequence& sequence, std::size_t but) {
  Needs needs;
  add_needs(sequence, but, needs);
  return needs;
}

// Keeps the rarest.
void PhraseCompiler::keep_needs(Needs needs, Need (&kept)[4]) {
  std::sort(needs.begin(), needs.end());
  Need* at = kept;
  for (const auto& [visits, need] : needs) {
    if (at != std::end(kept) && std::find(kept, at, need) == at) *at++ = need;
  }
}

// The rarest are looked at first.
void PhraseCompiler::keep_needs(Needs needs, LexiconBuilder::Anchor& anchor) {
  Need kept[4] = {};
  keep_needs(std::move(needs), kept);
  std::copy_n(kept, 2, anchor.waiting.needs);
  std::copy_n(kept + 2, 2, anchor.trial.needs);
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

// Waiting in one way of the choice at `at`, on the rarest of its words.
PhraseCompiler::Plan PhraseCompiler::plan_way(const Sequence& sequence, std::size_t at, Length before,
                                              const Sequence& way) {
  const bool from_start = sequence.front().type == Element::Type::unit_start;
  Plan best;
  for (std::size_t i = 0; i < way.size(); ++i) {
    const Element& element = way[i];
    std::vector<const Element*> first;
    if (!element.optional && before.high <= kMaxBeforeAnchor && first_of(element, first) &&
        all_words(first)) {
      // A wide range of starts costs a glance each; with "^" there is only one start.
      const std::uint32_t starts = from_start ? 1 : 1 + (before.high - before.low);
      const std::uint64_t cost = std::uint64_t{visits(first)} * (kTry + starts);
      if (cost < best.cost) {
        LexiconBuilder::Anchor anchor;
        anchor.trial.low = static_cast<std::uint8_t>(before.low);
        anchor.trial.high = static_cast<std::uint8_t>(before.high);
        anchor.waiting.before = last_marks(way, i, last_marks(sequence, at));
        anchor.waiting.after = marks_behind(element, first_marks(way, i + 1, first_marks(sequence, at + 1)));
        Needs needs = needs_of(sequence, at);
        add_needs(way, i, needs);
        keep_needs(std::move(needs), anchor);
        anchor.atoms = atoms_of(first);
        best.cost = cost;
        best.anchors.clear();
        best.anchors.push_back(std::move(anchor));
      }
    }
    const Length length = length_of(element);
    before.low += length.low;
    before.high += length.high;
  }
  return best;
}

// Waiting on the element at `at`: of a choice, on a word of each way.
PhraseCompiler::Plan PhraseCompiler::plan(const Sequence& sequence, std::size_t at, Length before) {
  const Element& element = sequence[at];
  if (element.optional) return {};
  if (element.type != Element::Type::choice) return plan_way(sequence, at, before, {element});
  std::vector<Sequence> ways = element.ways;
  phrase::splice(ways);
  Plan all{0, {}};
  for (const Sequence& way : ways) {
    Plan one = plan_way(sequence, at, before, way);
    if (one.cost == kNever) return {};
    all.cost += one.cost;
    std::move(one.anchors.begin(), one.anchors.end(), std::back_inserter(all.anchors));
  }
  return all;
}

// Chooses the anchors.
void PhraseCompiler::wait(const Sequence& sequence, std::uint32_t index) {
  const bool from_start = sequence.front().type == Element::Type::unit_start;
  Length before;
  Plan best;
  for (std::size_t i = 0; i < sequence.size(); ++i) {
    Plan one = plan(sequence, i, before);
    if (one.cost < best.cost) best = std::move(one);
    const Length length = length_of(sequence[i]);
    before.low += length.low;
    before.high += length.high;
  }
  if (best.anchors.empty()) {
    // No element of plain words: with "^" it is tried at the start of each unit (LexiconBuilder::build); else
    // it waits on what may stand first, words and classes; at worst on every word.
    LexiconBuilder::Anchor anchor;
    keep_needs(needs_of(sequence, sequence.size()), anchor);
    std::vector<const Element*> first;
    if (!from_start && first_of(sequence, first)) {
      for (const Element* element : first) {
        if (element->type == Element::Type::any) anchor.classes.push_back(marks_of(*element));
      }
      if (!sequence.front().optional)
        anchor.waiting.after = marks_behind(sequence.front(), first_marks(sequence, 1));
      anchor.atoms = atoms_of(first);
    } else if (!from_start) {
      anchor.classes.push_back(kAnyMark);
    }
    best.anchors.push_back(std::move(anchor));
  }
  const Lexicon::Phrase& phrase = out_.phrases_[index];
  for (LexiconBuilder::Anchor& anchor : best.anchors) {
    anchor.trial.phrase = index;
    anchor.trial.from_start = from_start ? 1 : 0;
    anchor.trial.first = phrase.first;
    anchor.trial.entry = phrase.entry;
    anchor.trial.least = phrase.low;
    anchor.trial.most = phrase.high;
  }
  builder_.anchors_[index] = std::move(best.anchors);
}

}  // namespace cardwarden
