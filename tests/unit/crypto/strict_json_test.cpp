// SPDX-License-Identifier: Apache-2.0
#include "crypto/strict_json.h"

#include <bit>
#include <catch2/catch.hpp>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string>

#include "crypto/bytes.h"

using namespace cardwarden;

TEST_CASE("strict JSON: what two readers could take in two ways is refused") {
  const std::string cases[] = {
      R"({"a":1,"a":1})",
      R"({"a":{"b":1,"b":2}})",
      R"({"a":1,"\u0061":2})",
      R"([1] [2])",
      R"({"a":1}x)",
      "\xEF\xBB\xBF{}",
      R"("\ud800")",
      R"("\udc00")",
      R"({"\ud800":1})",
      "{\"\xff\":1}",
      "\"\xff\"",
      "\"\xc0\x80\"",
      R"([1,])",
      R"({"a":1,})",
      R"([NaN])",
      R"([1e999])",
      R"([1e-999])",
      R"([-9223372036854775809])",
      R"([18446744073709551616])",
      R"([01])",
      "",
      R"([9007199254740993])",
      R"([-9007199254740993])",
      R"(/**/[])",
      R"({'a':1})",
      "[\"\n\"]",
  };
  for (const std::string& text : cases) {
    INFO(text);
    CHECK_FALSE(parse_strict_json(text).has_value());
  }
}

TEST_CASE("strict JSON: a NUL does not hide what stands behind it") {
  CHECK_FALSE(parse_strict_json(std::string("{}\0{}", 5)).has_value());
  CHECK_FALSE(parse_strict_json(std::string("{}\0", 3)).has_value());
  CHECK_FALSE(parse_strict_json(std::string("\0{}", 3)).has_value());
  CHECK_FALSE(parse_strict_json(std::string("[\"\0\"]", 5)).has_value());
}

TEST_CASE("strict JSON: what is taken has a canonical text that is taken too") {
  for (const char* text : {"1e30", "-1e30", "1e21", "9007199254740992", "9007199254740992.0", "0.1e1", "-0.0",
                           "5e-324", "0e9", "[1E5,-0]"}) {
    INFO(text);
    const auto value = parse_strict_json(text);
    REQUIRE(value.has_value());
    CHECK(parse_canonical_json(canonical_json(*value)).has_value());
  }
  for (const char* text : {"9.1e15", "-44444444444444444.4e3", "1e20", "9.99e20"}) {
    INFO(text);
    CHECK_FALSE(parse_strict_json(text).has_value());
  }
}

TEST_CASE("strict JSON: each bound is named by its error") {
  const JsonLimits limits{.depth = 3, .values = 6, .bytes = 40};
  CHECK(parse_strict_json("[[[1]]]", limits).has_value());
  const std::pair<std::string, const char*> cases[] = {
      {std::string(41, ' '), "bytes"}, {"[[[[1]]]]", "depth"}, {"[1,2,3,4,5,6]", "values"}};
  for (const auto& [text, name] : cases) {
    const auto read = parse_strict_json(text, limits);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code == ErrorCode::too_large);
    CHECK(read.error().message.find(std::string("JsonLimits::") + name) != std::string::npos);
  }
  CHECK_FALSE(parse_strict_json(std::string(1'000'000, '[')).has_value());
}

TEST_CASE("canonical JSON: only the one text of a value is taken") {
  CHECK(parse_canonical_json(R"({"a":[1,"é",null],"b":1e+30})").has_value());
  for (const char* text :
       {R"({"b":1,"a":1})", R"({ "a":1})", R"(["\u00e9"])", R"([1.0])", R"([-0])", R"(["\/"])", "[] "}) {
    INFO(text);
    CHECK(parse_strict_json(text).has_value());
    CHECK_FALSE(parse_canonical_json(text).has_value());
  }
}

TEST_CASE("canonical JSON: keys go by UTF-16 units, so U+1F602 stands before U+FB33") {
  const auto value =
      parse_strict_json(R"({"\ufb33":1,"\ud83d\ude02":2,"\u20ac":3,"\r":4,"1":5,"\u0080":6,"\u00f6":7})");
  REQUIRE(value.has_value());
  CHECK(canonical_json(*value) ==
        "{\"\\r\":4,\"1\":5,\"\xC2\x80\":6,\"\xC3\xB6\":7,\"\xE2\x82\xAC\":3,\"\xF0\x9F\x98\x82\":2,"
        "\"\xEF\xAC\xB3\":1}");
}
