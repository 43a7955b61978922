// SPDX-License-Identifier: Apache-2.0
#include "crypto/bytes.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "base/text.h"

namespace cardwarden {
namespace {

constexpr std::string_view kStandard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlSafe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t kPemLine = 64;  // characters, RFC 7468 section 2

enum class Alphabet { standard, url_safe, any };

Error format_error(std::string message) { return {ErrorCode::format, std::move(message)}; }

std::string encode(std::string_view alphabet, bool padded, std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  std::size_t at = 0;
  const auto byte = [&bytes](std::size_t i) {
    return std::uint32_t{static_cast<unsigned char>(i < bytes.size() ? bytes[i] : 0)};
  };
  for (; at < bytes.size(); at += 3) {
    const std::uint32_t group = byte(at) << 16U | byte(at + 1) << 8U | byte(at + 2);
    const std::size_t digits = std::min<std::size_t>(bytes.size() - at, 3) + 1;
    for (std::size_t i = 0; i < 4; ++i) {
      if (i < digits) {
        out.push_back(alphabet[group >> (18U - 6U * i) & 0x3fU]);
      } else if (padded) {
        out.push_back('=');
      }
    }
  }
  return out;
}

// What each character stands for: the value of its six bits, and in which of the two alphabets it is none.
constexpr std::uint32_t kSixBits = 0x3FU;
constexpr std::uint32_t kNotStandard = 0x40U;
constexpr std::uint32_t kNotUrlSafe = 0x80U;

constexpr std::array<std::uint8_t, 256> digit_table() {
  std::array<std::uint8_t, 256> out{};
  for (auto& one : out) one = kNotStandard | kNotUrlSafe;
  for (std::size_t i = 0; i < kStandard.size(); ++i)
    out[static_cast<unsigned char>(kStandard[i])] = static_cast<std::uint8_t>(i | kNotUrlSafe);
  for (std::size_t i = 0; i < kUrlSafe.size(); ++i) {
    auto& one = out[static_cast<unsigned char>(kUrlSafe[i])];
    const bool both = kStandard[i] == kUrlSafe[i];
    one = static_cast<std::uint8_t>(i | (both ? 0U : kNotStandard));
  }
  return out;
}
constexpr std::array<std::uint8_t, 256> kDigitTable = digit_table();

std::uint32_t digit(char c) { return kDigitTable[static_cast<unsigned char>(c)]; }

Result<std::string> decode(Alphabet alphabet, std::string_view text) {
  std::size_t digits = text.size();
  while (digits > 0 && text.size() - digits < 2 && text[digits - 1] == '=') --digits;
  const std::size_t padded = text.size() - digits;
  const std::size_t tail = digits % 4;
  if (tail == 1) return format_error("The base64 text has a length that no bytes give.");
  std::string out(digits / 4 * 3 + (tail == 0 ? 0 : tail - 1), '\0');
  std::uint32_t seen = 0;
  char* to = out.data();
  std::size_t at = 0;
  for (; at + 4 <= digits; at += 4) {
    const std::uint32_t a = digit(text[at]), b = digit(text[at + 1]);
    const std::uint32_t c = digit(text[at + 2]), d = digit(text[at + 3]);
    seen |= a | b | c | d;
    const std::uint32_t bits =
        (a & kSixBits) << 18U | (b & kSixBits) << 12U | (c & kSixBits) << 6U | (d & kSixBits);
    *to++ = static_cast<char>(bits >> 16U & 0xffU);
    *to++ = static_cast<char>(bits >> 8U & 0xffU);
    *to++ = static_cast<char>(bits & 0xffU);
  }
  std::uint32_t rest = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::uint32_t one = i < tail ? digit(text[at + i]) : 0;
    seen |= one;
    rest = rest << 6U | (one & kSixBits);
  }
  for (std::size_t i = 0; i + 1 < tail; ++i) *to++ = static_cast<char>(rest >> (16U - 8U * i) & 0xffU);
  const bool standard = alphabet != Alphabet::url_safe && (seen & kNotStandard) == 0;
  const bool url_safe = alphabet != Alphabet::standard && (seen & kNotUrlSafe) == 0;
  if (!standard && !url_safe) return format_error("The base64 text has a character outside its alphabet.");
  const bool padding_left_out = padded == 0 && url_safe;
  if (padded != (tail == 0 ? 0 : 4 - tail) && !padding_left_out)
    return format_error("The base64 text is padded wrongly.");
  if (tail != 0 && (rest & ((1U << (32U - 8U * tail)) - 1U)) != 0)
    return format_error("The base64 text ends in bits that are not zero.");
  return out;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

std::string_view bytes_of(const Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

Result<Hash> hash_from_bytes(std::string_view raw) {
  if (raw.size() != kHashBytes) {
    return format_error("A hash has 32 bytes, this one has " + std::to_string(raw.size()) + ".");
  }
  Hash out{};
  std::memcpy(out.data(), raw.data(), raw.size());
  return out;
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out(bytes.size() * 2, '0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    out[2 * i] = kDigits[byte >> 4U];
    out[2 * i + 1] = kDigits[byte & 0xfU];
  }
  return out;
}

std::string hex(const Hash& hash) { return hex(bytes_of(hash)); }

Result<std::string> bytes_from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return format_error("A hexadecimal text has an even number of digits.");
  std::string out;
  out.reserve(text.size() / 2);
  for (std::size_t at = 0; at < text.size(); at += 2) {
    const int high = hex_value(text[at]);
    const int low = hex_value(text[at + 1]);
    if (high < 0 || low < 0) return format_error("A hexadecimal text has the digits 0-9 and a-f only.");
    out.push_back(static_cast<char>(high << 4 | low));
  }
  return out;
}

Result<Hash> hash_from_hex(std::string_view text) {
  if (text.size() != 2 * kHashBytes) {
    return format_error("A SHA-256 has 64 hexadecimal digits, this one has " + std::to_string(text.size()) +
                        ".");
  }
  return bytes_from_hex(text).and_then([](const std::string& raw) { return hash_from_bytes(raw); });
}

std::string base64(std::string_view bytes) { return encode(kStandard, true, bytes); }
std::string base64(const Hash& hash) { return base64(bytes_of(hash)); }
std::string base64url(std::string_view bytes) { return encode(kUrlSafe, false, bytes); }

Result<std::string> bytes_from_base64(std::string_view text) { return decode(Alphabet::standard, text); }

Result<std::string> bytes_from_base64url(std::string_view text) { return decode(Alphabet::url_safe, text); }

Result<std::string> bytes_from_any_base64(std::string_view text) { return decode(Alphabet::any, text); }

std::string pem(std::string_view label, std::string_view der) {
  std::string out = "-----BEGIN " + std::string(label) + "-----\n";
  const std::string body = base64(der);
  for (std::size_t at = 0; at < body.size(); at += kPemLine) out += body.substr(at, kPemLine) + "\n";
  return out + "-----END " + std::string(label) + "-----\n";
}

Result<std::string> bytes_from_pem(std::string_view label, std::string_view text) {
  const std::string name(label);
  std::string body;
  int state = 0;  // 0 before the block, 1 in it, 2 behind it
  for (std::string_view line : text::split(text::trim(text), '\n')) {
    line = text::trim(line);
    if (state == 0 && line == "-----BEGIN " + name + "-----") {
      state = 1;
    } else if (state == 1 && line == "-----END " + name + "-----") {
      state = 2;
    } else if (state == 1 && line.find('-') == std::string_view::npos) {
      body += line;
    } else {
      return format_error("Expected one PEM block with the label \"" + name + "\" and nothing else.");
    }
  }
  if (state != 2)
    return format_error("Expected a PEM block with the label \"" + name + "\" that has an end.");
  return bytes_from_base64(body);
}

}  // namespace cardwarden
