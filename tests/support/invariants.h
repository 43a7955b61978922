// SPDX-License-Identifier: Apache-2.0
#pragma once
// What holds for every card, whatever its bytes: checked by the property tests and by the fuzz targets.
// Each function gives the first broken invariant as a sentence, or an empty text.

#include <string>

#include "card/card.h"
#include "engine/finding.h"
#include "evidence/disclosure.h"
#include "evidence/prose.h"

namespace cardwarden::testing {

// Text is UTF-8 without zero bytes; every span lies in the text and begins and ends between characters;
// sections nest; blocks stand in their sections and in the order of the text.
std::string broken_card(const Card& card);

// Words lie in their units, units in order; sections and blocks that are named exist.
std::string broken_prose(const Card& card, const Prose& prose);

// Evidence lies in the text and holds its words; no disclosure without words.
std::string broken_disclosures(const Card& card, const Disclosures& disclosures);

// A finding is a problem that says what is wrong, at a place in the text.
std::string broken_finding(const Card& card, const Finding& finding);

}  // namespace cardwarden::testing
