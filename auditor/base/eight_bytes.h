// SPDX-License-Identifier: Apache-2.0
#pragma once
// Questions to eight bytes of a text at once, for what reads long texts byte by byte. Eight bytes are one
// number, the first byte lowest; an answer has the high bit of each byte for which it is yes.

#include <bit>
#include <cstddef>
#include <cstdint>

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

}  // namespace cardwarden::bytes
