// SPDX-License-Identifier: Apache-2.0
#include "log/witness.h"

#include <catch2/catch.hpp>
#include <string>

using namespace cardwarden::tlog;

namespace {

// The vector of docs/formats/checkpoint.md, grown from two entries.
const std::string kCheckpoint =
    "audit.example/log1\n3\nrra8/idLcKFPsGel5VeCZNsPqbUa9eC6FZFY8yngbnc=\n\n— audit.example/log1 "
    "W1k9nAd7Dhl3ZwdB48XMB/GIYdKvFw03W4p3JxYWR0N8DfLF1YGqzQNIx+58090DvgRJzeeXdVbs3GGb0yDBiudimQ0=\n";
const std::string kHash = "+sVCA+fMaWzw38tCySodnbr3CtnmIfS9jZhmLwDjwSU=\n";

}  // namespace

TEST_CASE("witness request: what was read is written the same") {
  for (const std::string& head : {std::string("old 0\n"), "old 2\n" + kHash, "old 3\n" + kHash + kHash}) {
    CAPTURE(head);
    const std::string text = head + "\n" + kCheckpoint;
    const auto request = parse_witness_request(text);
    REQUIRE(request.has_value());
    CHECK(witness_request_text(*request) == text);
    CHECK(request->checkpoint == kCheckpoint);
  }
  CHECK(parse_witness_request("old 2\n" + kHash + "\n" + kCheckpoint)->old_size == 2);
}

TEST_CASE("witness request: any other text is refused") {
  std::string many = "old 2\n";
  for (std::size_t i = 0; i <= kMaxProofHashes; ++i) many += kHash;
  for (const std::string& text :
       {std::string(), std::string("old 2\n"), "old 02\n\n" + kCheckpoint, "old -1\n\n" + kCheckpoint,
        "new 2\n\n" + kCheckpoint, "old 2\nabc=\n\n" + kCheckpoint, "old 2\n\n" + kCheckpoint + "x",
        "old 2\n" + kHash + "\n", many + "\n" + kCheckpoint}) {
    CAPTURE(text);
    CHECK_FALSE(parse_witness_request(text).has_value());
  }
}
