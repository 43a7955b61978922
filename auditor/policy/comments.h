// SPDX-License-Identifier: Apache-2.0
#pragma once
// The comments of a card: `# …` in the front matter, `<!-- … -->` in the body. What stands in a scalar, a
// code block or inline code only looks like a comment and is not one.

#include <vector>

#include "card/card.h"

namespace cardwarden {

struct Comment {
  Span span;   // with its marks
  Span words;  // without them
  bool front_matter = false;
};

// In the order of the text. Takes time in proportion to the text.
std::vector<Comment> read_comments(const Card& card);

}  // namespace cardwarden
