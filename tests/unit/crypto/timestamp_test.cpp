// SPDX-License-Identifier: Apache-2.0
// Stamps by a local authority that the openssl tool makes and plays.
#include "crypto/timestamp.h"

#include <catch2/catch.hpp>

#include "support/authority.h"

using namespace cardwarden;
using cardwarden::testing::Authority;

namespace {

const Authority& tsa() {
  static const Authority one;
  return one;
}

const std::string kNonce = "\x80nonce-of-16-byte";

}  // namespace

TEST_CASE("time stamp: what a local authority stamps is verified under its root or its own certificate") {
  const Hash digest = sha256("a checkpoint");
  const std::string reply = tsa().stamp(timestamp_request(digest, kNonce).value());
  CHECK(tsa().openssl_agrees(digest));
  for (const char* trusted : {"root.pem", "stamping.pem"}) {
    INFO(trusted);
    const auto stamp = verify_timestamp(reply, digest, {tsa().file(trusted), ""}, kNonce);
    INFO((stamp ? "" : stamp.error().text()));
    REQUIRE(stamp.has_value());
    CHECK(stamp->authority == "CN=Test stamping");
    CHECK(stamp->time > 1'700'000'000);
    CHECK(verify_timestamp(reply, digest, {tsa().file(trusted), tsa().file("stamping.pem")})->time ==
          stamp->time);
  }
}

TEST_CASE("time stamp: over other bytes, with another nonce or by another authority it is refused") {
  const Hash digest = sha256("a checkpoint");
  const std::string reply = tsa().stamp(timestamp_request(digest, kNonce).value());
  const TimestampAuthority root{tsa().file("root.pem"), ""};
  REQUIRE(verify_timestamp(reply, digest, root).has_value());
  CHECK_FALSE(verify_timestamp(reply, sha256("another"), root).has_value());
  CHECK_FALSE(verify_timestamp(reply, digest, root, "another nonce").has_value());
  CHECK_FALSE(verify_timestamp(reply, digest, {tsa().file("other.pem"), ""}, kNonce).has_value());
  CHECK_FALSE(verify_timestamp(reply, digest, {tsa().file("serving.pem"), ""}, kNonce).has_value());
  CHECK(verify_timestamp(reply, digest, {"", ""}).error().code == ErrorCode::usage);
  CHECK_FALSE(verify_timestamp(reply, digest, {tsa().file("root.pem").substr(0, 200), ""}).has_value());
  CHECK_FALSE(verify_timestamp(reply + "x", digest, root).has_value());
  CHECK_FALSE(verify_timestamp("", digest, root).has_value());
  CHECK(verify_timestamp(std::string(kMaxTimestampBytes + 1, 'x'), digest, root).error().code ==
        ErrorCode::too_large);
  CHECK(timestamp_request(digest, "short").error().code == ErrorCode::usage);
}

TEST_CASE("time stamp: a flipped bit changes no time and no digest unseen") {
  const Hash digest = sha256("a checkpoint");
  const std::string reply = tsa().stamp(timestamp_request(digest, kNonce).value());
  const TimestampAuthority root{tsa().file("root.pem"), ""};
  const std::uint64_t time = verify_timestamp(reply, digest, root, kNonce).value().time;
  std::size_t refused = 0;
  for (std::size_t bit = 0; bit < reply.size() * 8; bit += 3) {
    std::string other = reply;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << (bit % 8)));
    const auto stamp = verify_timestamp(other, digest, root, kNonce);
    // Some bytes say nothing: the text of a status, the order of a set. They may change; the time may not.
    if (stamp) CHECK(stamp->time == time);
    refused += stamp ? 0U : 1U;
  }
  CHECK(refused > reply.size() * 8 / 3 * 9 / 10);
  for (std::size_t size = 0; size < reply.size(); size += 7) {
    CHECK_FALSE(verify_timestamp(reply.substr(0, size), digest, root).has_value());
  }
}
