// SPDX-License-Identifier: Apache-2.0
#pragma once
// The body of a card as sections and blocks. The only door to cmark-gfm.

#include "card/card.h"
#include "card/parse.h"

namespace cardwarden {

// Fills card.sections and card.blocks from card.text inside card.body. card.text, card.body and card.lines
// must be set. HTML blocks are cut at their headings, rows, items and paragraphs; a line of bold text that
// stands alone opens a section. Adds parse/too-deep and parse/too-many-blocks where a bound of `options` is
// hit.
void read_body(Card& card, const ParseOptions& options);

}  // namespace cardwarden
