// SPDX-License-Identifier: Apache-2.0
#include "repository/rename.h"

#include <algorithm>
#include <unordered_map>

#include "base/text.h"

namespace cardwarden {

bool may_have_been_card(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::string name = text::lower_ascii(slash == std::string_view::npos ? path : path.substr(slash + 1));
  const std::size_t dot = name.rfind('.');
  const std::string end = dot == std::string::npos ? "" : name.substr(dot);
  if (end == ".md" || end == ".markdown" || end == ".rst") return true;
  return (end.empty() || end == ".txt") &&
         (name.compare(0, 6, "readme") == 0 || name.find("card") != std::string::npos);
}

double line_similarity(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return 0;
  std::unordered_map<std::string_view, std::size_t> lines;
  for (const std::string_view line : text::split(a, '\n')) ++lines[line];
  std::size_t common = 0;
  for (const std::string_view line : text::split(b, '\n')) {
    const auto at = lines.find(line);
    if (at == lines.end() || at->second == 0) continue;
    --at->second;
    common += line.size() + 1;
  }
  return std::min(1.0, static_cast<double>(common) / static_cast<double>(std::max(a.size(), b.size())));
}

std::string find_old_name(const Repository& repository, const TreeChange& added,
                          const std::vector<TreeChange>& removed, std::uint64_t max_bytes) {
  for (const TreeChange& one : removed) {
    if (one.old_id == added.new_id) return one.path;
  }
  if (removed.empty()) return {};
  const auto text = repository.read_blob(added.new_id, max_bytes);
  if (!text) return {};
  constexpr double kThreshold = 0.5;
  std::string best;
  double best_similarity = kThreshold;
  for (const TreeChange& one : removed) {
    const auto old = repository.read_blob(one.old_id, max_bytes);
    if (!old) continue;
    const double similarity = line_similarity(*old, *text);
    if (similarity < best_similarity || (similarity == best_similarity && !best.empty())) continue;
    best = one.path;
    best_similarity = similarity;
  }
  return best;
}

}  // namespace cardwarden
