// SPDX-License-Identifier: Apache-2.0
#pragma once
// Says in plain words, and at the right place, what the YAML parser objects to. Internal to base/yaml.cpp.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cardwarden::yaml::source {

struct Mistake {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string message;
  bool alias = false;  // an alias without an anchor
};

// `complaint` is the parser's own message and `pos` where it stopped, `read` the end of the last value it
// read, and `bracket` where the innermost bracket that is still open stands.
Mistake explain(std::string_view src, std::string_view complaint, std::size_t pos, std::size_t read,
                std::optional<std::size_t> bracket);

}  // namespace cardwarden::yaml::source
