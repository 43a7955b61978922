// SPDX-License-Identifier: Apache-2.0
#pragma once
// The text of a card as rules see it: words and units. A word points into the card's bytes, so whatever
// matches can be quoted; markup, HTML tags and comments are passed over, never copied away.
// The word grammar is docs/formats/rule.md, "Phrase".

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/span.h"
#include "card/card.h"

namespace cardwarden {

enum WordFlag : std::uint16_t {
  kNumber = 1U << 0U,
  kYear = 1U << 1U,
  kName = 1U << 2U,  // looks like a proper name
  kLink = 1U << 3U,  // inside a link text, or a bare URL
  kCode = 1U << 4U,  // inside inline code
  kEmail = 1U << 5U,
  kColon = 1U << 6U,    // followed by a colon, a cell boundary or an equals sign
  kCapital = 1U << 7U,  // begins with a capital letter
  kUrl = 1U << 8U,      // a bare URL, as one word
};

struct Word {
  std::uint64_t hash = 0;    // of the folded letters, hash_word()
  std::uint32_t begin = 0;   // byte offset in Card::text
  std::uint32_t length = 0;  // bytes
  std::uint16_t flags = 0;   // WordFlag
};

enum class UnitKind : std::uint8_t { prose, list, table, code, heading, field };

// A set of kinds of unit: bit 1 << kind.
using UnitKinds = std::uint8_t;
constexpr UnitKinds bit(UnitKind kind) { return static_cast<UnitKinds>(1U << static_cast<unsigned>(kind)); }
constexpr UnitKinds kAllUnits = 0x3F;

// A sentence, list item, table row, heading, code block, or front-matter value.
struct Unit {
  UnitKind kind = UnitKind::prose;
  bool placeholder = false;  // says nothing: template text, "TBD", "[More Information Needed]"
  bool continued = false;    // the unit before was cut for its length; this is not where a statement starts
  std::uint16_t field = 0;   // of a field unit: index into the list given to read_fields()
  std::uint32_t first_word = 0;  // index into Prose::words
  std::uint32_t last_word = 0;   // one past
  std::uint32_t section = 0;     // index into Card::sections
  std::uint32_t block = 0;       // index into Card::blocks
  Span span;                     // the source, with markup

  std::uint32_t size() const { return last_word - first_word; }
};

struct Prose {
  std::vector<Word> words;
  std::vector<Unit> units;  // in the order of the text; field units come last

  void clear() {
    words.clear();
    units.clear();
  }
};

// From the first of some words to the last; `last` is one past. No words: the place of the first.
Span words_of(const Prose& prose, std::uint32_t first, std::uint32_t last);

// The hash of a word's folded bytes, eight at a time (word_hash.h); never 0. Words of up to eight bytes
// have different hashes. Of no bytes: 0.
std::uint64_t hash_word(std::string_view folded);

// FNV-1a (64 bit, published offset basis and prime), for sequences of hashes and texts that are no words.
constexpr std::uint64_t kFnvBasis = 14695981039346656037ULL;
constexpr std::uint64_t hash_more(std::uint64_t hash, char byte) {
  return (hash ^ static_cast<unsigned char>(byte)) * 1099511628211ULL;
}

// Simple case folding of one word; allocation-free for ASCII (`buffer` is only used otherwise).
std::string_view fold_word(std::string_view word, std::string& buffer);

// Splits the body of a card. `out` is cleared first and keeps its memory, so that one scratch object serves
// many cards.
void read_prose(const Card& card, Prose& out);

// Adds a unit for the scalar at `span` of the front matter (or any text with offsets into the card).
void add_field_unit(const Card& card, Span span, std::uint16_t field, Prose& out);

// Splits a bare text (a phrase, a title) into words with offsets into it. Used for phrases and tests.
void read_words(std::string_view text, std::vector<Word>& out);

}  // namespace cardwarden
