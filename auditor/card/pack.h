// SPDX-License-Identifier: Apache-2.0
#pragma once
// A parsed card as bytes, and back, so that a card that did not change need not be parsed again. Not a file
// format: the same build writes and reads it (base/pack.h), and who keeps the bytes sees to it that they are
// the same (cli/result_cache.h).

#include <string>
#include <string_view>

#include "base/result.h"
#include "card/card.h"

namespace cardwarden {

std::string pack_card(const Card& card);

// Error `format` where the bytes are cut short, nest deeper than any parsed card or name what no card has.
Result<Card> unpack_card(std::string_view bytes);

}  // namespace cardwarden
