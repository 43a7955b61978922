// SPDX-License-Identifier: Apache-2.0
#pragma once
// Small text helpers that several layers need. All take and give UTF-8; none throws.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cardwarden::text {

std::string_view trim(std::string_view s);  // ASCII white space at both ends
std::string lower(std::string_view s);      // simple case folding, every script
std::string lower_ascii(std::string_view s);

// Shannon entropy of the bytes, in bits a byte; 0 for nothing.
double entropy(std::string_view s);
bool equal_ignoring_case(std::string_view a, std::string_view b);  // ASCII letters only
std::vector<std::string_view> split(std::string_view s, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);

// One line, white space folded, at most `max_chars` code points, "…" where it was cut.
std::string excerpt(std::string_view s, std::size_t max_chars);

// C0, C1, DEL, bidirectional and zero-width controls and invalid UTF-8 replaced by visible escapes ("\x1b",
// "\u202e"), so that no byte of a card steers a terminal. Tabs become one blank; line ends become "\n"
// escapes.
std::string printable(std::string_view s);

std::size_t display_width(std::string_view s);  // terminal cells; wide characters count two
std::size_t code_points(std::string_view s);

// Edit distance with transpositions (optimal string alignment), `limit` + 1 when over the limit.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

// The candidate nearest to `name`, if near enough to be a slip of the pen (a third of its length, at most 3).
std::optional<std::string> nearest(std::string_view name, const std::vector<std::string_view>& candidates);

// Decodes one code point at `at` (advancing it by at least one byte). Invalid bytes give U+FFFD.
char32_t decode(std::string_view s, std::size_t& at);
bool is_utf8(std::string_view s);  // well-formed throughout
void append_utf8(std::string& out, char32_t code_point);

std::string plural(std::size_t n, std::string_view one, std::string_view many);  // "1 finding", "2 findings"

}  // namespace cardwarden::text
