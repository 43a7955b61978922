// SPDX-License-Identifier: Apache-2.0
#pragma once
// The phrase language as a tree: text → elements. Used by the lexicon only.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "evidence/lexicon.h"

namespace cardwarden::phrase {

struct Element {
  enum class Type : std::uint8_t { word, any, gap, choice, unit_start, unit_end, colon };
  enum class Star : std::uint8_t { none, prefix, suffix };

  Type type = Type::any;
  Star star = Star::none;
  std::uint16_t flags = 0;  // a class of words: <name>, <number>, …
  std::uint16_t low = 0;    // of a gap
  std::uint16_t high = 0;
  std::string word;                        // folded
  bool optional = false;                   // of a choice
  std::vector<std::vector<Element>> ways;  // of a choice
};

using Sequence = std::vector<Element>;

// Bounds on what a rule may ask for; an error names the one that was hit.
constexpr int kMaxNesting = 8;         // of groups and word lists
constexpr std::uint16_t kMaxGap = 20;  // words
constexpr std::size_t kMaxPhraseBytes = 2'000;
constexpr std::size_t kMinAffixBytes = 2;  // two letters have at least two
constexpr std::size_t kMaxAffixBytes =
    64;  // letters beside a star: what is looked up of a word, however long it is

Result<Sequence> parse(std::string_view text, const WordLists& lists);

}  // namespace cardwarden::phrase
