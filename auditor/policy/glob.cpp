// SPDX-License-Identifier: Apache-2.0
#include "policy/glob.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace cardwarden {
namespace {

enum class Kind : unsigned char { character, any, set, star, globstar, folders };

// One step of the pattern. `folders` is "**/": nothing, or anything that ends with a slash.
struct Step {
  Kind kind = Kind::character;
  std::string_view text;
};

std::vector<Step> steps_of(std::string_view pattern) {
  std::vector<Step> steps;
  for (std::size_t at = 0; at < pattern.size();) {
    std::size_t size = 1;
    Kind kind = Kind::character;
    const std::string_view rest = pattern.substr(at);
    if (rest.substr(0, 3) == "**/") {
      kind = Kind::folders;
      size = 3;
    } else if (rest.substr(0, 2) == "**") {
      kind = Kind::globstar;
      size = 2;
    } else if (rest.front() == '*') {
      kind = Kind::star;
    } else if (rest.front() == '?') {
      kind = Kind::any;
    } else if (rest.front() == '[') {
      const std::size_t close = rest.find(']', 2);  // "[]…" holds the bracket itself
      if (close != std::string_view::npos) {
        kind = Kind::set;
        size = close + 1;
      }
    }
    steps.push_back({kind, rest.substr(0, size)});
    at += size;
  }
  return steps;
}

bool in_set(std::string_view set, char c) {
  set = set.substr(1, set.size() - 2);
  const bool negated = !set.empty() && (set.front() == '!' || set.front() == '^');
  if (negated) set.remove_prefix(1);
  bool found = false;
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (i + 2 < set.size() && set[i + 1] == '-') {
      found = found || (set[i] <= c && c <= set[i + 2]);
      i += 2;
    } else {
      found = found || set[i] == c;
    }
  }
  return found != negated && c != '/';
}

// The set of places in the pattern that the text so far can have reached.
class Places {
 public:
  explicit Places(const std::vector<Step>& steps) : steps_(steps), held_(steps.size() + 1, false) {}

  void enter(std::size_t place) {
    held_[place] = true;
    if (place == steps_.size()) return;
    const Kind kind = steps_[place].kind;
    if (kind == Kind::star || kind == Kind::globstar || kind == Kind::folders) enter(place + 1);
  }
  // Stays in a `folders` step without leaving it.
  void stay(std::size_t place) { held_[place] = true; }
  bool holds(std::size_t place) const { return held_[place]; }
  void clear() { held_.assign(held_.size(), false); }
  void swap(Places& other) { held_.swap(other.held_); }

 private:
  const std::vector<Step>& steps_;
  std::vector<bool> held_;
};

}  // namespace

bool is_glob(std::string_view pattern) {
  return std::any_of(pattern.begin(), pattern.end(), [](char c) { return c == '*' || c == '?' || c == '['; });
}

bool glob_matches(std::string_view pattern, std::string_view text) {
  if (!is_glob(pattern)) return pattern == text;
  const std::vector<Step> steps = steps_of(pattern);
  Places now(steps);
  Places next(steps);
  now.enter(0);
  for (const char c : text) {
    next.clear();
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (!now.holds(i)) continue;
      switch (steps[i].kind) {
        case Kind::character:
          if (c == steps[i].text.front()) next.enter(i + 1);
          break;
        case Kind::any:
          if (c != '/') next.enter(i + 1);
          break;
        case Kind::set:
          if (in_set(steps[i].text, c)) next.enter(i + 1);
          break;
        case Kind::star:
          if (c != '/') next.enter(i);
          break;
        case Kind::globstar:
          next.enter(i);
          break;
        case Kind::folders:
          next.stay(i);
          if (c == '/') next.enter(i + 1);
          break;
      }
    }
    now.swap(next);
  }
  return now.holds(steps.size());
}

bool path_matches(std::string_view pattern, std::string_view path) {
  while (pattern.substr(0, 2) == "./") pattern.remove_prefix(2);
  while (!pattern.empty() && pattern.back() == '/') pattern.remove_suffix(1);
  const bool from_top = pattern.find('/') != std::string_view::npos;
  if (from_top && pattern.front() == '/') pattern.remove_prefix(1);
  if (pattern.empty()) return false;
  if (!path.empty() && path.front() == '/') path.remove_prefix(1);
  std::size_t begin = 0;
  while (begin <= path.size()) {
    std::size_t end = path.find('/', begin);
    if (end == std::string_view::npos) end = path.size();
    const std::string_view candidate = from_top ? path.substr(0, end) : path.substr(begin, end - begin);
    if (glob_matches(pattern, candidate)) return true;
    begin = end + 1;
  }
  return false;
}

namespace {

// Whether every name of a path is one already: none is empty, "." or "..", none is parted by "\\".
bool is_normal(std::string_view path) {
  bool begins = false;  // a name, behind "/"
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] == '\\' || (begins && (path[i] == '/' || path[i] == '.'))) return false;
    begins = path[i] == '/';
  }
  return !path.empty() && !begins && path[0] != '.';
}

}  // namespace

std::string normal_path(std::string_view path) {
  if (is_normal(path)) return std::string(path);
  const bool absolute = !path.empty() && (path.front() == '/' || path.front() == '\\');
  std::vector<std::string_view> names;
  names.reserve(path.size() / 2 + 1);
  for (std::size_t begin = 0; begin <= path.size();) {
    std::size_t end = begin;
    while (end < path.size() && path[end] != '/' && path[end] != '\\') ++end;
    const std::string_view name = path.substr(begin, end - begin);
    begin = end + 1;
    if (name.empty() || name == ".") continue;
    if (name == ".." && !names.empty() && names.back() != "..") {
      names.pop_back();
    } else if (name != ".." || !absolute) {
      names.push_back(name);
    }
  }
  std::string out = absolute ? "/" : "";
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out.push_back('/');
    out += names[i];
  }
  if (out.empty()) out = ".";
  return out;
}

}  // namespace cardwarden
