// SPDX-License-Identifier: Apache-2.0
#include "card/card.h"

#include "base/text.h"

namespace cardwarden {

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::model:
      return "model";
    case Kind::dataset:
      return "dataset";
    case Kind::space:
      return "space";
  }
  return "model";
}

std::string_view to_string(KindSource source) {
  switch (source) {
    case KindSource::flag:
      return "flag";
    case KindSource::path:
      return "path";
    case KindSource::content:
      return "content";
    case KindSource::fallback:
      return "fallback";
  }
  return "fallback";
}

std::vector<const yaml::Node*> fields(const Card& card, std::string_view path) {
  static constexpr std::string_view kEach = "[]";
  std::vector<const yaml::Node*> found;
  const yaml::Node& root = card.front_matter.root;
  std::size_t first = 0;  // most cards have none of most fields
  while (first < path.size() && path[first] != '.' && path[first] != '[') ++first;
  if (!root.is_mapping() || root.find(path.substr(0, first)) == nullptr) return found;
  found.push_back(&root);
  for (std::string_view step : text::split(path, '.')) {
    const bool each = step.size() > kEach.size() && step.substr(step.size() - kEach.size()) == kEach;
    if (each) step.remove_suffix(kEach.size());
    std::vector<const yaml::Node*> next;
    for (const yaml::Node* node : found) {
      const yaml::Node* value = node->find(step);
      if (value == nullptr) continue;
      if (!each) {
        next.push_back(value);
      } else if (value->is_sequence()) {
        for (const yaml::Node& item : value->items) next.push_back(&item);
      } else if (!value->is_null()) {
        next.push_back(value);
      }
    }
    found = std::move(next);
  }
  return found;
}

const yaml::Node* field(const Card& card, std::string_view path) {
  const std::vector<const yaml::Node*> found = fields(card, path);
  return found.empty() ? nullptr : found.front();
}

}  // namespace cardwarden
