// SPDX-License-Identifier: Apache-2.0
#pragma once
// The policies that ship inside the program. The build makes the text from policies/*.yaml.

#include <string_view>
#include <vector>

namespace cardwarden {

std::string_view builtin_pack(std::string_view name);       // empty when there is none of that name
const std::vector<std::string_view>& builtin_pack_names();  // sorted

}  // namespace cardwarden
