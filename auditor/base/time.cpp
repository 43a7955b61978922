// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <algorithm>

namespace cardwarden {
namespace {

constexpr std::uint64_t kDay = 86'400;
constexpr std::string_view kShape = "0000-00-00T00:00:00Z";

bool is_leap(std::uint64_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

std::uint64_t days_of(std::uint64_t year, std::uint64_t month) {
  constexpr std::uint64_t kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return kDays[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

// Days from 1970-01-01 to the first of January of `year`, which is 1970 or later.
std::uint64_t days_before(std::uint64_t year) {
  const auto leap_days = [](std::uint64_t last) { return last / 4 - last / 100 + last / 400; };
  return (year - 1970) * 365 + leap_days(year - 1) - leap_days(1969);
}

std::string digits(std::uint64_t number, std::size_t width) {
  const std::string text = std::to_string(number);
  return std::string(width - std::min(width, text.size()), '0') + text;
}

std::uint64_t number_at(std::string_view text, std::size_t at, std::size_t width) {
  std::uint64_t out = 0;
  for (const char c : text.substr(at, width)) out = out * 10 + static_cast<std::uint64_t>(c - '0');
  return out;
}

}  // namespace

std::string time_text(std::uint64_t time) {
  time = std::min(time, kMaxTime);
  std::uint64_t days = time / kDay;
  const std::uint64_t seconds = time % kDay;
  std::uint64_t year = 1970 + days / 366;  // never too late
  while (days_before(year + 1) <= days) ++year;
  days -= days_before(year);
  std::uint64_t month = 1;
  while (days >= days_of(year, month)) days -= days_of(year, month++);
  return digits(year, 4) + "-" + digits(month, 2) + "-" + digits(days + 1, 2) + "T" +
         digits(seconds / 3600, 2) + ":" + digits(seconds / 60 % 60, 2) + ":" + digits(seconds % 60, 2) + "Z";
}

Result<std::uint64_t> parse_time(std::string_view text) {
  const Error bad(ErrorCode::format, "Expected a time in UTC as 2026-11-21T00:17:29Z.");
  if (text.size() != kShape.size()) return bad;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    const bool fits = kShape[i] == '0' ? text[i] >= '0' && text[i] <= '9' : text[i] == kShape[i];
    if (!fits) return bad;
  }
  const std::uint64_t year = number_at(text, 0, 4);
  const std::uint64_t month = number_at(text, 5, 2);
  const std::uint64_t day = number_at(text, 8, 2);
  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > days_of(year, month)) return bad;
  std::uint64_t days = days_before(year) + day - 1;
  for (std::uint64_t before = 1; before < month; ++before) days += days_of(year, before);
  const std::uint64_t time =
      days * kDay + number_at(text, 11, 2) * 3600 + number_at(text, 14, 2) * 60 + number_at(text, 17, 2);
  if (time_text(time) != text) return bad;  // hours, minutes and seconds in their ranges
  return time;
}

}  // namespace cardwarden
