// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <catch2/catch.hpp>

using namespace cardwarden;

TEST_CASE("time: known moments, there and back") {
  const std::pair<std::uint64_t, const char*> samples[] = {
      {0, "1970-01-01T00:00:00Z"},          {951782399, "2000-02-28T23:59:59Z"},
      {951782400, "2000-02-29T00:00:00Z"},  {1700000000, "2023-11-14T22:13:20Z"},
      {4107542400, "2100-03-01T00:00:00Z"}, {kMaxTime, "9999-12-31T23:59:59Z"},
  };
  for (const auto& [time, text] : samples) {
    CHECK(time_text(time) == text);
    CHECK(parse_time(text).value() == time);
  }
  CHECK(time_text(kMaxTime + 1) == "9999-12-31T23:59:59Z");
}

TEST_CASE("time: every day of 900 years comes after the one before and reads back") {
  std::string before;
  for (std::uint64_t day = 0; day < std::uint64_t{900} * 366; ++day) {
    const std::string text = time_text(day * 86'400 + 1);
    if (!(before < text) || parse_time(text).value() != day * 86'400 + 1) FAIL(text);
    before = text;
  }
}

TEST_CASE("time: what is no moment, or another spelling, is refused") {
  for (const char* text :
       {"", "2026-11-21", "2026-11-21T00:17:29", "2026-11-21t00:17:29z", "2026-11-21T00:17:29+00:00",
        "2026-11-21T00:17:29.0Z", "2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
        "2026-01-01T00:00:60Z", "1969-12-31T23:59:59Z", " 026-01-01T00:00:00Z"}) {
    INFO(text);
    CHECK_FALSE(parse_time(text).has_value());
  }
}
