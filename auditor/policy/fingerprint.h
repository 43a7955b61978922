// SPDX-License-Identifier: Apache-2.0
#pragma once
// What makes two findings the same finding in two runs: the rule, the card's path and what the finding is
// about, never a line number, a message or a heading. Format: docs/formats/baseline.md.

#include <cstdint>
#include <string>
#include <string_view>

#include "card/card.h"
#include "engine/finding.h"

namespace cardwarden {

// What the finding is about: its key, else the words it quotes, white space and case folded. Empty for a
// finding of absence, which is about the whole card.
std::string finding_subject(const Card& card, const Finding& finding);

// 32 hexadecimal digits. `ordinal` counts equal findings of one card in the order of the text, from 0.
std::string fingerprint(std::string_view rule, std::string_view path, std::string_view subject,
                        std::uint32_t ordinal);

}  // namespace cardwarden
