// SPDX-License-Identifier: Apache-2.0
#pragma once
// The card of a blob: parsed once, and kept with the results of earlier runs.

#include <string>
#include <string_view>

#include "card/parse.h"
#include "cli/result_cache.h"
#include "repository/object.h"

namespace cardwarden::cli {

// `bytes` are those of the blob. A card that holds a secret is not kept; where `cache` is null none is.
Card kept_card(ResultCache* cache, const std::string& path, const ObjectId& blob, std::string_view bytes,
               const ParseOptions& options);

}  // namespace cardwarden::cli
