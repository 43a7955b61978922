// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reading JSON that somebody signed or that is addressed by its digest: I-JSON (RFC 7493) and nothing else.
// Two readers must never see two values in one text, so a duplicate key, a byte-order mark, text after the
// value, a lone surrogate, bytes that are not UTF-8, and an integer beyond 2^53 are errors. Pure.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace cardwarden {

struct JsonLimits {
  std::size_t bytes = std::size_t{64} * 1024 * 1024;  // findings of a large run are the longest text we read
  std::uint32_t depth = 64;                           // nested arrays and objects
  std::uint32_t values = 4'000'000;                   // of any type, keys not counted
};

Result<nlohmann::json> parse_strict_json(std::string_view text, const JsonLimits& limits = {});

// The same, and the text must be the canonical one (RFC 8785) of its value.
Result<nlohmann::json> parse_canonical_json(std::string_view text, const JsonLimits& limits = {});

// Members of an object that must be there with that type. `what` names the object in the error.
Result<std::string> string_member(const nlohmann::json& object, const std::string& key,
                                  std::string_view what);
Result<std::uint64_t> count_member(const nlohmann::json& object, const std::string& key,
                                   std::string_view what);
// nullptr when there is no such member or it has another type.
const nlohmann::json* object_member(const nlohmann::json& object, const std::string& key);
const nlohmann::json* array_member(const nlohmann::json& object, const std::string& key);

}  // namespace cardwarden
