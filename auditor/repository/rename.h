// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether a card that appears in a commit stood there before under another name.

#include <string>
#include <string_view>
#include <vector>

#include "repository/repository.h"
#include "repository/tree_diff.h"

namespace cardwarden {

// Texts under such names may have been the card: Markdown and reStructuredText files, and names that begin
// with "readme" or hold "card".
bool may_have_been_card(std::string_view path);

// The path among the removed files that the added card came from, or empty: the same blob, else the most
// similar text, if at least half of its lines are the same (git's own threshold is half of the bytes).
std::string find_old_name(const Repository& repository, const TreeChange& added,
                          const std::vector<TreeChange>& removed, std::uint64_t max_bytes);

// Lines that both texts have, as a share of the longer one's bytes: 0 to 1.
double line_similarity(std::string_view a, std::string_view b);

}  // namespace cardwarden
