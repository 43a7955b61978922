// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which kind of card a card is, when the user does not say.

#include <optional>
#include <string_view>

#include "base/yaml.h"
#include "card/card.h"

namespace cardwarden {

// The nearest folder named "models", "datasets" or "spaces" above the file.
std::optional<Kind> kind_of_path(std::string_view path);

// By the keys of the front matter; where they do not decide, by the headings of `text`.
std::optional<Kind> kind_of_content(const yaml::Node& front_matter, std::string_view text);

}  // namespace cardwarden
