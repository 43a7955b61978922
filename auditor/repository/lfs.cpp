// SPDX-License-Identifier: Apache-2.0
#include "repository/lfs.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace cardwarden {
namespace {

constexpr std::string_view kVersion = "https://git-lfs.github.com/spec/v1";
constexpr std::string_view kLegacyVersions[] = {"https://hawser.github.com/spec/v1",
                                                "http://git-media.io/v/2"};

bool is_hex(std::string_view s) {
  return std::all_of(s.begin(), s.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_key(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  });
}

bool is_extension(std::string_view key) {
  return key.size() > 6 && key.substr(0, 4) == "ext-" && key[4] >= '0' && key[4] <= '9' && key[5] == '-';
}

bool read_oid(std::string_view value, LfsPointer& out) {
  constexpr std::string_view kMethod = "sha256:";
  if (value.substr(0, kMethod.size()) != kMethod || value.size() != kMethod.size() + 64) return false;
  value.remove_prefix(kMethod.size());
  out.oid = std::string(value);
  return is_hex(value);
}

// At most 2^63 - 1, as git-lfs holds it.
bool read_size(std::string_view value, LfsPointer& out) {
  std::int64_t size = 0;
  const auto read = std::from_chars(value.data(), value.data() + value.size(), size);
  if (read.ec != std::errc() || read.ptr != value.data() + value.size() || size < 0) return false;
  if (value.size() > 1 && value.front() == '0') out.canonical = false;
  out.size = static_cast<std::uint64_t>(size);
  return value.front() != '-';
}

bool read_version(std::string_view value, LfsPointer& out) {
  out.legacy =
      std::find(std::begin(kLegacyVersions), std::end(kLegacyVersions), value) != std::end(kLegacyVersions);
  if (out.legacy) out.canonical = false;
  return out.legacy || value == kVersion;
}

// A pattern taken apart, so that matching is a walk over states.
struct Part {
  enum class Kind : std::uint8_t { character, any, set, star, folders, everything };
  Kind kind = Kind::character;
  char c = 0;
  bool negated = false;
  std::vector<std::pair<unsigned char, unsigned char>> ranges;  // of a set
};

std::size_t read_set(std::string_view pattern, std::size_t at, Part& out) {
  out.kind = Part::Kind::set;
  std::size_t i = at + 1;
  if (i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^')) {
    out.negated = true;
    ++i;
  }
  const std::size_t first = i;
  while (i < pattern.size() && (pattern[i] != ']' || i == first)) {
    if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
    const auto low = static_cast<unsigned char>(pattern[i++]);
    unsigned char high = low;
    if (i + 1 < pattern.size() && pattern[i] == '-' && pattern[i + 1] != ']') {
      high = static_cast<unsigned char>(pattern[i + 1]);
      i += 2;
    }
    out.ranges.emplace_back(low, high);
  }
  return i < pattern.size() ? i + 1 : 0;  // 0: the set is not closed
}

// `anchored` patterns speak of whole paths, others of names.
bool take_apart(std::string_view pattern, bool anchored, std::vector<Part>& out) {
  for (std::size_t at = 0; at < pattern.size();) {
    Part part;
    const bool folder_start = at == 0 || pattern[at - 1] == '/';
    if (pattern[at] == '*') {
      std::size_t end = at;
      while (end < pattern.size() && pattern[end] == '*') ++end;
      part.kind = Part::Kind::star;
      if (anchored && end - at == 2 && folder_start && end == pattern.size()) {
        part.kind = Part::Kind::everything;
      } else if (anchored && end - at == 2 && folder_start && pattern[end] == '/') {
        part.kind = Part::Kind::folders;
        ++end;
      }
      at = end;
    } else if (pattern[at] == '?') {
      part.kind = Part::Kind::any;
      ++at;
    } else if (pattern[at] == '[') {
      const std::size_t end = read_set(pattern, at, part);
      if (end == 0) return false;
      at = end;
    } else {
      if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
      part.c = pattern[at++];
    }
    out.push_back(std::move(part));
  }
  return true;
}

bool accepts(const Part& part, char c) {
  switch (part.kind) {
    case Part::Kind::character:
      return part.c == c;
    case Part::Kind::any:
    case Part::Kind::star:
      return c != '/';
    case Part::Kind::folders:
    case Part::Kind::everything:
      return true;
    case Part::Kind::set:
      break;
  }
  const auto byte = static_cast<unsigned char>(c);
  const bool inside = std::any_of(part.ranges.begin(), part.ranges.end(), [byte](const auto& range) {
    return range.first <= byte && byte <= range.second;
  });
  return c != '/' && inside != part.negated;
}

bool repeats(const Part& part) {
  return part.kind == Part::Kind::star || part.kind == Part::Kind::folders ||
         part.kind == Part::Kind::everything;
}

bool match(const std::vector<Part>& parts, std::string_view path) {
  // states[i]: the parts before i have matched what was read. A part that repeats may match nothing.
  std::vector<char> states(parts.size() + 1, 0);
  std::vector<char> next(parts.size() + 1, 0);
  states[0] = 1;
  const auto pass_over = [&parts](std::vector<char>& set, bool folder_start) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const bool may = parts[i].kind != Part::Kind::folders || folder_start;
      if (set[i] != 0 && repeats(parts[i]) && may) set[i + 1] = 1;
    }
  };
  pass_over(states, true);
  for (const char c : path) {
    std::fill(next.begin(), next.end(), char{0});
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (states[i] == 0 || !accepts(parts[i], c)) continue;
      next[repeats(parts[i]) ? i : i + 1] = 1;
    }
    pass_over(next, c == '/');
    std::swap(states, next);
  }
  return states.back() != 0;
}

