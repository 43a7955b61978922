// SPDX-License-Identifier: Apache-2.0
// What counts as a secret in any text. More examples: rules/*/secret-in-*/cases.yaml.
#include "evidence/secrets.h"

#include <catch2/catch.hpp>

namespace cardwarden::test {
namespace {

// In two parts, so that no scanner takes this file for a leak.
const std::string kToken = std::string("hf") + "_CJXDCGLmlZGEONYlgCtjfIZSOcMzCPVNPk";
const std::string kKey =
    std::string("-----BEGIN ") +
    "PRIVATE KEY-----\nfJTNcrZ6ydIEsgo5nVjzz8Gwb8ewCISuYCl0Xq56zaWR7PAmpBFXlNPHcSke4R1J\n";

std::string found_in(std::string_view text) {
  std::string out;
  for (const Secret& one : find_secrets(text)) out += named_secret(text, one) + ";";
  return out;
}

}  // namespace

TEST_CASE("secrets: a token is found whole, with its first letters to show") {
  const std::string text = "login(\"" + kToken + "\")";
  const auto found = find_secrets(text);
  REQUIRE(found.size() == 1);
  CHECK(found[0].span.of(text) == kToken);
  CHECK(shown_secret(text, found[0]) == "hf_C…");
  CHECK(named_secret(text, found[0]) == "a Hugging Face access token (hf_C…)");
}

TEST_CASE("secrets: a private key is named, for its first letters say nothing") {
  const auto found = find_secrets(kKey);
  REQUIRE(found.size() == 1);
  CHECK(shown_secret(kKey, found[0]) == "a private key");
  CHECK(named_secret(kKey, found[0]) == "a private key");
}

TEST_CASE("secrets: an escaped line end stands before a token, any other letter makes it part of a word") {
  for (const char* escape : {"\\n", "\\r", "\\t"}) CHECK(found_in(escape + kToken) != "");
  for (const char* before : {"n", "\\x", "_", "+", "#", "a"}) {
    INFO(before);
    CHECK(found_in(before + kToken) == "");
  }
  // A prefix of letters only may stand at the begin of an encoded line.
  const std::string aws = std::string("AK") + "IA7EDCMPB3U2M7OS5Q";
  CHECK(found_in(aws) != "");
  CHECK(found_in("\\n" + aws) == "");
}

TEST_CASE("secrets: several are found in the order of the text, private keys last") {
  const std::string aws = std::string("AK") + "IA7EDCMPB3U2M7OS5Q";
  CHECK(found_in(kKey + " " + kToken + " and " + aws) ==
        "a Hugging Face access token (hf_C…);an AWS access key (AKIA…);a private key;");
}

TEST_CASE("secrets: a text made of beginnings of secrets takes linear time") {
  for (const char* piece :
       {"-----BEGIN PRIVATE KEY-----", "eyJ.", "-eyJ", "hf_", "sk-", "-----BEGIN ", "/eyJabc"}) {
    std::string text;
    while (text.size() < (1U << 20U)) text += piece;
    INFO(piece);
    CHECK(find_secrets(text).empty());
  }
}

}  // namespace cardwarden::test
