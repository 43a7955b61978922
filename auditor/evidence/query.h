// SPDX-License-Identifier: Apache-2.0
#pragma once
// Questions that native rules ask of a card: figures in running text, cells of a table, what model-index
// claims. Everything found is a span of Card::text, so that it can be quoted.
// Pure functions of their arguments; safe from many threads; nothing fails, what is not there is not
// returned.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"
#include "card/card.h"
#include "evidence/phrases.h"
#include "evidence/prose.h"

namespace cardwarden::query {

// A figure as it is written: "1,234.5", "0,85", "-3", "91 %", "7B", "12 kg", "1e-5".
struct Number {
  double value = 0;  // without the unit: "7B" is 7
  int decimals = 0;  // digits after the decimal point
  bool percent = false;
  Span span;  // sign, digits and per cent sign
  Span unit;  // the letters that follow at once or after one blank; may be empty
};

// The figures within `where`, in order. Digits inside a word ("C4", "v1.0", "top-5"), links' targets and
// versions ("1.2.3") are not figures.
std::vector<Number> numbers(const Card& card, Span where);

// True when one figure may be a rounding or truncation of the other, on the same scale or as share and per
// cent.
bool same_figure(const Number& a, const Number& b);

// The cells of a table_row block, trimmed, in order; empty for other blocks. Pipes inside code do not divide.
std::vector<Span> cells(const Card& card, const Block& block);

// The rows of one table: indices into Card::blocks, the header first.
using Table = std::vector<std::uint32_t>;
std::vector<Table> tables(const Card& card);

// Runs of ASCII letters, digits, "_" and "-" of at least `least` bytes (at least 1): tokens, digests, names
// without blanks. Offsets into the text. Looks at about one byte in `least` of running text.
std::vector<Span> long_tokens(std::string_view text, std::size_t least);

// The words of any text, or of a section's title: without markup, folded to lower case, one blank apart.
std::string plain(std::string_view text);
std::string title(const Card& card, std::uint32_t section);

// The units of running text: prose, list items and table rows that are not placeholders.
std::vector<const Unit*> informative_units(const Prose& prose);

// One metric of front matter `model-index`. Pointers into the card; nullptr where the key is not there.
struct IndexedMetric {
  const yaml::Node* dataset_name = nullptr;
  const yaml::Node* dataset_type = nullptr;
  const yaml::Node* split = nullptr;
  const yaml::Node* type = nullptr;
  const yaml::Node* name = nullptr;
  const yaml::Node* value = nullptr;
};
std::vector<IndexedMetric> model_index(const Card& card);

// Whether a front matter value says something: not null, empty, or a stand-in such as "unknown" or "None".
bool says_something(const yaml::Node* node);

// Whether the model is a repackaging of another (quantised, converted, merged) and not a training of its own.
// The rule that asks has the phrases `conversion`.
bool is_conversion(const Card& card, const Phrases& phrases);

}  // namespace cardwarden::query
