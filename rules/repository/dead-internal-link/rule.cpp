// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "engine/repository_query.h"

namespace cardwarden::rules {
namespace {

constexpr std::size_t kMaxLinks = 5000;    // of a card; later ones are not looked at
constexpr std::size_t kMaxTarget = 2000;   // bytes of a target; longer ones are no paths
constexpr std::size_t kMaxFindings = 100;  // more of the same says nothing new

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char low = static_cast<char>(c | 0x20);
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

// The path that a relative target names, or empty where it names none of this repository.
std::string path_of(std::string_view target) {
  target = target.substr(0, target.find_first_of("?#"));
  while (target.substr(0, 2) == "./") target.remove_prefix(2);
  if (target.empty() || target.front() == '/' || target.front() == '<' || target.front() == '{') return {};
  if (target.find(':') != std::string_view::npos || target.find("..") != std::string_view::npos) return {};
  std::string out;
  for (std::size_t i = 0; i < target.size(); ++i) {
    const int high = target[i] == '%' && i + 2 < target.size() ? hex_value(target[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(target[i + 2]) : -1;
    out.push_back(low >= 0 ? static_cast<char>(high * 16 + low) : target[i]);
    if (low >= 0) i += 2;
  }
  while (!out.empty() && out.back() == '/') out.pop_back();
  return out;
}

bool is_there(const Snapshot& snapshot, const std::string& path) {
  if (snapshot.find(path) != nullptr) return true;
  const auto inside =
      std::lower_bound(snapshot.files.begin(), snapshot.files.end(), path + "/",
                       [](const SnapshotFile& file, const std::string& p) { return file.path < p; });
  return inside != snapshot.files.end() && inside->path.rfind(path + "/", 0) == 0;
}

// The targets after each `open` in a part of the text, up to one of `close`. Linear: ticks are counted once,
// and a target is short.
void collect(const Card& card, Span part, std::string_view open, std::string_view close,
             std::vector<Span>& out) {
  const std::string_view all = card.quote(part);
  bool in_code = false;  // between two backticks of one line
  std::size_t counted = 0;
  for (std::size_t at = all.find(open); at != std::string_view::npos && out.size() < kMaxLinks;
       at = all.find(open, at + 1)) {
    for (; counted < at; ++counted) {
      if (all[counted] == '`') in_code = !in_code;
      if (all[counted] == '\n') in_code = false;
    }
    const std::size_t from = at + open.size();
    const std::size_t length = all.substr(from, kMaxTarget).find_first_of(close);
    if (length == std::string_view::npos || in_code) continue;
    const auto begin = part.begin + static_cast<std::uint32_t>(from);
    out.push_back({begin, begin + static_cast<std::uint32_t>(length)});
  }
}

// The body between its code blocks; HTML that shows no text is no block, and may show an image.
std::vector<Span> targets(const Card& card) {
  std::vector<Span> out;
  const auto read = [&](Span part) {
    if (part.empty()) return;
    collect(card, part, "](", ") \t\n", out);
    for (const char* html : {"src=\"", "href=\""}) collect(card, part, html, "\"\n", out);
  };
  std::uint32_t at = card.body.begin;
  for (const Block& block : card.blocks) {
    if (block.kind != BlockKind::code) continue;
    read({at, block.span.begin});
    at = block.span.end;
  }
  read({at, card.body.end});
  std::sort(out.begin(), out.end(), [](Span a, Span b) { return a.begin < b.begin; });
  return out;
}

Finding dead(Span span, const std::string& path) {
  return refuted({span, span}, {path, 0, "not in the commit"},
                 text::excerpt(path, 100) + " is not in the repository at this commit.",
                 "Correct the path, or add the file.", text::excerpt(path, 200));
}

}  // namespace

std::vector<Finding> repository_dead_internal_link(const Subject& subject) {
  const Snapshot& snapshot = *subject.repository->snapshot;
  if (snapshot.truncated) {
    return {card_finding(Outcome::not_assessable,
                         "Links cannot be checked: the listing of files is not complete.", {}, "links")};
  }
  std::vector<Finding> findings;
  if (const yaml::Node* link = field(subject.card, "license_link"); link != nullptr && link->is_scalar()) {
    const std::string path = path_of(text::trim(link->text));
    const bool other_case =
        std::any_of(snapshot.files.begin(), snapshot.files.end(),
                    [&path](const SnapshotFile& file) { return text::equal_ignoring_case(file.path, path); });
    if (!path.empty() && !is_there(snapshot, path) && !other_case) findings.push_back(dead(link->span, path));
  }
  std::vector<std::string> seen;
  for (const Span span : targets(subject.card)) {
    const std::string path = path_of(subject.card.quote(span));
    if (path.empty() || is_there(snapshot, path) || findings.size() >= kMaxFindings) continue;
    if (std::find(seen.begin(), seen.end(), path) != seen.end()) continue;
    seen.push_back(path);
    findings.push_back(dead(span, path));
  }
  return findings;
}

}  // namespace cardwarden::rules
