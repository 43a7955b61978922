// SPDX-License-Identifier: Apache-2.0
#pragma once
// Canonical JSON (RFC 8785, JCS): one value, one text, so that a digest over it means something.
// Numbers are IEEE doubles as the RFC says: an integer beyond 2^53 is written as the double nearest to it,
// so values that must stay exact belong in strings. Strings are taken as UTF-8; a byte that is not becomes
// U+FFFD. NaN and infinities have no JSON form; handing one in is a bug of the caller and aborts.

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace cardwarden {

std::string canonical_json(const nlohmann::json& value);

// One string with its quotes, as canonical JSON writes it.
std::string json_string(std::string_view s);

// A finite number as ECMAScript's Number.prototype.toString writes it.
std::string json_number(double number);

}  // namespace cardwarden
