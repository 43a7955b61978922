// SPDX-License-Identifier: Apache-2.0
#include "rules/packed.h"

// The assembler takes the files in whole (rules/CMakeLists.txt names them).
// NOLINTBEGIN(readability-identifier-naming): these are symbols of the assembler, which are named in its
// manner.
extern "C" {
extern const char cardwarden_packed_model[];
extern const char cardwarden_packed_model_end[];
extern const char cardwarden_packed_dataset[];
extern const char cardwarden_packed_dataset_end[];
extern const char cardwarden_packed_space[];
extern const char cardwarden_packed_space_end[];
}
// NOLINTEND(readability-identifier-naming)

namespace cardwarden {

const PackedRules& builtin_packed_rules() {
  const auto view = [](const char* begin, const char* end) {
    return std::string_view(begin, static_cast<std::size_t>(end - begin));
  };
  static const PackedRules packed = {view(cardwarden_packed_model, cardwarden_packed_model_end),
                                     view(cardwarden_packed_dataset, cardwarden_packed_dataset_end),
                                     view(cardwarden_packed_space, cardwarden_packed_space_end)};
  return packed;
}

}  // namespace cardwarden
