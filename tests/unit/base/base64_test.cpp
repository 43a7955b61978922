// SPDX-License-Identifier: Apache-2.0
#include "base/base64.h"

#include <catch2/catch.hpp>

using namespace cardwarden;

TEST_CASE("base64: the examples of RFC 4648") {
  const std::pair<const char*, const char*> examples[] = {{"", ""},
                                                          {"f", "Zg=="},
                                                          {"fo", "Zm8="},
                                                          {"foo", "Zm9v"},
                                                          {"foob", "Zm9vYg=="},
                                                          {"fooba", "Zm9vYmE="},
                                                          {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : examples) {
    CHECK(to_base64(bytes) == text);
    CHECK(from_base64(text) == bytes);
  }
}

TEST_CASE("base64: sloppy texts are refused") {
  for (const char* text :
       {"Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zg==Zg==", "Zm 9v", "Zm9v\n", "Zm-_", "=Zg=", "===="}) {
    INFO(text);
    CHECK_FALSE(from_base64(text));
  }
}

TEST_CASE("hex: both ways, strictly") {
  CHECK(to_hex(std::string("\x00\xff", 2)) == "00ff");
  CHECK(from_hex("00fF") == std::string("\x00\xff", 2));
  CHECK_FALSE(from_hex("0"));
  CHECK_FALSE(from_hex("0g"));
}
