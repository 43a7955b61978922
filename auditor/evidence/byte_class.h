// SPDX-License-Identifier: Apache-2.0
#pragma once
// What kind of byte a byte is to the word splitter. Internal to prose.cpp and word.cpp.

#include <array>
#include <cstdint>
#include <string_view>

#include "base/text.h"

namespace cardwarden::bytes {

enum Class : std::uint8_t { kOther, kWordChar, kDigit, kSpace, kNewline, kStop, kHigh };

constexpr std::array<std::uint8_t, 256> make_classes() {
  std::array<std::uint8_t, 256> table{};
  for (unsigned c = 0; c < 256; ++c) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_')
      table[c] = kWordChar;
    else if (c >= '0' && c <= '9')
      table[c] = kDigit;
    else if (c == ' ' || c == '\t')
      table[c] = kSpace;
    else if (c == '\n' || c == '\r')
      table[c] = kNewline;
    else if (c == '.' || c == '!' || c == '?')
      table[c] = kStop;
    else if (c >= 0x80)
      table[c] = kHigh;
  }
  return table;
}
constexpr std::array<std::uint8_t, 256> kClass = make_classes();

inline std::uint8_t class_of(char c) { return kClass[static_cast<unsigned char>(c)]; }
inline bool is_alnum(char c) { return class_of(c) == kWordChar || class_of(c) == kDigit; }
inline bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
inline bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
inline bool is_letter(char c) { return static_cast<unsigned char>((c | 0x20) - 'a') < 26; }
inline bool is_digit(char c) { return class_of(c) == kDigit; }

// A word whose full stop does not end the sentence.
inline bool is_abbreviation(std::string_view word) {
  static constexpr std::string_view kKnown[] = {"e.g", "i.e", "al",   "vs",     "cf",   "etc", "fig",
                                                "eq",  "sec", "no",   "approx", "resp", "ca",  "dr",
                                                "mr",  "ms",  "prof", "inc",    "st",   "z.b", "u.a"};
  if (word.size() == 1 && is_upper(word[0])) return true;  // an initial
  for (const std::string_view known : kKnown) {
    if (text::equal_ignoring_case(word, known)) return true;
  }
  return false;
}

}  // namespace cardwarden::bytes
