// SPDX-License-Identifier: Apache-2.0
#include "base/result.h"

#include <catch2/catch.hpp>
#include <memory>
#include <string>

using namespace cardwarden;

namespace {

Result<int> half(int n) {
  if (n % 2 != 0) return Error{ErrorCode::format, "expected an even number"};
  return n / 2;
}

}  // namespace

TEST_CASE("result: holds a value or an error") {
  const Result<int> good = half(4);
  REQUIRE(good.has_value());
  CHECK(*good == 2);
  CHECK(good.value_or(9) == 2);
  const Result<int> bad = half(3);
  REQUIRE_FALSE(bad);
  CHECK(bad.error().code == ErrorCode::format);
  CHECK(bad.value_or(9) == 9);
}

TEST_CASE("result: and_then stops at the first error") {
  int calls = 0;
  const auto count = [&calls](int n) {
    ++calls;
    return half(n);
  };
  CHECK(half(8).and_then(count).and_then(count).value() == 1);
  CHECK(calls == 2);
  CHECK_FALSE(half(6).and_then(count).and_then(count).has_value());
  CHECK(calls == 3);
}

TEST_CASE("result: transform changes the value and passes errors on") {
  const auto text = [](int n) { return std::to_string(n); };
  CHECK(half(8).transform(text).value() == "4");
  CHECK(half(7).transform(text).error().message == "expected an even number");
}

TEST_CASE("result: a value that cannot be copied can be moved out") {
  Result<std::unique_ptr<int>> held(std::make_unique<int>(5));
  const std::unique_ptr<int> out = std::move(held).value();
  CHECK(*out == 5);
}

TEST_CASE("error: the text names the place and the cause") {
  Error error(ErrorCode::policy, "the policy cannot be read", "a.yaml:3:1");
  error.cause = std::make_shared<const Error>(ErrorCode::io, "no such file", "b.yaml");
  CHECK(error.text() == "a.yaml:3:1: the policy cannot be read: b.yaml: no such file");
  CHECK(Error(ErrorCode::usage, "no path was given").text() == "no path was given");
}
