// SPDX-License-Identifier: Apache-2.0
#pragma once
// The letters at the beginning of eight bytes, and the hash of a word that is made of eights. Internal to the
// sources of evidence/ that read texts byte by byte.
//
// To be hashed a word is cut into eights, the last one filled up with zeros; each is added to the hash with
// exclusive or, and the hash is mixed. Mixing loses nothing and keeps 0, so that words of up to eight bytes
// meet neither each other nor 0 (no word holds a zero byte).

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/eight_bytes.h"

namespace cardwarden::bytes {

// The ASCII letters at the beginning of eight bytes.
struct Letters {
  Eight folded = 0;    // zeros behind them
  Eight capitals = 0;  // 0x20 in the byte of each
  unsigned count = 0;
};
constexpr Letters letters_of(Eight eight) {
  const Eight small = eight | kEach * 0x20U;
  const Eight others = between(small, 'a', 'z') ^ kHighBits;
  const Eight mask = mask_before(others);
  return {small & mask, ~eight & mask & kEach * 0x20U, bytes_before(others)};
}

// Two rounds of multiply and shift; the odd factors are those of MurmurHash3's 64-bit finaliser.
constexpr std::uint64_t mix_word(std::uint64_t hash, Eight eight) {
  hash = (hash ^ eight) * 0xFF51AFD7ED558CCDULL;
  hash = (hash ^ (hash >> 32U)) * 0xC4CEB9FE1A85EC53ULL;
  return hash ^ (hash >> 32U);
}

// A word of more than eight bytes could come to 0.
constexpr std::uint64_t end_hash(std::uint64_t hash) { return hash == 0 ? 1 : hash; }

// The next eight bytes of a text, or as many as it has; zeros from `end` on. `at` is before `end`.
inline Eight eight_of(std::string_view text, std::size_t at, std::size_t end) {
  const std::size_t count = end - at;
  if (text.size() - at >= 8) {
    const Eight eight = load_eight(text.data() + at);
    return count >= 8 ? eight : eight & ((Eight{1} << (8 * count)) - 1);
  }
  Eight eight = 0;
  for (std::size_t i = end; i > at; --i) eight = eight << 8U | static_cast<unsigned char>(text[i - 1]);
  return eight;
}

}  // namespace cardwarden::bytes
