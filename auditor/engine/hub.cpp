// SPDX-License-Identifier: Apache-2.0
#include "engine/hub.h"

#include <algorithm>
#include <array>

#include "engine/hub_lists.h"

namespace cardwarden::hub {
namespace {

using Entries = std::vector<std::string_view>;

Entries copy_of(List list) {
  const ListData data = list_data(list);
  return Entries(data.first, data.first + data.size);
}

}  // namespace

const Entries& entries(List list) {
  static const std::array<Entries, 6> lists = {copy_of(List::licenses),        copy_of(List::tasks),
                                               copy_of(List::task_ids),        copy_of(List::libraries),
                                               copy_of(List::size_categories), copy_of(List::space_sdks)};
  if (list == List::languages) {  // 8,000 codes, made only for those who want them all
    static const Entries languages = copy_of(List::languages);
    return languages;
  }
  return lists.at(static_cast<std::size_t>(list));
}

bool contains(List list, std::string_view id) {
  const ListData data = list_data(list);
  return std::binary_search(data.first, data.first + data.size, id);
}

std::string_view version(List list) { return list_data(list).version; }

}  // namespace cardwarden::hub
