// SPDX-License-Identifier: Apache-2.0
#pragma once
// What any reader of a card must pay: cmark-gfm with tables over its body, and yaml-cpp's events over its
// front matter, from bytes in memory.

#include <cstddef>
#include <string_view>

namespace cardwarden::bench {

// Once, before the first parse_floor().
void prepare_parse_floor();

// Something that depends on the parse, so that no compiler leaves it out.
std::size_t parse_floor(std::string_view text);

}  // namespace cardwarden::bench
