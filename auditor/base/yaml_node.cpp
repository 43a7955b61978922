// SPDX-License-Identifier: Apache-2.0
#include <unordered_set>

#include "base/yaml.h"

namespace cardwarden::yaml {

namespace {

constexpr std::size_t kPairwise = 16;  // mappings up to this size are searched without a hash set

}  // namespace

const Entry* Node::find_entry(std::string_view key) const {
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    if (entry->key.text == key && (entry->key.is_scalar() || entry->key.is_null())) return &*entry;
  }
  return nullptr;
}

const Node* Node::find(std::string_view key) const {
  const Entry* entry = find_entry(key);
  return entry == nullptr ? nullptr : &entry->value;
}

std::vector<const Node*> repeated_keys(const Node& mapping) {
  std::vector<const Node*> repeated;
  const std::vector<Entry>& entries = mapping.entries;
  if (entries.size() <= kPairwise) {
    for (std::size_t i = 1; i < entries.size(); ++i) {
      const Node& key = entries[i].key;
      if (!key.is_scalar()) continue;
      std::size_t j = 0;
      while (j < i && !(entries[j].key.is_scalar() && entries[j].key.text == key.text)) ++j;
      if (j < i) repeated.push_back(&key);
    }
    return repeated;
  }
  std::unordered_set<std::string_view> seen;
  seen.reserve(entries.size());
  for (const Entry& entry : entries) {
    if (entry.key.is_scalar() && !seen.insert(entry.key.text).second) repeated.push_back(&entry.key);
  }
  return repeated;
}

}  // namespace cardwarden::yaml
