// SPDX-License-Identifier: Apache-2.0
#include "card/card.h"

#include <algorithm>

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

namespace {

// Adds what stands at `path` below `node`; "[]" behind a step means each item of a list.
void gather(const yaml::Node& node, std::string_view path, std::vector<const yaml::Node*>& out) {
  static constexpr std::string_view kEach = "[]";
  const std::size_t dot = std::min(path.find('.'), path.size());
  std::string_view step = path.substr(0, dot);
  const bool each = step.size() > kEach.size() && step.substr(step.size() - kEach.size()) == kEach;
  if (each) step.remove_suffix(kEach.size());
  const yaml::Node* value = node.find(step);
  if (value == nullptr) return;
  const auto go_on = [&](const yaml::Node& found) {
    if (dot == path.size()) {
      out.push_back(&found);
    } else {
      gather(found, path.substr(dot + 1), out);
    }
  };
  if (each && value->is_sequence()) {
    for (const yaml::Node& item : value->items) go_on(item);
  } else if (!each || !value->is_null()) {
    go_on(*value);
  }
}

}  // namespace

std::vector<const yaml::Node*> fields(const Card& card, std::string_view path) {
  std::vector<const yaml::Node*> found;
  if (card.front_matter.root.is_mapping()) gather(card.front_matter.root, path, found);
  return found;
}

const yaml::Node* field(const Card& card, std::string_view path) {
  const std::vector<const yaml::Node*> found = fields(card, path);
  return found.empty() ? nullptr : found.front();
}

}  // namespace cardwarden