// The pattern at the start of a line, unquoted, and the rest of the line.
bool take_pattern(std::string_view line, std::string& pattern, std::string_view& rest) {
  if (line.front() != '"') {
    const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
    pattern = std::string(line.substr(0, end));
    rest = line.substr(end);
    return true;
  }
  std::size_t at = 1;
  for (; at < line.size() && line[at] != '"'; ++at) {
    if (line[at] == '\\' && at + 1 < line.size()) ++at;
    pattern.push_back(line[at]);
  }
  if (at >= line.size()) return false;
  rest = line.substr(at + 1);
  return true;
}

}  // namespace

std::optional<LfsPointer> parse_lfs_pointer(std::string_view bytes) {
  if (bytes.size() > kMaxPointerBytes || bytes.substr(0, 8) != "version ") return std::nullopt;
  LfsPointer out;
  std::string last;
  bool has_oid = false;
  bool has_size = false;
  std::size_t lines = 0;
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) out.canonical = false;
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (!line.empty() && line.back() == '\r') {
      line.remove_suffix(1);
      out.canonical = false;
    }
    if (line.empty()) {
      if (rest.find_first_not_of("\r\n") != std::string_view::npos) return std::nullopt;
      out.canonical = false;
      break;
    }
    const std::size_t blank = line.find(' ');
    if (blank == std::string_view::npos || blank + 1 >= line.size()) return std::nullopt;
    const std::string_view key = line.substr(0, blank);
    const std::string_view value = line.substr(blank + 1);
    if (!is_key(key) || value.find('\r') != std::string_view::npos) return std::nullopt;
    if (lines > 1 && key <= last) return std::nullopt;  // keys are sorted after the version, each once
    bool good = true;
    if (lines == 0) {
      good = read_version(value, out);
    } else if (key == "oid") {
      good = has_oid = read_oid(value, out);
    } else if (key == "size") {
      good = has_size = read_size(value, out);
    } else if (is_extension(key)) {
      LfsPointer ignored;
      good = read_oid(value, ignored);
      out.extensions.emplace_back(key);
    } else {
      good = false;  // git-lfs reads no other keys
    }
    if (!good) return std::nullopt;
    last = std::string(key);
    ++lines;
  }
  if (!has_oid || !has_size) return std::nullopt;
  return out;
}

std::vector<LfsPattern> parse_lfs_patterns(std::string_view text, std::string_view path) {
  std::vector<LfsPattern> out;
  std::uint32_t number = 0;
  for (std::string_view line : text::split(text, '\n')) {
    ++number;
    line = text::trim(line);
    if (line.empty() || line.front() == '#' || line.substr(0, 6) == "[attr]") continue;
    LfsPattern pattern;
    std::string_view rest;
    if (!take_pattern(line, pattern.pattern, rest)) continue;
    if (pattern.pattern.empty() || pattern.pattern.size() > kMaxPatternBytes || pattern.pattern[0] == '!')
      continue;
    bool says = false;
    for (const std::string_view part : text::split(rest, ' ')) {
      const std::string_view word = text::trim(part);
      const bool on = word == "filter=lfs";
      if (!on && word != "-filter" && word != "!filter" && word.substr(0, 7) != "filter=") continue;
      says = true;
      pattern.tracks = on;
    }
    if (!says) continue;
    if (out.size() >= kMaxAttributePatterns) break;
    pattern.file = std::string(path);
    pattern.line = number;
    out.push_back(std::move(pattern));
  }
  return out;
}

bool matches_git_pattern(std::string_view pattern, std::string_view path) {
  if (pattern.size() > kMaxPatternBytes || pattern.empty() || pattern.back() == '/') return false;
  const bool anchored = pattern.find('/') != std::string_view::npos;
  if (anchored && pattern.front() == '/') pattern.remove_prefix(1);
  if (!anchored) {
    const std::size_t slash = path.rfind('/');
    if (slash != std::string_view::npos) path.remove_prefix(slash + 1);
  }
  std::vector<Part> parts;
  return take_apart(pattern, anchored, parts) && match(parts, path);
}

bool lfs_tracks(const std::vector<LfsPattern>& patterns, std::string_view path) {
  for (std::size_t i = patterns.size(); i > 0; --i) {
    const LfsPattern& one = patterns[i - 1];
    const std::size_t slash = one.file.rfind('/');
    const std::string_view folder =
        slash == std::string::npos ? std::string_view() : std::string_view(one.file).substr(0, slash + 1);
    if (path.substr(0, folder.size()) != folder) continue;
    if (matches_git_pattern(one.pattern, path.substr(folder.size()))) return one.tracks;
  }
  return false;
}

}  // namespace cardwarden
