// SPDX-License-Identifier: Apache-2.0
#include "card/kind.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace cardwarden {
namespace {

constexpr std::size_t kSearchedBytes = 16'384;  // headings that tell the kind stand near the top

// Keys that the Hub reads for one kind of repository only.
constexpr std::array<std::string_view, 12> kDatasetKeys = {
    "annotations_creators", "configs",     "dataset_info",    "language_creators",
    "multilinguality",      "pretty_name", "size_categories", "source_datasets",
    "task_categories",      "task_ids",    "viewer",          "paperswithcode_id"};
constexpr std::array<std::string_view, 8> kModelKeys = {
    "base_model", "co2_eq_emissions", "inference",    "library_name",
    "metrics",    "model-index",      "pipeline_tag", "widget"};

constexpr std::array<std::string_view, 5> kDatasetHeadings = {
    "dataset card for", "dataset summary", "dataset description", "dataset structure", "dataset card"};
constexpr std::array<std::string_view, 3> kModelHeadings = {"model card", "model description",
                                                            "model details"};

template <std::size_t N>
std::size_t count_keys(const yaml::Node& root, const std::array<std::string_view, N>& keys) {
  return static_cast<std::size_t>(std::count_if(
      keys.begin(), keys.end(), [&](std::string_view key) { return root.find(key) != nullptr; }));
}

template <std::size_t N>
bool begins_with_any(std::string_view title, const std::array<std::string_view, N>& phrases) {
  return std::any_of(phrases.begin(), phrases.end(), [&](std::string_view phrase) {
    return text::equal_ignoring_case(title.substr(0, phrase.size()), phrase);
  });
}

std::optional<Kind> kind_of_headings(std::string_view source) {
  for (std::string_view line : text::split(source.substr(0, kSearchedBytes), '\n')) {
    line = text::trim(line);
    if (line.empty() || line.front() != '#') continue;
    const std::size_t title = line.find_first_not_of("# \t*");
    if (title == std::string_view::npos) continue;
    if (begins_with_any(line.substr(title), kDatasetHeadings)) return Kind::dataset;
    if (begins_with_any(line.substr(title), kModelHeadings)) return Kind::model;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Kind> kind_of_path(std::string_view path) {
  std::size_t end = path.find_last_of("/\\");
  while (end != std::string_view::npos) {
    const std::string_view parents = path.substr(0, end);
    const std::size_t slash = parents.find_last_of("/\\");
    const std::string_view folder = slash == std::string_view::npos ? parents : parents.substr(slash + 1);
    if (folder == "models") return Kind::model;
    if (folder == "datasets") return Kind::dataset;
    if (folder == "spaces") return Kind::space;
    end = slash;
  }
  return std::nullopt;
}

std::optional<Kind> kind_of_content(const yaml::Node& front_matter, std::string_view text) {
  if (front_matter.is_mapping()) {
    const bool looks = front_matter.find("title") != nullptr && front_matter.find("emoji") != nullptr &&
                       front_matter.find("colorFrom") != nullptr;
    if (looks || front_matter.find("sdk") != nullptr) return Kind::space;
    const std::size_t dataset = count_keys(front_matter, kDatasetKeys);
    const std::size_t model = count_keys(front_matter, kModelKeys);
    if (dataset > model) return Kind::dataset;
    if (model > dataset) return Kind::model;
  }
  return kind_of_headings(text);
}

}  // namespace cardwarden
