// SPDX-License-Identifier: Apache-2.0
#pragma once
// Digests and the texts that bytes travel in. Bytes are std::string and std::string_view throughout. All
// functions are pure and may be called from any thread; decoders are strict: what they take, the encoder
// gives back byte for byte.

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/result.h"

namespace cardwarden {

constexpr std::size_t kHashBytes = 32;  // FIPS 180-4, SHA-256
using Hash = std::array<unsigned char, kHashBytes>;

Hash sha256(std::string_view bytes);
Hash sha256_of(std::initializer_list<std::string_view> parts);  // of the parts one after another
std::string sha256_hex(std::string_view bytes);                 // 64 lower-case hexadecimal digits

enum class HashKind : std::uint8_t { sha256, sha384, sha512 };
std::string hash_bytes(HashKind kind, std::string_view bytes);  // 32, 48 or 64 bytes

std::string_view bytes_of(const Hash& hash);         // a view into `hash`
Result<Hash> hash_from_bytes(std::string_view raw);  // exactly 32 bytes

std::string hex(std::string_view bytes);
std::string hex(const Hash& hash);
Result<std::string> bytes_from_hex(std::string_view text);  // lower-case digits only
Result<Hash> hash_from_hex(std::string_view text);          // 64 lower-case digits

// RFC 4648 section 4, padded.
std::string base64(std::string_view bytes);
std::string base64(const Hash& hash);
// Refuses white space, wrong padding, and bits after the last byte that are not zero.
Result<std::string> bytes_from_base64(std::string_view text);

// RFC 4648 section 5, without padding.
std::string base64url(std::string_view bytes);
Result<std::string> bytes_from_base64url(std::string_view text);  // padding may stand or be left out

// Either alphabet, never both in one text. DSSE envelopes may use any of the two.
Result<std::string> bytes_from_any_base64(std::string_view text);

// RFC 7468 textual encoding: one block, lines of 64 characters, LF.
std::string pem(std::string_view label, std::string_view der);
// The bytes of the only block of `text`, which must carry `label`. CR LF line ends are taken, and white space
// around the block; anything else around it is refused, so that nobody reads another key than the program.
Result<std::string> bytes_from_pem(std::string_view label, std::string_view text);

}  // namespace cardwarden
