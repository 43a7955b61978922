// SPDX-License-Identifier: Apache-2.0
#pragma once
// Moments as seconds since 1970-01-01T00:00:00Z without leap seconds (POSIX time), and as RFC 3339 text in
// UTC. Nothing here knows what time it is: whoever needs "now" is given it.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace cardwarden {

constexpr std::uint64_t kMaxTime =
    253'402'300'799;  // 9999-12-31T23:59:59Z, the last with a year of four digits

std::string time_text(
    std::uint64_t time);  // "2026-11-21T00:17:29Z"; later moments than kMaxTime give kMaxTime
Result<std::uint64_t> parse_time(std::string_view text);  // takes only what time_text() writes

}  // namespace cardwarden
