// SPDX-License-Identifier: Apache-2.0
// Keys in a token, by SoftHSM (Debian: softhsm2). The token stands in a temporary folder and is made here.
#include "crypto/token_signer.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

using namespace cardwarden;

namespace {

namespace fs = std::filesystem;

constexpr const char* kMakeToken = R"sh(
set -e
cd "$1"
mkdir tokens
printf 'directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n' "$1/tokens" >softhsm2.conf
SOFTHSM2_CONF="$1/softhsm2.conf"; export SOFTHSM2_CONF
softhsm2-util --init-token --free --label audit --pin 123456 --so-pin 87654321
for curve in P-256 P-384; do
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:$curve -out $curve.pem
done
openssl pkey -in P-256.pem -pubout -out log1.pub
add() { softhsm2-util --import "$1" --token audit --pin 123456 --label "$2" --id "$3"; }
add P-256.pem log1 01
add P-384.pem large 02
add P-256.pem twice 03
add P-256.pem twice 04
)sh";

// One token for the whole program: the library reads its configuration once.
class Token {
 public:
  Token() {
    std::string name = (fs::temp_directory_path() / "cardwarden-token-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = name;
    std::ofstream(folder_ / "make.sh") << kMakeToken;
    const std::string command = "/bin/sh " + (folder_ / "make.sh").string() + " " + name + " >" +
                                (folder_ / "log").string() + " 2>&1";
    if (std::system(command.c_str()) != 0) {
      std::ifstream log(folder_ / "log");
      FAIL("SoftHSM makes no token (Debian: apt-get install softhsm2): " << log.rdbuf());
    }
    ::setenv("SOFTHSM2_CONF", (folder_ / "softhsm2.conf").c_str(), 1);
    for (const char* path : {"/usr/lib/softhsm/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so"}) {
      if (fs::exists(path)) module_ = path;
    }
  }
  Token(const Token&) = delete;
  Token& operator=(const Token&) = delete;
  ~Token() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  TokenKey key(const std::string& label, const std::string& id = "") const {
    return {module_, "audit", label, id};
  }
  std::string file(const char* name) const {
    std::ifstream in(folder_ / name);
    return {std::istreambuf_iterator<char>(in), {}};
  }

 private:
  fs::path folder_;
  std::string module_;
};

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
  for (const char* text :
       {"", "pkcs11", "pkcs11:", "pkcs11:token=a", "pkcs11:object=b", "pkcs11:token=a;object=b;serial=1",
        "pkcs11:token=a;object=b?pin-value=1234", "pkcs11:token=a;token=c;object=b",
        "pkcs11:token=a;object=b;type=cert", "pkcs11:token=%0;object=b", "pkcs11:token=%zz;object=b",
        "pkcs11:token;object=b", "file:token=a;object=b"}) {
    INFO(text);
    CHECK_FALSE(parse_token_uri(text).has_value());
  }
  CHECK(parse_token_uri("pkcs11:token=" + std::string(5000, 'a')).error().code == ErrorCode::too_large);
}
