// SPDX-License-Identifier: Apache-2.0
#pragma once
// Comments in a card that suppress findings there, each with a reason:
//   <!-- cardwarden-disable-next-line RULE[, RULE] -- reason -->      (also disable-line)
//   <!-- cardwarden-disable RULE -- reason --> … <!-- cardwarden-enable RULE -->
//   <!-- cardwarden-disable-file RULE -- reason -->
// and the same as `# cardwarden-…` comments in the front matter. Format: docs/formats/config.md.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "card/card.h"
#include "engine/finding.h"
#include "policy/policy.h"

namespace cardwarden {

inline constexpr std::string_view kUnusedSuppression = "suppression/unused";
inline constexpr std::string_view kInvalidSuppression = "suppression/invalid";

// Rules that the comments of one card may name. Each is held against every finding, so there is a bound.
inline constexpr std::size_t kMaxSuppressions = 1'000;

// One rule of one comment. It holds for findings reported within `covers`, or for the whole card.
struct Suppression {
  std::string rule;  // an id, or a glob over ids
  std::string reason;
  std::string directive;  // "disable-next-line"
  Span span;              // the comment
  Span covers;
  bool whole_card = false;
};

struct Suppressions {
  std::vector<Suppression> items;
  std::vector<Finding> problems;  // of suppression/invalid; these comments suppress nothing
};

Suppressions read_suppressions(const Card& card, const KnownRules& rules);

// Whether the item holds for this finding. A finding about the whole card is silenced by a whole-card
// suppression, or at the front-matter key that it is about.
bool suppresses(const Suppression& item, const Card& card, const Finding& finding);

// The finding that says an item silenced nothing.
Finding unused_suppression(const Suppression& item);

}  // namespace cardwarden
