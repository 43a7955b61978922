// SPDX-License-Identifier: Apache-2.0
#pragma once
// bytes → Card. A pure function of the bytes, the path and the options.

#include <optional>
#include <string>
#include <string_view>

#include "card/card.h"

namespace cardwarden {

struct ParseOptions {
  std::optional<Kind> kind;  // given by the user
  // Body bytes beyond this are not read (diagnostic parse/too-large). The largest card known is 2 MB.
  std::size_t max_bytes = std::size_t{4} * 1024 * 1024;
  std::size_t max_blocks = 200'000;  // blocks of the body (diagnostic parse/too-many-blocks)
  std::size_t max_depth = 100;       // nesting of quotes and lists (diagnostic parse/too-deep)
};

Card parse_card(std::string path, std::string_view bytes, const ParseOptions& options = {});

}  // namespace cardwarden
