// SPDX-License-Identifier: Apache-2.0
#pragma once
// SHA-256, the only digest of the project (FIPS 180-4, by OpenSSL).

#include <string>
#include <string_view>

namespace cardwarden {

std::string sha256_hex(std::string_view bytes);  // 64 lower-case hexadecimal digits

}  // namespace cardwarden
