// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"

#include <bit>
#include <catch2/catch.hpp>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <random>
#include <utility>

using namespace cardwarden;
using nlohmann::json;

TEST_CASE("canonical JSON: numbers are written as RFC 8785 appendix B lists them") {
  const std::pair<std::uint64_t, const char*> samples[] = {
      {0x0000000000000000, "0"},
      {0x8000000000000000, "0"},
      {0x0000000000000001, "5e-324"},
      {0x8000000000000001, "-5e-324"},
      {0x7fefffffffffffff, "1.7976931348623157e+308"},
      {0xffefffffffffffff, "-1.7976931348623157e+308"},
      {0x4340000000000000, "9007199254740992"},
      {0xc340000000000000, "-9007199254740992"},
      {0x4430000000000000, "295147905179352830000"},
      {0x44b52d02c7e14af5, "9.999999999999997e+22"},
      {0x44b52d02c7e14af6, "1e+23"},
      {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
      {0x444b1ae4d6e2ef4e, "999999999999999700000"},
      {0x444b1ae4d6e2ef4f, "999999999999999900000"},
      {0x444b1ae4d6e2ef50, "1e+21"},
      {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
      {0x3eb0c6f7a0b5ed8d, "0.000001"},
      {0x41b3de4355555553, "333333333.3333332"},
      {0x41b3de4355555554, "333333333.33333325"},
      {0x41b3de4355555555, "333333333.3333333"},
      {0x41b3de4355555556, "333333333.3333334"},
      {0x41b3de4355555557, "333333333.33333343"},
      {0xbecbf647612f3696, "-0.0000033333333333333333"},
      {0x43143ff3c1cb0959, "1424953923781206.2"},
  };
  for (const auto& [bits, text] : samples) {
    INFO(text);
    CHECK(json_number(std::bit_cast<double>(bits)) == text);
  }
}

TEST_CASE("canonical JSON: the value of RFC 8785 section 3.2.2 becomes the bytes of section 3.2.3") {
  const json value = json::parse(R"({
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]
  })");
  CHECK(canonical_json(value) ==
        "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
        "\"string\":\"\xE2\x82\xAC$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
}

TEST_CASE("canonical JSON: keys are in the order of their UTF-16 units, as in RFC 8785 section 3.2.3") {
  const json value = json::parse(R"({
    "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
    "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"
  })");
  CHECK(
      canonical_json(value) ==
      "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xC2\x80\":\"Control\","
      "\"\xC3\xB6\":\"Latin Small Letter O With Diaeresis\",\"\xE2\x82\xAC\":\"Euro Sign\","
      "\"\xF0\x9F\x98\x80\":\"Emoji: Grinning Face\",\"\xEF\xAC\xB3\":\"Hebrew Letter Dalet With Dagesh\"}");
}

TEST_CASE("canonical JSON: integers are exact up to 2^53 and the nearest double beyond") {
  CHECK(canonical_json(json(0)) == "0");
  CHECK(canonical_json(json(-1)) == "-1");
  CHECK(canonical_json(json(std::uint64_t{9007199254740992})) == "9007199254740992");
  CHECK(canonical_json(json(std::uint64_t{9007199254740993})) == "9007199254740992");
  CHECK(canonical_json(json(std::uint64_t{18446744073709551615U})) == "18446744073709552000");
  CHECK(canonical_json(json(std::int64_t{-9223372036854775807})) == "-9223372036854776000");
  CHECK(canonical_json(json(10.0)) == "10");
}

TEST_CASE("canonical JSON: empty containers, nesting and every short escape") {
  CHECK(canonical_json(json::object()) == "{}");
  CHECK(canonical_json(json::array()) == "[]");
  CHECK(canonical_json(json::parse(R"([[], {"a": {}}, ""])")) == R"([[],{"a":{}},""])");
  CHECK(json_string("\b\t\n\f\r\"\\\x01\x1f\x7f/") == "\"\\b\\t\\n\\f\\r\\\"\\\\\\u0001\\u001f\x7f/\"");
}

TEST_CASE("canonical JSON: bytes that are not UTF-8 become the replacement character") {
  const std::string text = json_string("a\xFFz");
  CHECK(text == "\"a\xEF\xBF\xBDz\"");
}

TEST_CASE("canonical JSON: what is written reads back as the same number, for random doubles") {
  std::mt19937_64 random(20261120);
  for (int i = 0; i < 20000; ++i) {
    const double number = std::bit_cast<double>(random());
    if (!(number - number == 0)) continue;  // NaN and infinities have no JSON form
    const std::string text = json_number(number);
    INFO(text);
    REQUIRE(json::parse(text).get<double>() == number);
    REQUIRE(canonical_json(json::parse(canonical_json(json(number)))) == text);
  }
}
