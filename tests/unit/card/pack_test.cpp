// SPDX-License-Identifier: Apache-2.0
#include "card/pack.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "base/files.h"
#include "card/parse.h"

namespace cardwarden {
namespace {

bool same(const yaml::Node& a, const yaml::Node& b) {
  if (a.type != b.type || a.style != b.style || !(a.span == b.span) || a.text != b.text) return false;
  if (a.items.size() != b.items.size() || a.entries.size() != b.entries.size()) return false;
  for (std::size_t i = 0; i < a.items.size(); ++i) {
    if (!same(a.items[i], b.items[i])) return false;
  }
  for (std::size_t i = 0; i < a.entries.size(); ++i) {
    if (!same(a.entries[i].key, b.entries[i].key) || !same(a.entries[i].value, b.entries[i].value))
      return false;
  }
  return true;
}

void check_same(const Card& a, const Card& b) {
  CHECK(a.path == b.path);
  CHECK(a.text == b.text);
  CHECK(a.kind == b.kind);
  CHECK(a.kind_source == b.kind_source);
  CHECK(a.front_matter.present == b.front_matter.present);
  CHECK(a.front_matter.block == b.front_matter.block);
  CHECK(a.front_matter.yaml == b.front_matter.yaml);
  CHECK(same(a.front_matter.root, b.front_matter.root));
  CHECK(a.body == b.body);
  CHECK(a.truncated == b.truncated);
  CHECK(a.lines.line_count() == b.lines.line_count());
  REQUIRE(a.sections.size() == b.sections.size());
  for (std::size_t i = 0; i < a.sections.size(); ++i) {
    const Section& one = a.sections[i];
    const Section& other = b.sections[i];
    CHECK((one.title == other.title && one.level == other.level && one.style == other.style &&
           one.parent == other.parent && one.span == other.span));
  }
  REQUIRE(a.blocks.size() == b.blocks.size());
  for (std::size_t i = 0; i < a.blocks.size(); ++i) {
    const Block& one = a.blocks[i];
    const Block& other = b.blocks[i];
    CHECK((one.kind == other.kind && one.span == other.span && one.section == other.section &&
           one.depth == other.depth && one.header == other.header));
  }
  REQUIRE(a.diagnostics.size() == b.diagnostics.size());
  for (std::size_t i = 0; i < a.diagnostics.size(); ++i) {
    CHECK(a.diagnostics[i].rule == b.diagnostics[i].rule);
    CHECK(a.diagnostics[i].span == b.diagnostics[i].span);
    CHECK(a.diagnostics[i].message == b.diagnostics[i].message);
  }
}

}  // namespace

TEST_CASE("packed cards: every card comes back as it was, whatever is wrong with it") {
  std::size_t cards = 0;
  for (const char* folder :
       {"/tests/fuzz/corpus/front_matter", "/tests/fuzz/corpus/markdown", "/examples/cards"}) {
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(std::string(CARDWARDEN_SOURCE_DIR) + folder)) {
      if (!entry.is_regular_file()) continue;
      const Card card =
          parse_card(entry.path().filename().string(), read_whole_file(entry.path().string()).value());
      const auto back = unpack_card(pack_card(card));
      INFO(entry.path().string());
      REQUIRE(back);
      check_same(card, *back);
      ++cards;
    }
  }
  CHECK(cards > 60);
}

TEST_CASE("packed cards: bytes that are cut short or name what no card has are no card") {
  const Card card =
      parse_card("a.md", "---\ntags: [a, {b: c}]\ntags: [a]\n---\n# One\n\nText.\n\n| a |\n|---|\n| b |\n");
  REQUIRE(card.diagnostics.size() == 1);
  const std::string whole = pack_card(card);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto back = unpack_card(std::string_view(whole).substr(0, size));
    REQUIRE_FALSE(back);
    CHECK(back.error().code == ErrorCode::format);
  }
  std::string other = whole;
  other.replace(other.find("parse/yaml-duplicate-key"), 5, "prose");
  CHECK_FALSE(unpack_card(other));
  Card astray = card;
  astray.blocks.at(0).section = 9;
  CHECK_FALSE(unpack_card(pack_card(astray)));
}

}  // namespace cardwarden
