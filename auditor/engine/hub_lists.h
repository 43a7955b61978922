// SPDX-License-Identifier: Apache-2.0
#pragma once
// The arrays behind engine/hub.h. Their definition is generated at build time by cmake/EmbedHub.cmake.

#include <cstddef>
#include <string_view>

#include "engine/hub.h"

namespace cardwarden::hub {

struct ListData {
  const std::string_view* first = nullptr;  // sorted by byte, without duplicates
  std::size_t size = 0;
  std::string_view version;
};

ListData list_data(List list);

}  // namespace cardwarden::hub
