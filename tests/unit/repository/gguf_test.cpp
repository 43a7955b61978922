// SPDX-License-Identifier: Apache-2.0
#include "repository/gguf.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "support/weight_bytes.h"

using namespace cardwarden;
using cardwarden::testing::gguf_file;
using cardwarden::testing::gguf_text;
using cardwarden::testing::little;

namespace {

Result<GgufHeader> read(const std::string& bytes) { return read_gguf(source_of(bytes)); }

std::string with_value(std::uint32_t type, const std::string& value) {
  return "GGUF" + little(3, 4) + little(0, 8) + little(1, 8) + gguf_text("key") + little(type, 4) + value;
}

}  // namespace

TEST_CASE("gguf: all three versions give metadata and tensors") {
  for (const std::uint32_t version : {1U, 2U, 3U}) {
    INFO(version);
    const auto header = read(gguf_file({{"general.architecture", "llama"}, {"general.license", "mit"}},
                                       {{"a.weight", 1, {4, 8}}, {"b.weight", 12, {256}}}, version));
    REQUIRE(header);
    CHECK(header->version == version);
    REQUIRE(header->find("general.architecture") != nullptr);
    CHECK(header->find("general.architecture")->text == "llama");
    REQUIRE(header->tensors.size() == 2);
    CHECK(header->tensors[0].elements == 32);
    CHECK(gguf_type_name(header->tensors[1].type) == "Q4_K");
  }
  CHECK(gguf_type_name(4) == "type 4");
  CHECK(gguf_type_name(999) == "type 999");
}

TEST_CASE("gguf: numbers are read by their type, and lists are counted") {
  CHECK(read(with_value(0, "\xFF"))->values[0].text == "255");
  CHECK(read(with_value(1, "\xFF"))->values[0].text == "-1");
  CHECK(read(with_value(3, "\xFE\xFF"))->values[0].text == "-2");
  CHECK(read(with_value(4, little(4096, 4)))->values[0].text == "4096");
  CHECK(read(with_value(5, little(UINT64_MAX, 4)))->values[0].text == "-1");
  CHECK(read(with_value(6, little(0x3FC00000, 4)))->values[0].text == "1.5");
  CHECK(read(with_value(6, little(0x7FC00000, 4)))->values[0].text == "not finite");
  CHECK(read(with_value(7, "\x01"))->values[0].text == "true");
  CHECK(read(with_value(10, little(UINT64_MAX, 8)))->values[0].text == "18446744073709551615");
  CHECK(read(with_value(11, little(UINT64_MAX, 8)))->values[0].text == "-1");
  CHECK(read(with_value(12, little(0x3FF8000000000000, 8)))->values[0].text == "1.5");
  const auto texts = read(with_value(9, little(8, 4) + little(2, 8) + gguf_text("one") + gguf_text("two")));
  REQUIRE(texts);
  CHECK(texts->values[0].items == 2);
  CHECK(read(with_value(9, little(4, 4) + little(3, 8) + std::string(12, 'x')))->values[0].items == 3);
  const auto nested = with_value(9, little(9, 4) + little(1, 8) + little(0, 4) + little(2, 8) + "xy");
  CHECK(read(nested));
}

TEST_CASE("gguf: big-endian files are read") {
  const auto big = [](std::uint64_t value, std::size_t width) {
    std::string out = little(value, width);
    std::reverse(out.begin(), out.end());
    return out;
  };
  const auto header = read("GGUF" + big(3, 4) + big(1, 8) + big(0, 8) + big(1, 8) + "a" + big(1, 4) +
                           big(7, 8) + big(0, 4) + big(0, 8));
  REQUIRE(header);
  CHECK(header->big_endian);
  CHECK(header->version == 3);
  CHECK(header->tensors.at(0).elements == 7);
}

TEST_CASE("gguf: long texts are cut and say so") {
  const auto header = read(with_value(8, gguf_text(std::string(kMaxGgufText + 1, 'x'))));
  REQUIRE(header);
  CHECK(header->values[0].text.size() == kMaxGgufText);
  CHECK(header->values[0].cut);
}

TEST_CASE("gguf: every bound names itself") {
  const auto why = [](const std::string& bytes) {
    const auto header = read(bytes);
    REQUIRE_FALSE(header);
    return header.error().message;
  };
  const std::string start = "GGUF" + little(3, 4);
  CHECK(why(start + little(kMaxGgufTensors + 1, 8) + little(0, 8)).find("kMaxGgufTensors") !=
        std::string::npos);
  CHECK(why(start + little(0, 8) + little(kMaxGgufValues + 1, 8)).find("kMaxGgufValues") !=
        std::string::npos);
  CHECK(why(with_value(9, little(8, 4) + little(UINT64_MAX, 8))).find("kMaxGgufItems") != std::string::npos);
  CHECK(why(start + little(1, 8) + little(0, 8) + gguf_text("a") + little(9, 4)).find("kMaxGgufDimensions") !=
        std::string::npos);
  std::string nested;
  for (int i = 0; i < 10; ++i) nested += little(9, 4) + little(1, 8);
  CHECK(why(with_value(9, nested)).find("kMaxGgufNesting") != std::string::npos);
}

TEST_CASE("gguf: what is malformed is an error") {
  CHECK_FALSE(read(""));
  CHECK_FALSE(read("GGUX" + little(3, 4)));
  CHECK_FALSE(read("GGUF" + little(4, 4) + little(0, 16)));
  CHECK_FALSE(read("GGUF" + little(0, 4) + little(0, 16)));
  CHECK_FALSE(read(with_value(13, "")));
  CHECK_FALSE(read(with_value(9, little(13, 4) + little(1, 8))));
  CHECK_FALSE(read(with_value(8, little(UINT64_MAX, 8))));
  CHECK_FALSE(read(with_value(9, little(4, 4) + little(UINT64_MAX / 2, 8))));
  CHECK_FALSE(read("GGUF" + little(3, 4) + little(1, 8) + little(0, 8) + gguf_text("a") + little(2, 4) +
                   little(UINT64_MAX, 8) + little(2, 8) + little(0, 12)));
  const std::string bytes = gguf_file({{"a", "b"}}, {{"c", 0, {1, 2}}});
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) CHECK_FALSE(read(bytes.substr(0, cut)));
  CHECK(read(bytes));
}
