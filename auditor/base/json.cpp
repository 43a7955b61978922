// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "base/text.h"

namespace cardwarden {
namespace {

void append_string(std::string& out, std::string_view s) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out.push_back('"');
  for (std::size_t at = 0; at < s.size();) {
    const auto byte = static_cast<unsigned char>(s[at]);
    if (byte >= 0x80U) {
      text::append_utf8(out, text::decode(s, at));
      continue;
    }
    ++at;
    switch (byte) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        if (byte < 0x20U) {
          out += "\\u00";
          out.push_back(kHex[byte >> 4U]);
          out.push_back(kHex[byte & 0xFU]);
        } else {
          out.push_back(static_cast<char>(byte));
        }
    }
  }
  out.push_back('"');
}

// Keys are ordered by their UTF-16 code units, which is not the order of their bytes.
std::u16string utf16(std::string_view s) {
  std::u16string out;
  for (std::size_t at = 0; at < s.size();) {
    const char32_t point = text::decode(s, at);
    if (point < 0x10000U) {
      out.push_back(static_cast<char16_t>(point));
    } else {
      const char32_t rest = point - 0x10000U;
      out.push_back(static_cast<char16_t>(0xD800U + (rest >> 10U)));
      out.push_back(static_cast<char16_t>(0xDC00U + (rest & 0x3FFU)));
    }
  }
  return out;
}

void append(std::string& out, const nlohmann::json& value);

void append_object(std::string& out, const nlohmann::json& value) {
  std::vector<std::pair<std::u16string, const nlohmann::json*>> members;
  std::vector<std::string_view> keys;
  members.reserve(value.size());
  keys.reserve(value.size());
  for (auto at = value.begin(); at != value.end(); ++at) {
    members.emplace_back(utf16(at.key()), &*at);
    keys.emplace_back(at.key());
  }
  std::vector<std::size_t> order(members.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return members[a].first < members[b].first; });
  out.push_back('{');
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i > 0) out.push_back(',');
    append_string(out, keys[order[i]]);
    out.push_back(':');
    append(out, *members[order[i]].second);
  }
  out.push_back('}');
}

void append_integer(std::string& out, const nlohmann::json& value) {
  constexpr std::int64_t kExact = std::int64_t{1} << 53U;  // beyond it a double skips integers
  if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    out += number <= static_cast<std::uint64_t>(kExact) ? std::to_string(number)
                                                        : json_number(static_cast<double>(number));
    return;
  }
  const auto number = value.get<std::int64_t>();
  const bool exact = number <= kExact && number >= -kExact;
  out += exact ? std::to_string(number) : json_number(static_cast<double>(number));
}

void append(std::string& out, const nlohmann::json& value) {
  using Type = nlohmann::json::value_t;
  switch (value.type()) {
    case Type::object:
      append_object(out, value);
      return;
    case Type::array: {
      out.push_back('[');
      bool first = true;
      for (const auto& item : value) {
        if (!first) out.push_back(',');
        first = false;
        append(out, item);
      }
      out.push_back(']');
      return;
    }
    case Type::string:
      append_string(out, value.get_ref<const std::string&>());
      return;
    case Type::boolean:
      out += value.get<bool>() ? "true" : "false";
      return;
    case Type::number_integer:
    case Type::number_unsigned:
      append_integer(out, value);
      return;
    case Type::number_float:
      out += json_number(value.get<double>());
      return;
    case Type::null:
      out += "null";
      return;
    case Type::binary:
    case Type::discarded:
      std::abort();  // neither is a JSON value
  }
}

}  // namespace

std::string json_number(double number) {
  if (!std::isfinite(number)) std::abort();
  if (number == 0) return "0";  // of either sign
  char buffer[40];
  const auto written =
      std::to_chars(std::begin(buffer), std::end(buffer), std::fabs(number), std::chars_format::scientific);
  const std::string_view shortest(buffer, static_cast<std::size_t>(written.ptr - buffer));
  const std::size_t e = shortest.find('e');
  std::string digits;
  for (const char c : shortest.substr(0, e)) {
    if (c != '.') digits.push_back(c);
  }
  int exponent = 0;
  const std::size_t sign = shortest[e + 1] == '+' ? 2 : 1;  // from_chars takes no plus
  std::from_chars(shortest.data() + e + sign, shortest.data() + shortest.size(), exponent);

  // ECMAScript Number::toString: `k` digits, the decimal point after the first `n` of them.
  const int k = static_cast<int>(digits.size());
  const int n = exponent + 1;
  std::string out = number < 0 ? "-" : "";
  if (k <= n && n <= 21) {
    out += digits + std::string(static_cast<std::size_t>(n - k), '0');
  } else if (0 < n && n <= 21) {
    out += digits.substr(0, static_cast<std::size_t>(n)) + "." + digits.substr(static_cast<std::size_t>(n));
  } else if (-6 < n && n <= 0) {
    out += "0." + std::string(static_cast<std::size_t>(-n), '0') + digits;
  } else {
    out += digits.substr(0, 1);
    if (k > 1) out += "." + digits.substr(1);
    out += (n - 1 < 0 ? "e-" : "e+") + std::to_string(std::abs(n - 1));
  }
  return out;
}

std::string json_string(std::string_view s) {
  std::string out;
  append_string(out, s);
  return out;
}

std::string canonical_json(const nlohmann::json& value) {
  std::string out;
  append(out, value);
  return out;
}

}  // namespace cardwarden
