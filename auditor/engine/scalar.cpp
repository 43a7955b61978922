// SPDX-License-Identifier: Apache-2.0
// What YAML 1.1 (https://yaml.org/type/) and the YAML 1.2 core schema read in place of an unquoted scalar.
// Null is a type of its own in the tree and does not come here.
#include <algorithm>
#include <array>
#include <string>

#include "engine/metadata.h"

namespace cardwarden::metadata {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool digits(std::string_view s) { return !s.empty() && std::all_of(s.begin(), s.end(), digit); }
bool only(std::string_view s, std::string_view allowed) {
  return !s.empty() && s.find_first_not_of(allowed) == std::string_view::npos;
}

std::string without_underscores(std::string_view s) {
  std::string out(s);
  out.erase(std::remove(out.begin(), out.end(), '_'), out.end());
  return out;
}

// "true" and "false" for the spellings that a YAML 1.1 reader takes for them, else nothing.
std::string_view boolean(std::string_view s) {
  constexpr std::array<std::string_view, 9> yes = {"yes",  "Yes", "YES", "true", "True",
                                                   "TRUE", "on",  "On",  "ON"};
  constexpr std::array<std::string_view, 9> no = {"no",    "No",  "NO",  "false", "False",
                                                  "FALSE", "off", "Off", "OFF"};
  if (std::find(yes.begin(), yes.end(), s) != yes.end()) return "true";
  if (std::find(no.begin(), no.end(), s) != no.end()) return "false";
  return {};
}

bool date(std::string_view s) {
  if (s.size() < 10 || !digits(s.substr(0, 4)) || s[4] != '-') return false;
  if (!digits(s.substr(5, 2)) || s[7] != '-' || !digits(s.substr(8, 2))) return false;
  if (s.size() == 10) return true;
  const bool separated = s[10] == 'T' || s[10] == 't' || s[10] == ' ';
  return separated && s.size() >= 18 && only(s.substr(11), "0123456789:.+-Zz ");
}

// Digits in groups of base 60, "12:30"; the value, or -1.
long long base_60(std::string_view s) {
  if (s.find(':') == std::string_view::npos || s.front() < '1' || s.front() > '9' || s.size() > 15) return -1;
  long long total = 0;
  bool first = true;
  while (!s.empty()) {
    const std::size_t colon = s.find(':');
    const std::string_view group = s.substr(0, colon);
    if (!digits(group) || group.size() > (first ? 9U : 2U)) return -1;
    const long long value = std::stoll(std::string(group));
    if (!first && value > 59) return -1;
    total = total * 60 + value;
    first = false;
    if (colon == std::string_view::npos) return total;
    s.remove_prefix(colon + 1);
  }
  return -1;
}

// Digits, a point or an exponent (with underscores), at least one digit.
bool decimal(std::string_view s) {
  if (!s.empty() && (s.front() == '-' || s.front() == '+')) s.remove_prefix(1);
  const std::size_t e = s.find_first_of("eE");
  if (e != std::string_view::npos) {
    std::string_view exponent = s.substr(e + 1);
    if (!exponent.empty() && (exponent.front() == '-' || exponent.front() == '+')) exponent.remove_prefix(1);
    if (!digits(exponent)) return false;
    s = s.substr(0, e);
  }
  return only(s, "0123456789_.") && std::count(s.begin(), s.end(), '.') <= 1 && s.front() != '_' &&
         std::any_of(s.begin(), s.end(), digit);
}

bool based(std::string_view s) {  // 0x1f, 0b101, 0o17
  if (s.size() < 3 || s[0] != '0') return false;
  const std::string_view rest = s.substr(2);
  return (s[1] == 'x' && only(rest, "0123456789abcdefABCDEF_")) || (s[1] == 'b' && only(rest, "01_")) ||
         (s[1] == 'o' && only(rest, "01234567"));
}

bool special(std::string_view s) {
  if (!s.empty() && (s.front() == '-' || s.front() == '+')) s.remove_prefix(1);
  constexpr std::array<std::string_view, 6> names = {".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"};
  return std::find(names.begin(), names.end(), s) != names.end();
}

std::string number_read(std::string_view s) {
  if (const long long seconds = base_60(s); seconds >= 0) return std::to_string(seconds);
  std::string plain = without_underscores(s);
  if (based(plain) || special(plain)) return plain;
  if (plain.size() > 1 && plain.size() < 20 && plain[0] == '0' && only(plain, "01234567")) {
    return std::to_string(std::stoull(plain, nullptr, 8));
  }
  if (plain.find_first_of("eE") != std::string::npos) return plain;
  std::string out = plain;
  if (out.find('.') != std::string::npos) {
    while (out.back() == '0') out.pop_back();
    if (out.back() == '.') out.pop_back();
  }
  return out.empty() ? "0" : out;
}

}  // namespace

Scalar scalar_type(const yaml::Node& node) {
  if (!node.is_scalar() || node.style != yaml::Style::plain) return Scalar::text;
  const std::string_view s = node.text;
  // Booleans begin with a letter of yes, no, true, false, on, off; all else with a figure, a sign or a point.
  if (s.empty() || std::string_view("yYnNtTfFoO0123456789+-.").find(s.front()) == std::string_view::npos)
    return Scalar::text;
  if (!boolean(s).empty()) return Scalar::boolean;
  if (date(s)) return Scalar::date;
  if (decimal(s) || based(s) || special(s) || base_60(s) >= 0) return Scalar::number;
  return Scalar::text;
}

std::string read_as(const yaml::Node& node) {
  switch (scalar_type(node)) {
    case Scalar::text:
      return {};
    case Scalar::boolean:
      return "the boolean " + std::string(boolean(node.text));
    case Scalar::number:
      return "the number " + number_read(node.text);
    case Scalar::date:
      return "the date " + node.text.substr(0, 10);
  }
  return {};
}

}  // namespace cardwarden::metadata
