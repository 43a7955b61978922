// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a card discloses, with the words that show it. No words, no disclosure.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"

namespace cardwarden {

enum class Status : std::uint8_t { disclosed, placeholder, absent };
std::string_view to_string(Status status);

// `span` is the sentence, row, value or block that is quoted; `words` is the part in it that convinced.
struct Evidence {
  Span span;
  Span words;
};

struct Disclosure {
  std::string_view id;    // of the catalogue: "license", "x-aup"; storage lives as long as the rules
  std::string_view rule;  // "model-card/license"
  Status status = Status::absent;
  std::vector<Evidence>
      evidence;  // strongest first, at most kMaxEvidence; for a placeholder, where it stands
};

constexpr std::size_t kMaxEvidence = 3;  // a reader wants the best quotes, not all

// Sorted by id. Looks one up; nullptr when the catalogue of the card's kind has none of that id.
using Disclosures = std::vector<Disclosure>;
const Disclosure* find_disclosure(const Disclosures& disclosures, std::string_view id);
bool is_disclosed(const Disclosures& disclosures, std::string_view id);

// The disclosures that a rule's page says it asks for. Asking for another is a mistake of the rule's author
// and stops the program; `cardwarden rules test` meets it first. A light view.
class AskedDisclosures {
 public:
  AskedDisclosures(const Disclosures& all, const std::vector<std::string>& asked)
      : all_(&all), asked_(&asked) {}

  const Disclosure* find(std::string_view id) const;  // nullptr when cards of this kind have none of that id
  bool holds(std::string_view id) const;              // whether it is disclosed

 private:
  const Disclosures* all_;
  const std::vector<std::string>* asked_;
};

}  // namespace cardwarden
