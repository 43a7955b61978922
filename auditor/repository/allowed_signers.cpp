// SPDX-License-Identifier: Apache-2.0
// The file of keys that may sign.
#include <algorithm>

#include "base/text.h"
#include "crypto/bytes.h"
#include "repository/ssh_signature.h"

namespace cardwarden {
namespace {

// Takes a field off a line; quotes keep blanks inside it, as in sshd(8).
std::string_view take_field(std::string_view& line) {
  bool quoted = false;
  std::size_t end = 0;
  for (; end < line.size() && (quoted || (line[end] != ' ' && line[end] != '\t')); ++end) {
    if (line[end] == '\\' && end + 1 < line.size() && line[end + 1] == '"') {
      ++end;
    } else if (line[end] == '"') {
      quoted = !quoted;
    }
  }
  const std::string_view out = line.substr(0, end);
  line = text::trim(line.substr(end));
  return out;
}

bool is_key_type(std::string_view field) {
  return field.substr(0, 4) == "ssh-" || field.substr(0, 6) == "ecdsa-" || field.substr(0, 3) == "sk-";
}

std::string unquoted(std::string_view s) {
  if (s.size() >= 2 && s.front() == '"' && s.back() == '"') s = s.substr(1, s.size() - 2);
  return std::string(s);
}

std::vector<std::string> list_of(std::string_view s) {
  std::vector<std::string> out;
  for (const std::string_view part : text::split(s, ',')) {
    if (!text::trim(part).empty()) out.emplace_back(text::trim(part));
  }
  return out;
}

int digits(std::string_view s, std::size_t at, std::size_t count) {
  int out = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (s[i] < '0' || s[i] > '9') return -1;
    out = out * 10 + (s[i] - '0');
  }
  return out;
}

// Days since 1970-01-01 of a date of the Gregorian calendar.
std::int64_t days_of(int year, int month, int day) {
  const int shifted = month <= 2 ? year - 1 : year;  // the year begins in March
  const int era = shifted / 400;
  const std::int64_t of_era = shifted - era * 400;
  const std::int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return std::int64_t{era} * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

// YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, with or without Z.
std::optional<std::int64_t> time_of(std::string_view s) {
  if (!s.empty() && s.back() == 'Z') s.remove_suffix(1);
  if (s.size() != 8 && s.size() != 12 && s.size() != 14) return std::nullopt;
  const int year = digits(s, 0, 4);
  const int month = digits(s, 4, 2);
  const int day = digits(s, 6, 2);
  const int hour = s.size() >= 12 ? digits(s, 8, 2) : 0;
  const int minute = s.size() >= 12 ? digits(s, 10, 2) : 0;
  const int second = s.size() == 14 ? digits(s, 12, 2) : 0;
  const bool good = year >= 1970 && month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour >= 0 &&
                    hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second <= 60;
  if (!good) return std::nullopt;
  return days_of(year, month, day) * 86'400 + std::int64_t{hour} * 3600 + std::int64_t{minute} * 60 + second;
}

// "namespaces="git,file",valid-before="20300101",cert-authority"
bool read_options(std::string_view options, AllowedSigner& out) {
  while (!options.empty()) {
    bool quoted = false;
    std::size_t end = 0;
    for (; end < options.size() && (quoted || options[end] != ','); ++end) {
      if (options[end] == '"') quoted = !quoted;
    }
    const std::string_view option = options.substr(0, end);
    options.remove_prefix(std::min(end + 1, options.size()));
    const std::size_t equals = option.find('=');
    const std::string name = text::lower_ascii(option.substr(0, equals));
    const std::string value = equals == std::string_view::npos ? "" : unquoted(option.substr(equals + 1));
    if (name == "cert-authority") {
      out.is_authority = true;
    } else if (name == "namespaces") {
      out.namespaces = list_of(value);
      if (out.namespaces.empty()) return false;
    } else if (name == "valid-after" || name == "valid-before") {
      const auto time = time_of(value);
      if (!time) return false;
      (name == "valid-after" ? out.valid_after : out.valid_before) = *time;
    } else {
      return false;  // an option that restricts and is not known must not be passed over
    }
  }
  return true;
}

}  // namespace

Result<std::vector<AllowedSigner>> parse_allowed_signers(std::string_view text, std::string_view path) {
  if (text.size() > kMaxAllowedSignersBytes) {
    return Error(ErrorCode::too_large,
                 "The file has more than " + std::to_string(kMaxAllowedSignersBytes) +
                     " bytes (kMaxAllowedSignersBytes).",
                 std::string(path));
  }
  std::vector<AllowedSigner> out;
  std::uint32_t number = 0;
  for (const std::string_view whole : text::split(text, '\n')) {
    ++number;
    std::string_view line = text::trim(whole);
    if (line.empty() || line.front() == '#') continue;
    const auto wrong = [&](const char* why) {
      return Error(ErrorCode::config, why, std::string(path) + ":" + std::to_string(number));
    };
    AllowedSigner signer;
    signer.line = number;
    signer.principals = list_of(unquoted(take_field(line)));
    std::string_view field = take_field(line);
    if (!is_key_type(field)) {
      if (!read_options(field, signer)) {
        return wrong(
            "Expected the options cert-authority, namespaces, valid-after or valid-before (YYYYMMDD).");
      }
      field = take_field(line);
    }
    const auto key = bytes_from_base64(take_field(line));
    if (!is_key_type(field) || !key || key->empty() || signer.principals.empty()) {
      return wrong("Expected principals, options if any, the type of a key and the key in base64.");
    }
    if (out.size() >= kMaxAllowedSigners) {
      return Error(
          ErrorCode::too_large,
          "The file has more than " + std::to_string(kMaxAllowedSigners) + " keys (kMaxAllowedSigners).",
          std::string(path));
    }
    signer.key = *key;
    out.push_back(std::move(signer));
  }
  return out;
}

}  // namespace cardwarden
