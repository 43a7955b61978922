// SPDX-License-Identifier: Apache-2.0
#pragma once
// Full-text search: the passages of a findings document that can be searched, the words in them, and what a
// person asks. Both stores index the words that are made here, so that they give the same answers. Pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace cardwarden {

// What a finding says, or the words of a card that show it.
struct Passage {
  std::string kind;  // "finding", "evidence"
  std::string path;  // of the card
  std::string rule;
  std::string text;
  friend bool operator==(const Passage&, const Passage&) = default;
};

constexpr std::size_t kMaxPassages = 200'000;   // of a document; what is over is not searched
constexpr std::size_t kMaxPassageBytes = 4096;  // of a text; the rest of a longer one is not searched
constexpr std::size_t kMaxWordBytes = 128;      // a longer word is known by its beginning
constexpr std::size_t kMaxQueryBytes = 1024;    // of what a person asks
constexpr std::size_t kMaxQueryTerms = 32;

// In the order of the document, each once. None for bytes that are no findings document.
std::vector<Passage> passages_of(std::string_view document);

// Letters, marks and numbers of any script, in lower case. Of scripts without blanks each character is a
// word.
std::vector<std::string> words_of(std::string_view text);

// Words that must stand side by side.
struct TextTerm {
  std::vector<std::string> words;
  bool prefix = false;  // the last word may go on
};

// Terms stand between blanks, or in quotation marks: model "not for clinical use" licen*. A passage must have
// all of them. ErrorCode::usage when nothing to look for is left, ErrorCode::too_large over the bounds.
Result<std::vector<TextTerm>> parse_text_query(std::string_view query);

}  // namespace cardwarden
