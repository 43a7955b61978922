// SPDX-License-Identifier: Apache-2.0
#pragma once
// Base64 (RFC 4648, section 4: the standard alphabet, padded) and hexadecimal digits, both strict: white
// space, missing or surplus padding and bits that nobody reads make no value.

#include <optional>
#include <string>
#include <string_view>

namespace cardwarden {

std::string to_base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);
std::optional<std::string> from_hex(std::string_view digits);  // lower case or upper case, two for a byte
std::string to_hex(std::string_view bytes);                    // lower case

}  // namespace cardwarden
