// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reading JSON that somebody signed or that is addressed by its digest: I-JSON (RFC 7493) and nothing else.
// Two readers must never see two values in one text, so a duplicate key, a byte-order mark, text after the
// value, a lone surrogate, bytes that are not UTF-8, and an integer beyond 2^53 are errors. The scanner is
// the one of base/json_reader.h. Pure.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/json_reader.h"
#include "base/result.h"

namespace cardwarden {

// Findings of a large run are the longest text that is read so; its keys and values are far under the bound.
constexpr JsonLimits kStrictJson{.values = 8'000'000, .bytes = std::uint64_t{64} << 20U};

// `i_json` need not be set in the limits. Errors carry "line:column" in `where`.
Result<nlohmann::json> parse_strict_json(std::string_view text, const JsonLimits& limits = kStrictJson);

// The same, and the text must be the canonical one (RFC 8785) of its value.
Result<nlohmann::json> parse_canonical_json(std::string_view text, const JsonLimits& limits = kStrictJson);

// Members of an object that must be there with that type. `what` names the object in the error.
Result<std::string> string_member(const nlohmann::json& object, const std::string& key,
                                  std::string_view what);
Result<std::uint64_t> count_member(const nlohmann::json& object, const std::string& key,
                                   std::string_view what);
// nullptr when there is no such member or it has another type.
const nlohmann::json* object_member(const nlohmann::json& object, const std::string& key);
const std::string* text_member(const nlohmann::json& object, const std::string& key);
const nlohmann::json* array_member(const nlohmann::json& object, const std::string& key);

}  // namespace cardwarden
