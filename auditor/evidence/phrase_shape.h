// SPDX-License-Identifier: Apache-2.0
#pragma once
// What can be told of a phrase from its tree: how long it may be, with which words it may begin.

#include <cstdint>
#include <vector>

#include "evidence/phrase.h"

namespace cardwarden::phrase {

// In words.
struct Length {
  std::uint32_t low = 0;
  std::uint32_t high = 0;
};
Length length_of(const Element& element);
Length length_of(const Sequence& sequence);

// Gathers the elements that may stand first. False when something may stand there that is no word: a gap, or
// nothing.
bool first_of(const Element& element, std::vector<const Element*>& out);
bool first_of(const Sequence& sequence, std::vector<const Element*>& out);

bool all_words(const std::vector<const Element*>& elements);

// An element that takes no word and stands before or behind one: "^" and ":".
bool is_marker(const Element& element);

// Of a word with all these flags: one of them will do.
Marks marks_of_class(std::uint16_t flags);

// Whether a word must be followed by a colon somewhere in it.
bool has_colon(const Sequence& sequence);

// A way that is a choice itself gives its ways to the choice around it.
void splice(std::vector<Sequence>& ways);

}  // namespace cardwarden::phrase
