// SPDX-License-Identifier: Apache-2.0
#pragma once
// What one revision of a card says, in short: enough to compare revisions and to show them, without keeping
// the card. Made once for each distinct blob; packed, it is what a cache keeps. Pure.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "card/card.h"
#include "evidence/disclosure.h"
#include "evidence/prose.h"

namespace cardwarden {

constexpr std::size_t kFactsQuoteChars = 240;     // code points of a quote
constexpr std::size_t kMaxFactsValues = 200;      // licences, data sets and base models, each
constexpr std::size_t kMaxFactsValueBytes = 300;  // of one such value
constexpr std::size_t kMaxFactsSecrets = 100;     // secrets of one revision

// A disclosure as a revision has it. Words are counted in units (sentences, items, rows, values).
struct DisclosureFacts {
  std::string id;
  Status status = Status::absent;
  std::uint32_t line = 0;   // of the strongest evidence, 1-based; 0 without
  std::uint32_t words = 0;  // of the units that carry the evidence
  // Of the whole sections, without those below them, in which those units stand; a unit under no heading or
  // in the front matter counts by itself.
  std::uint32_t section_words = 0;
  // Of those of the sections whose heading, or one around it, has a word of the disclosure's name, with all
  // that stands below that heading; below the title of the card, of the section alone.
  std::uint32_t named_words = 0;
  std::uint64_t words_hash =
      0;  // FNV-1a over the hashes of words of units in the body, in the order of the text
  std::uint64_t named_hash = 0;  // the same over what named_words counts
  // The same over all values, as a set, of the keys of the front matter that carry evidence. The keys do not
  // count: one that is renamed says nothing else.
  std::uint64_t values_hash = 0;
  std::string quote;  // the strongest evidence, one line, secrets masked

  // How much the card says, for showing: the named sections where there are any.
  std::uint32_t amount() const { return words > named_words ? words : named_words; }
  friend bool operator==(const DisclosureFacts&, const DisclosureFacts&) = default;
};

// A secret of a revision, without its words: enough to know it again.
struct SecretFacts {
  std::string named;  // "a GitHub token (ghp_…)"
  std::string shown;  // "ghp_…"
  std::uint32_t line = 0;
  std::string digest;  // SHA-256 over its bytes but blanks and line ends, in hexadecimal digits

  friend bool operator==(const SecretFacts&, const SecretFacts&) = default;
};

struct CardFacts {
  Kind kind = Kind::model;
  bool truncated = false;                    // a bound of the parser was hit: what follows it was not read
  bool front_matter = false;                 // as the Hub reads it
  std::uint32_t words = 0;                   // of the body
  std::vector<std::string> licenses;         // as declared in the front matter; `licenses`, as the Hub once
                                             // wrote it, where `license` has none
  std::vector<std::string> base_models;      // the same
  std::vector<std::string> datasets;         // `datasets`; of a data set `source_datasets` but "original"
  std::vector<DisclosureFacts> disclosures;  // sorted by id
  std::vector<SecretFacts> secrets;          // in the order of evidence/secrets.h

  const DisclosureFacts* find(std::string_view id) const;
  bool discloses(std::string_view id) const;
  friend bool operator==(const CardFacts&, const CardFacts&) = default;
};

// The text at a span of the card with secrets masked (policy/sensitive.h).
using QuoteText = std::function<std::string(Span)>;

CardFacts card_facts(const Card& card, const Prose& prose, const Disclosures& disclosures,
                     const QuoteText& quote);

// As bytes and back. Bytes that are not what pack_facts() wrote are an Error.
std::string pack_facts(const CardFacts& facts);
Result<CardFacts> unpack_facts(std::string_view bytes);

}  // namespace cardwarden
