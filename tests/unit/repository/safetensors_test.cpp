// SPDX-License-Identifier: Apache-2.0
#include "repository/safetensors.h"

#include <catch2/catch.hpp>

#include "support/weight_bytes.h"

using namespace cardwarden;
using cardwarden::testing::little;
using cardwarden::testing::safetensors_file;

namespace {

Result<SafetensorsHeader> read(const std::string& bytes) { return read_safetensors(source_of(bytes)); }

}  // namespace

TEST_CASE("safetensors: the header gives names, types, shapes and metadata") {
  const std::string bytes =
      safetensors_file({{"a.weight", "BF16", {2, 3}, 12}, {"b", "F32", {}, 4}, {"c", "U8", {0, 5}, 0}});
  const auto header = read(bytes);
  REQUIRE(header);
  REQUIRE(header->tensors.size() == 3);
  CHECK(header->tensors[0].name == "a.weight");
  CHECK(header->tensors[0].dtype == "BF16");
  CHECK(header->tensors[0].elements == 6);
  CHECK(header->tensors[1].elements == 1);
  CHECK(header->tensors[2].elements == 0);
  REQUIRE(header->metadata.size() == 1);
  CHECK(header->metadata[0].second == "pt");
  CHECK(header->data_bytes == 16);
}

TEST_CASE("safetensors: only the header is read, whatever the size of the file") {
  const std::string bytes = safetensors_file({{"a", "F32", {4}, 16}});
  std::uint64_t highest = 0;
  ByteSource source = source_of(bytes);
  const auto inner = source.read;
  source.read = [&](std::uint64_t offset, std::size_t count) {
    highest = std::max<std::uint64_t>(highest, offset + count);
    return inner(offset, count);
  };
  REQUIRE(read_safetensors(source));
  CHECK(highest <= bytes.size() - 16 + 8);
}

TEST_CASE("safetensors: a type that is not known here is kept") {
  const auto header = read(safetensors_file({{"a", "F3_NEW", {4}, 2}}));
  REQUIRE(header);
  CHECK(header->tensors[0].dtype == "F3_NEW");
}

TEST_CASE("safetensors: headers that the format's library refuses are refused") {
  const std::string one = R"("a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]})";
  struct Case {
    std::string header;
    std::size_t data;
    const char* why;
  };
  const Case cases[] = {
      {" {" + one + "}", 8, "begin with '{'"},
      {"{" + one + "} x", 8, "follows"},
      {"{" + one, 8, "too early"},
      {"{" + one + "}", 7, "outside the file"},
      {"{" + one + "}", 9, "belong to no tensor"},
      {"{" + one + "," + one + "}", 8, "stands twice"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})",
       12, "overlaps"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})", 12, "gap"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})", 8, "outside"},
      {R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})", 8, "size of its shape"},
      {R"({"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})", 8, "'shape'"},
      {R"({"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}})", 8, "'shape'"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}})", 8, "'data_offsets'"},
      {R"({"a":{"dtype":1,"shape":[2],"data_offsets":[0,8]}})", 8, "'dtype'"},
      {R"({"a":{"dtype":"F32","shape":[2]}})", 8, "lacks"},
      {R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"more":1}})", 8, "'more'"},
      {R"({"a":{"dtype":"F32","shape":[4294967297],"data_offsets":[0,8]}})", 8, "kMaxDimension"},
      {R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}})", 8, "2^62"},
      {R"({"a":{"dtype":"U8","shape":[4294967296,1073741824],"data_offsets":[0,8]}})", 8,
       "size of its shape"},
      {R"({"__metadata__":{"a":1}})", 0, "no text"},
      {R"({"a":[]})", 0, "no object"},
      {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,"
       "4]}}",
       4, "'shape'"},
  };
  for (const Case& bad : cases) {
    INFO(bad.header);
    const auto header = read(safetensors_file(bad.header, bad.data));
    REQUIRE_FALSE(header);
    INFO(header.error().text());
    CHECK(header.error().message.find(bad.why) != std::string::npos);
  }
}

TEST_CASE("safetensors: lengths that lie are refused before anything is read") {
  CHECK_FALSE(read(""));
  CHECK_FALSE(read("1234567"));
  CHECK_FALSE(read(little(3, 8) + "{}"));
  CHECK_FALSE(read(little(0, 8)));
  const auto huge = read(little(kMaxSafetensorsHeader + 1, 8) + "{}");
  REQUIRE_FALSE(huge);
  CHECK(huge.error().code == ErrorCode::too_large);
  CHECK_FALSE(read(little(UINT64_MAX, 8) + "{}"));
}

TEST_CASE("safetensors: every cut of a file is an error") {
  const std::string bytes = safetensors_file({{"a", "F16", {2, 2}, 8}, {"b", "I64", {1}, 8}});
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) CHECK_FALSE(read(bytes.substr(0, cut)));
}
