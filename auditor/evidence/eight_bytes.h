// SPDX-License-Identifier: Apache-2.0
#pragma once
// Questions to eight bytes of a text at once, and the hash of a word that is made of them. Internal to the
// sources of evidence/ that read texts byte by byte.
//
// Eight bytes are one number, the first byte lowest. To be hashed a word is cut into eights, the last one
// filled up with zeros; each is added to the hash with exclusive or, and the hash is mixed. Mixing loses
// nothing and keeps 0, so that words of up to eight bytes meet neither each other nor 0 (no word holds a zero
// byte).

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cardwarden::bytes {

using Eight = std::uint64_t;

constexpr Eight kEach = 0x0101010101010101U;  // one in each byte
constexpr Eight kHighBits = kEach * 0x80U;

// Spelt out so that compilers make one load of it, whatever the machine's order of bytes.
inline Eight load_eight(const char* at) {
  const auto byte = [at](unsigned i) { return Eight{static_cast<unsigned char>(at[i])} << (8 * i); };
  return byte(0) | byte(1) | byte(2) | byte(3) | byte(4) | byte(5) | byte(6) | byte(7);
}

// The high bit of each byte that lies between two ASCII characters, both included.
constexpr Eight between(Eight eight, char low, char high) {
  const Eight ascii = eight & ~kHighBits;
  const Eight from_low = ascii + kEach * static_cast<unsigned>(0x80 - low);
  const Eight above_high = ascii + kEach * static_cast<unsigned>(0x7F - high);
  return from_low & ~above_high & ~eight & kHighBits;
}

// How many bytes stand before the first whose high bit is set, 8 when none is; and ones in all their bits.
constexpr unsigned bytes_before(Eight high_bits) {
  return static_cast<unsigned>(std::countr_zero(high_bits)) / 8;
}
constexpr Eight mask_before(Eight high_bits) { return ((high_bits & (~high_bits + 1)) >> 7U) - 1; }

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
