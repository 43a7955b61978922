// SPDX-License-Identifier: Apache-2.0
#pragma once
// One phrase → nodes, anchor and needs, in the tables that a LexiconBuilder fills.

#include <cstdint>
#include <vector>

#include "evidence/lexicon.h"
#include "evidence/phrase.h"

namespace cardwarden {

constexpr std::uint32_t kMaxNodes = 4'000;  // of a phrase, word lists unfolded

// Turns one phrase into nodes and finds its anchor.
class PhraseCompiler {
 public:
  explicit PhraseCompiler(LexiconBuilder& builder) : builder_(builder), out_(builder.out_) {}

  // Adds the phrase to the tables. False when it unfolds to more than kMaxNodes nodes.
  bool compile(const phrase::Sequence& sequence);

  // The need that any of these atoms meets; kNoNeed when there are too many needs.
  Need need_of(std::vector<std::uint32_t> atoms) { return need_of_set(set_of(std::move(atoms))); }

 private:
  std::uint32_t add(Lexicon::Node node);
  std::uint32_t atom_of(const phrase::Element& element);
  std::vector<std::uint32_t> atoms_of(const std::vector<const phrase::Element*>& elements);
  std::uint32_t set_of(std::vector<std::uint32_t> atoms);
  std::uint32_t build(const phrase::Sequence& sequence, std::uint32_t next);
  std::uint32_t build(const phrase::Element& element, std::uint32_t next);
  std::uint32_t build_choice(std::vector<phrase::Sequence> ways, bool optional, std::uint32_t next);
  Marks marks_of(const Lexicon::Node& node) const;
  Marks marks_of(const phrase::Element& word);
  Marks first_marks(const phrase::Sequence& sequence, std::size_t from);
  Marks last_marks(const phrase::Sequence& sequence, std::size_t to);
  Marks marks_behind(const phrase::Sequence& sequence, std::size_t anchor);
  Need need_of_set(std::uint32_t set);
  std::vector<Need> needs_of(const phrase::Sequence& sequence, std::size_t but);
  void wait(const phrase::Sequence& sequence, std::uint32_t index);
  std::uint32_t visits(const std::vector<const phrase::Element*>& first);

  LexiconBuilder& builder_;
  Lexicon& out_;
  std::size_t limit_ = 0;
};

}  // namespace cardwarden
