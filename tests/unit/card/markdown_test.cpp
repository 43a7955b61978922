// SPDX-License-Identifier: Apache-2.0
// The body as sections and blocks.
#include "card/markdown.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace cardwarden;

namespace {

using Texts = std::vector<std::string>;

std::string text_of(const Card& card, Span span) { return std::string(card.quote(span)); }

// "level title < parent's title" of each section but the first.
Texts outline(const Card& card) {
  Texts out;
  for (std::size_t i = 1; i < card.sections.size(); ++i) {
    const Section& section = card.sections[i];
    std::string line = std::to_string(section.level) + " " + text_of(card, section.title);
    if (section.parent != 0) line += " < " + text_of(card, card.sections[section.parent].title);
    out.push_back(line);
  }
  return out;
}

Texts blocks(const Card& card, BlockKind kind) {
  Texts out;
  for (const Block& block : card.blocks) {
    if (block.kind == kind) out.push_back(text_of(card, block.span));
  }
  return out;
}

Card read(std::string_view text, const ParseOptions& options = {}) {
  return parse_card("README.md", text, options);
}

}  // namespace

TEST_CASE("markdown: headings nest by their level") {
  const Card card = read("# A\n\n## B\n\n### C\n\n## D ##\n\n# E\n");
  CHECK(outline(card) == Texts{"1 A", "2 B < A", "3 C < B", "2 D < A", "1 E"});
  CHECK(text_of(card, card.sections[2].span).find("# E") == std::string::npos);
}

TEST_CASE("markdown: text before the first heading is in section 0") {
  const Card card = read("before\n\n# A\n\nafter\n");
  REQUIRE(blocks(card, BlockKind::paragraph) == Texts{"before", "after"});
  CHECK(card.blocks[0].section == 0);
  CHECK(card.blocks.back().section == 1);
}

TEST_CASE("markdown: an underlined heading ends with its underline, whatever follows") {
  for (const char* next : {"\ntext\n", "text\n", "# Next\n", "- item\n"}) {
    const Card card = read(std::string("Title\n===\n") + next);
    INFO(next);
    CHECK(outline(card)[0] == "1 Title");
    CHECK(blocks(card, BlockKind::heading)[0] == "Title\n===");
  }
  CHECK(outline(read("Two\nlines\n---\ntext\n")) == Texts{"2 Two\nlines"});
  CHECK(outline(read("> Quoted\n> ---\n> text\n")) == Texts{"2 Quoted"});
}

TEST_CASE("markdown: a number sign without a blank is text") {
  CHECK(outline(read("#tag\n")).empty());
  CHECK(outline(read("#tag\n---\n# Next\n")) == Texts{"2 #tag", "1 Next"});
  CHECK(outline(read("####### seven\n")).empty());
  CHECK(outline(read("#\n\ntext\n")) == Texts{"1 "});
}

TEST_CASE("markdown: a line of bold text is a heading below the nearest real one") {
  const Card card =
      read("# A\n\n**Training data**\n\ntext\n\n**Limits:**\n\nmore\n\n**Bold** in a sentence\n");
  CHECK(outline(card) == Texts{"1 A", "2 Training data < A", "2 Limits < A"});
  CHECK(card.sections[2].style == HeadingStyle::bold);
  CHECK(outline(read("- **item**\n")).empty());
  CHECK(outline(read("**" + std::string(90, 'a') + "**\n")).empty());
}

TEST_CASE("markdown: lists, rows and code are blocks of their kind") {
  const Card card = read(
      "- one\n  - two\n\n1. three\n\n| a | b |\n|---|---|\n| c | d |\n\n```\ncode\n```\n\n    indented\n");
  CHECK(blocks(card, BlockKind::list_item) == Texts{"one", "two", "three"});
  CHECK(blocks(card, BlockKind::table_row) == Texts{"| a | b |", "| c | d |"});
  CHECK(blocks(card, BlockKind::code).size() == 2);
  std::vector<int> depths;
  for (const Block& block : card.blocks) {
    if (block.kind == BlockKind::list_item) depths.push_back(block.depth);
  }
  CHECK(depths == std::vector<int>{1, 2, 1});
}

TEST_CASE("markdown: code that its quote cuts off ends with the quote") {
  CHECK(blocks(read("> ```\n> code\nA\n-\n"), BlockKind::code) == Texts{"```\n> code"});
  CHECK(blocks(read("- > ```\n  > code\n- next\n"), BlockKind::code) == Texts{"```\n  > code"});
  CHECK(blocks(read("> ```\n> code\n> ```\nA\n-\n"), BlockKind::code) == Texts{"```\n> code\n> ```"});
}

TEST_CASE("markdown: the first row of a table is its header, also right behind text") {
  for (const char* before : {"", "text\n", "text\n\n"}) {
    const Card card = read(std::string(before) + "| a | b |\n|---|---|\n| c | d |\n");
    INFO(before);
    std::vector<std::pair<std::string, bool>> rows;
    for (const Block& block : card.blocks) {
      if (block.kind == BlockKind::table_row) rows.emplace_back(text_of(card, block.span), block.header);
    }
    CHECK(rows == std::vector<std::pair<std::string, bool>>{{"| a | b |", true}, {"| c | d |", false}});
    CHECK(blocks(card, BlockKind::paragraph).size() == (std::string(before).empty() ? 0 : 1));
  }
}

TEST_CASE("markdown: HTML is cut into blocks, and its headings open sections") {
  const Card card = read(
      "<h2>Data</h2>\n<p>Letters.</p>\n<table><tr><th>a</th></tr><tr><td>b</td></tr></table>\n<!-- nothing "
      "-->\n");
  CHECK(outline(card) == Texts{"2 Data"});
  CHECK(card.sections[1].style == HeadingStyle::html);
  CHECK(blocks(card, BlockKind::paragraph) == Texts{"Letters."});
  CHECK(blocks(card, BlockKind::table_row).size() == 2);
}

TEST_CASE("markdown: what nests too deep is reported and passed over") {
  const Card card = read(std::string(20, '>') + " deep\n\nshallow\n", {.max_depth = 10});
  CHECK(blocks(card, BlockKind::paragraph) == Texts{"shallow"});
  REQUIRE_FALSE(card.diagnostics.empty());
  bool reported = false;
  for (const Diagnostic& one : card.diagnostics) reported |= one.rule == "parse/too-deep";
  CHECK(reported);
}

TEST_CASE("markdown: blocks beyond the bound are reported once and not read") {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "paragraph\n\n# Heading\n\n";
  const Card card = read(text, {.max_blocks = 10});
  CHECK(card.blocks.size() == 10);
  CHECK(card.truncated);
  std::size_t reported = 0;
  for (const Diagnostic& one : card.diagnostics) reported += one.rule == "parse/too-many-blocks" ? 1 : 0;
  CHECK(reported == 1);
}

TEST_CASE("markdown: the body behind front matter keeps its offsets") {
  const Card card = read("---\nlicense: mit\n---\n# A\n\ntext\n");
  CHECK(blocks(card, BlockKind::paragraph) == Texts{"text"});
  CHECK(card.position(card.blocks.back().span.begin).line == 6);
}
