// SPDX-License-Identifier: Apache-2.0
#pragma once
// The line of a card that a finding points at, ready for a terminal: control characters made visible, long
// lines cut to a window around the place, and where to draw the caret in terminal cells.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "card/card.h"

namespace cardwarden::render {

struct SourceLine {
  std::uint32_t number = 1;
  std::string text;             // at most `cells` wide (see below), "…" where it was cut
  std::size_t caret_at = 0;     // cells before the caret
  std::size_t caret_cells = 1;  // at least one
  std::uint32_t last_line = 1;  // where the span ends, `number` for most
};

// The first line of `span`, with the words at `sensitive` masked. `cells` is the room for the text; fewer
// than 20 are taken as 20.
SourceLine source_line(const Card& card, Span span, std::size_t cells,
                       const std::vector<Span>& sensitive = {});

}  // namespace cardwarden::render
