// SPDX-License-Identifier: Apache-2.0
#include "repository/zip.h"

#include <catch2/catch.hpp>

#include "support/weight_bytes.h"

using namespace cardwarden;
using cardwarden::testing::little;
using cardwarden::testing::zip_file;

namespace {

// One deflated member "a" of 1,000 letters x, with the size that the directory claims.
std::string deflated(std::uint64_t claimed, std::uint16_t method = 8, std::uint16_t flags = 0) {
  const std::string packed("\xab\xa8\x18\x05\xa3\x60\x14\x0c\x77\x00\x00", 11);
  const std::string sizes = little(0, 4) + little(packed.size(), 4) + little(claimed, 4);
  std::string out = "PK\x03\x04" + little(20, 2) + little(flags, 2) + little(method, 2) + little(0, 4) +
                    sizes + little(1, 2) + little(0, 2) + "a" + packed;
  const std::size_t at = out.size();
  const std::string directory = "PK\x01\x02" + little(20, 4) + little(flags, 2) + little(method, 2) +
                                little(0, 4) + sizes + little(1, 2) + little(0, 12) + little(0, 4) + "a";
  return out + directory + "PK\x05\x06" + little(0, 4) + little(1, 2) + little(1, 2) +
         little(directory.size(), 4) + little(at, 4) + little(0, 2);
}

}  // namespace

TEST_CASE("zip: stored members are listed and read") {
  const std::string bytes =
      zip_file({{"archive/data.pkl", "abc"}, {"archive/data/0", std::string(100, 'x')}});
  const ByteSource source = source_of(bytes);
  const auto members = read_zip_directory(source);
  REQUIRE(members);
  REQUIRE(members->size() == 2);
  CHECK((*members)[0].name == "archive/data.pkl");
  CHECK((*members)[1].size == 100);
  CHECK(read_zip_member(source, (*members)[0], 100).value() == "abc");
  const auto refused = read_zip_member(source, (*members)[1], 99);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::too_large);
}

TEST_CASE("zip: a comment at the end hides nothing") {
  std::string bytes = zip_file({{"a", "1"}});
  bytes[bytes.size() - 2] = 5;
  bytes += "words";
  CHECK(read_zip_directory(source_of(bytes))->size() == 1);
}

TEST_CASE("zip: a deflated member is unpacked up to the bound, whatever size it claims") {
  const std::string honest = deflated(1000);
  const auto members = read_zip_directory(source_of(honest));
  REQUIRE(members);
  CHECK(read_zip_member(source_of(honest), (*members)[0], 1000).value() == std::string(1000, 'x'));
  const std::string liar = deflated(10);
  const auto lied = read_zip_directory(source_of(liar));
  REQUIRE(lied);
  CHECK(read_zip_member(source_of(liar), (*lied)[0], 999).error().code == ErrorCode::too_large);
}

TEST_CASE("zip: other methods and encryption are errors") {
  for (const std::string& bytes : std::vector<std::string>{deflated(1000, 12), deflated(1000, 8, 1)}) {
    const auto members = read_zip_directory(source_of(bytes));
    REQUIRE(members);
    CHECK_FALSE(read_zip_member(source_of(bytes), (*members)[0], 5000));
  }
}

TEST_CASE("zip: a cut or overwritten archive is an error and never more") {
  const std::string bytes = zip_file({{"a.pkl", "abc"}, {"b", "def"}});
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    CHECK_FALSE(read_zip_directory(source_of(std::string_view(bytes).substr(0, cut))));
  }
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string changed = bytes;
    changed[at] = '\xFF';
    const ByteSource source = source_of(changed);
    const auto members = read_zip_directory(source);
    if (!members) continue;
    for (const ZipMember& member : *members) {
      const auto read = read_zip_member(source, member, 1000);
      if (read) CHECK(read->size() <= 1000);
    }
  }
}
