// SPDX-License-Identifier: Apache-2.0
#include "crypto/bytes.h"

#include <catch2/catch.hpp>
#include <random>
#include <string>

using namespace cardwarden;

TEST_CASE("SHA-256: the examples of FIPS 180-4, whole and in parts") {
  CHECK(hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_of({"a", "", "bc"}) == sha256("abc"));
}

TEST_CASE("base64: the examples of RFC 4648 section 10") {
  const std::pair<const char*, const char*> samples[] = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
  };
  for (const auto& [plain, text] : samples) {
    CHECK(base64(plain) == text);
    CHECK(bytes_from_base64(text).value() == plain);
    CHECK(bytes_from_any_base64(text).value() == plain);
  }
  CHECK(base64url("\xfb\xff") == "-_8");
  CHECK(bytes_from_base64url("-_8").value() == "\xfb\xff");
  CHECK(bytes_from_base64url("-_8=").value() == "\xfb\xff");
  CHECK(bytes_from_any_base64("-_8=").value() == "\xfb\xff");
  CHECK(bytes_from_any_base64("+/8=").value() == "\xfb\xff");
}

TEST_CASE("base64: what the encoder never writes is refused") {
  for (const char* text : {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm 8=", "Zm8=\n", "Z", "====", "=", "Zm8-",
                           "Zm9v=", "Zg==Zg==", "Zm\xc3\xa9"}) {
    INFO(text);
    CHECK_FALSE(bytes_from_base64(text).has_value());
  }
  CHECK_FALSE(bytes_from_any_base64("-_+/").has_value());
  CHECK_FALSE(bytes_from_any_base64("+/8").has_value());
}

TEST_CASE("base64: any bytes come back, and no second text gives them") {
  std::mt19937 chance(7);
  for (std::size_t size = 0; size < 70; ++size) {
    std::string bytes;
    for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<char>(chance() & 0xffU));
    const std::string text = base64(bytes);
    CHECK(bytes_from_base64(text).value() == bytes);
    CHECK(bytes_from_base64url(base64url(bytes)).value() == bytes);
    CHECK(bytes_from_hex(hex(bytes)).value() == bytes);
    for (std::size_t at = 0; at < text.size(); ++at) {
      std::string other = text;
      other[at] = other[at] == 'A' ? 'B' : 'A';
      const auto read = bytes_from_base64(other);
      if (read) CHECK(*read != bytes);
    }
  }
}

TEST_CASE("hexadecimal: capitals, odd counts and other letters are refused") {
  for (const char* text : {"0", "AB", "0g", " 0", "0x"}) CHECK_FALSE(bytes_from_hex(text).has_value());
  CHECK_FALSE(hash_from_hex(std::string(62, '0')).has_value());
  CHECK(hash_from_hex(std::string(64, '0')).value() == Hash{});
  CHECK_FALSE(hash_from_bytes(std::string(31, '\0')).has_value());
}

TEST_CASE("PEM: one block, and nothing that only some readers would pass over") {
  const std::string text = pem("PUBLIC KEY", std::string(60, 'x'));
  CHECK(text.substr(0, 27) == "-----BEGIN PUBLIC KEY-----\n");
  CHECK(bytes_from_pem("PUBLIC KEY", text).value() == std::string(60, 'x'));
  std::string windows;
  for (const char c : text) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
  CHECK(bytes_from_pem("PUBLIC KEY", windows).has_value());
  CHECK_FALSE(bytes_from_pem("PRIVATE KEY", text).has_value());
  CHECK_FALSE(bytes_from_pem("PUBLIC KEY", text + text).has_value());
  CHECK_FALSE(bytes_from_pem("PUBLIC KEY", "note\n" + text).has_value());
  CHECK_FALSE(bytes_from_pem("PUBLIC KEY", text + "note\n").has_value());
  CHECK_FALSE(bytes_from_pem("PUBLIC KEY", text.substr(0, 60)).has_value());
  CHECK_FALSE(bytes_from_pem("PUBLIC KEY", "").has_value());
}
