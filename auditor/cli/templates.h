// SPDX-License-Identifier: Apache-2.0
#pragma once
// The cards to fill in that `cardwarden new` prints. The build makes the text from cli/templates/*.md.

#include <string_view>
#include <vector>

namespace cardwarden {

std::string_view card_template(std::string_view kind);       // empty when there is none of that name
const std::vector<std::string_view>& card_template_names();  // sorted

}  // namespace cardwarden
