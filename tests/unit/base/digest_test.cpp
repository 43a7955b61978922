// SPDX-License-Identifier: Apache-2.0
#include "base/digest.h"

#include <catch2/catch.hpp>
#include <string>

using cardwarden::sha256_hex;

// Values of FIPS 180-4's published examples.
TEST_CASE("sha256: the published examples give the published digests") {
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST_CASE("sha256: a zero byte counts") {
  CHECK(sha256_hex(std::string("\0", 1)) != sha256_hex(""));
  CHECK(sha256_hex(std::string("a\0b", 3)) != sha256_hex("ab"));
}
