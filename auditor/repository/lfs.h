// SPDX-License-Identifier: Apache-2.0
#pragma once
// Git LFS: pointers, and the patterns of .gitattributes that ask for them. A pointer names the SHA-256 and
// the size of a file that is not in git; repositories kept in Xet storage carry the same pointers. Pure
// functions.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace cardwarden {

// A pointer is smaller than this (git-lfs docs/spec.md: "Pointer files must be … less than 1024 bytes").
constexpr std::size_t kMaxPointerBytes = 1023;

struct LfsPointer {
  std::string oid;         // SHA-256 of the content, 64 lower-case hexadecimal digits
  std::uint64_t size = 0;  // bytes of the content
  bool legacy = false;     // names a version from before https://git-lfs.github.com/spec/v1
  bool canonical = true;   // written exactly as the specification says; git-lfs reads some others too
  std::vector<std::string> extensions;  // keys "ext-0-name": the content passed through other filters
  friend bool operator==(const LfsPointer&, const LfsPointer&) = default;
};

// No value when the bytes are no pointer.
std::optional<LfsPointer> parse_lfs_pointer(std::string_view bytes);

struct LfsPattern {
  std::string file;        // path of the .gitattributes
  std::uint32_t line = 0;  // 1-based
  std::string pattern;     // unquoted
  bool tracks = true;      // false where the line takes the filter away again
};

constexpr std::size_t kMaxAttributeBytes = 1U << 20U;  // of one .gitattributes
constexpr std::size_t kMaxAttributePatterns = 10'000;  // of all of them
constexpr std::size_t kMaxPatternBytes = 512;          // longer patterns are passed over

// The lines that set or unset the LFS filter, in order. `path` is that of the .gitattributes.
std::vector<LfsPattern> parse_lfs_patterns(std::string_view text, std::string_view path);

// Whether the patterns (of several .gitattributes, folders before what is inside them) send the path to LFS:
// the last one that matches decides, as gitattributes(5) says. Time: length of path × length of pattern.
bool lfs_tracks(const std::vector<LfsPattern>& patterns, std::string_view path);

// One pattern of gitignore(5) against a path relative to the folder of the file that holds it.
bool matches_git_pattern(std::string_view pattern, std::string_view path);

}  // namespace cardwarden
