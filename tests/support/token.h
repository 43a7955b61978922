// SPDX-License-Identifier: Apache-2.0
#pragma once
// A PKCS#11 token in a temporary folder, by SoftHSM (Debian: softhsm2).

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "crypto/token_signer.h"

namespace cardwarden::testing {

inline constexpr const char* kTokenPin = "123456";

inline constexpr const char* kMakeToken = R"sh(
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
    std::string name = (std::filesystem::temp_directory_path() / "cardwarden-token-XXXXXX").string();
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
      if (std::filesystem::exists(path)) module_ = path;
    }
  }
  Token(const Token&) = delete;
  Token& operator=(const Token&) = delete;
  ~Token() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  TokenKey key(const std::string& label, const std::string& id = "") const {
    return {module_, "audit", label, id};
  }
  const std::string& module() const { return module_; }
  std::string file(const char* name) const {
    std::ifstream in(folder_ / name);
    return {std::istreambuf_iterator<char>(in), {}};
  }

 private:
  std::filesystem::path folder_;
  std::string module_;
};

}  // namespace cardwarden::testing
