// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the phrases of one native rule say in the card in hand. They stand in the rule's detect.yaml under
// `phrases`, by name: those with `in` are looked for while the card is read, with the phrases of all other
// rules; the others only where the rule asks. A name that does not stand there is a mistake of the rule's
// author and stops the program; `cardwarden rules test` meets it first.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/span.h"
#include "evidence/disclosure.h"
#include "evidence/prose.h"

namespace cardwarden {

class EvidenceReader;

// Where a phrase was found: words of one unit, indices into the card's prose.
struct Said {
  std::uint32_t unit = 0;
  std::uint32_t first_word = 0;
  std::uint32_t last_word = 0;  // one past
};

// A light view; valid while the reader has the card in hand. Not thread-safe.
class Phrases {
 public:
  // `rule` is the id of the rule that asks.
  Phrases(EvidenceReader& reader, std::string_view rule) : reader_(&reader), rule_(rule) {}

  // Where the phrases `name` were found while the card was read: once a unit at most, in the order of the
  // text; never in a placeholder.
  const std::vector<Said>& said(std::string_view name) const;

  const Unit& unit(const Said& said) const;
  Evidence evidence(const Said& said) const;  // the unit, and the words in it

  // The words of a unit of the card that say one of the phrases; wanted or not, placeholder or not.
  std::optional<Span> in(const Unit& unit, std::string_view name) const;

  // The same in any text: a field's value, a title, a quote. Offsets into the text.
  std::optional<Span> in(std::string_view text, std::string_view name) const;

 private:
  EvidenceReader* reader_;
  std::string_view rule_;
};

}  // namespace cardwarden
