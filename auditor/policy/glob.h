// SPDX-License-Identifier: Apache-2.0
#pragma once
// Glob patterns over rule ids and paths. `*` and `?` stay within one name, `**` crosses slashes, `[a-z]` and
// `[!a-z]` are one character. Matching takes time in proportion to pattern × text, whatever the pattern.

#include <string>
#include <string_view>

namespace cardwarden {

bool is_glob(std::string_view pattern);  // has a wildcard
bool glob_matches(std::string_view pattern, std::string_view text);

// As in .gitignore: a pattern without a slash matches any one name on the path; one with a slash is matched
// from the top. A pattern that matches a folder matches all beneath it.
bool path_matches(std::string_view pattern, std::string_view path);

// Forward slashes, no "./" in front, no doubled slashes, "x/../" folded.
std::string normal_path(std::string_view path);

}  // namespace cardwarden
