// SPDX-License-Identifier: Apache-2.0
// Keys in a token, by SoftHSM (Debian: softhsm2). The token stands in a temporary folder and is made here.
#include "crypto/token_signer.h"

#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "support/token.h"

using namespace cardwarden;

namespace {

using testing::Token;

const Token& token() {
  static const Token one;
  return one;
}

}  // namespace

TEST_CASE("token: a key in a token signs, and its public key is the one that openssl knows") {
  const auto signer = open_token_key(token().key("log1"), "123456");
  INFO((signer ? "" : signer.error().text()));
  REQUIRE(signer.has_value());
  const PublicKey& key = (*signer)->public_key();
  CHECK(key.algorithm() == KeyAlgorithm::ecdsa_p256);
  CHECK(key == PublicKey::from_pem(token().file("log1.pub")).value());
  for (const std::string& message :
       {std::string(), std::string("what is signed"), std::string(100'000, 'x')}) {
    const std::string signature = (*signer)->sign(message).value();
    CHECK(key.verify(message, signature));
    CHECK_FALSE(key.verify(message + "x", signature));
  }
}

TEST_CASE("token: a key that the token makes signs, cannot be taken out, and is made once") {
  TokenKey where = token().key("made", "\x11");
  const auto made = make_token_key(where, testing::kTokenPin);
  INFO((made ? "" : made.error().text()));
  REQUIRE(made.has_value());
  CHECK((*made)->public_key().verify("words", (*made)->sign("words").value()));
  CHECK(open_token_key(where, testing::kTokenPin).value()->public_key() == (*made)->public_key());
  where.id = "\x12";
  CHECK(make_token_key(where, testing::kTokenPin).error().code == ErrorCode::usage);
  CHECK(make_token_key(token().key("twice"), testing::kTokenPin).error().code == ErrorCode::usage);
  CHECK(make_token_key(token().key("other"), "").error().code == ErrorCode::usage);
}

TEST_CASE("token: many threads sign with one key") {
  const auto signer = open_token_key(token().key("log1", "\x01"), "123456").value();
  std::vector<std::thread> threads;
  std::vector<int> good(4);
  for (std::size_t i = 0; i < good.size(); ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < 25; ++n) {
        const std::string message = std::to_string(i) + ":" + std::to_string(n);
        const auto signature = signer->sign(message);
        if (signature && signer->public_key().verify(message, *signature)) ++good[i];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(good == std::vector<int>{25, 25, 25, 25});
}

TEST_CASE("token: what is missing, wrong or not clear is said") {
  const auto refused = [](const TokenKey& where, const char* pin, const char* words) {
    const auto signer = open_token_key(where, pin);
    REQUIRE_FALSE(signer.has_value());
    INFO(signer.error().text());
    CHECK(signer.error().message.find(words) != std::string::npos);
  };
  refused(token().key("log1"), "654321", "the PIN is wrong");
  refused(token().key("log1"), "", "A PIN has 1 to 255 bytes");
  refused(token().key("log2"), "123456", "no private key \"log2\"");
  refused(token().key("log1", "\x09"), "123456", "no private key");
  refused(token().key("twice"), "123456", "more than one private key");
  CHECK(open_token_key(token().key("twice", "\x04"), "123456").has_value());
  refused(token().key("large"), "123456", "not on P-256");
  TokenKey other = token().key("log1");
  other.token = "other";
  refused(other, "123456", "No token has the label");
  other = token().key("log1");
  other.module = "no-such-library.so";
  refused(other, "123456", "cannot be loaded");
  other.module = "libz.so.1";
  refused(other, "123456", "no PKCS#11 library");
}

TEST_CASE("token URI: the attributes of RFC 7512 that name one key") {
  const TokenKey key =
      parse_token_uri(
          "pkcs11:token=My%20token;object=log%3B1;id=%01%fF;type=private?module-path=lib%2Fp11.so")
          .value();
  CHECK(key.token == "My token");
  CHECK(key.label == "log;1");
  CHECK(key.id == "\x01\xff");
  CHECK(key.module == "lib/p11.so");
  CHECK(parse_token_uri("pkcs11:object=b;token=a").value().module.empty());
  for (const TokenKey& one :
       {key, TokenKey{"/usr/lib/a b.so", "t?&", "\xc3\xa4=%", std::string("\0\xff", 2)}}) {
    const TokenKey again = parse_token_uri(token_uri(one)).value();
    CHECK(again.module == one.module);
    CHECK(again.token == one.token);
    CHECK(again.label == one.label);
    CHECK(again.id == one.id);
  }
  for (const char* text :
       {"", "pkcs11", "pkcs11:", "pkcs11:token=a", "pkcs11:object=b", "pkcs11:token=a;object=b;serial=1",
        "pkcs11:token=a;object=b?pin-value=1234", "pkcs11:token=a;token=c;object=b",
        "pkcs11:token=a;object=b;type=cert", "pkcs11:token=%0;object=b", "pkcs11:token=%zz;object=b",
        "pkcs11:token;object=b", "file:token=a;object=b"}) {
    INFO(text);
    CHECK_FALSE(parse_token_uri(text).has_value());
  }
  CHECK(parse_token_uri("pkcs11:token=" + std::string(5000, 'a')).error().code == ErrorCode::too_large);
  // Short enough as it stands, too long once it is written with percent signs.
  CHECK(parse_token_uri("pkcs11:token=a;object=b;id=" + std::string(2000, '!')).error().code ==
        ErrorCode::too_large);
  CHECK(parse_token_uri("pkcs11:token=a;object=b;id=" + std::string(1000, '!')).has_value());
}
