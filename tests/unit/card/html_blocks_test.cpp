// SPDX-License-Identifier: Apache-2.0
#include "card/html_blocks.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace cardwarden;

namespace {

// "kind text" of each piece, tags inside left in.
std::vector<std::string> cut(const std::string& text) {
  static const char* const kNames[] = {"paragraph", "heading", "item", "row", "code", "html"};
  std::vector<HtmlPiece> pieces;
  cut_html(text, {0, static_cast<std::uint32_t>(text.size())}, pieces);
  std::vector<std::string> out;
  out.reserve(pieces.size());
  for (const HtmlPiece& piece : pieces) {
    out.push_back(std::string(kNames[static_cast<unsigned>(piece.kind)]) + (piece.header ? "! " : " ") +
                  std::string(piece.span.of(text)));
  }
  return out;
}

std::uint32_t skip(const std::string& text, std::uint32_t at = 0) {
  return skip_tag(text, at, static_cast<std::uint32_t>(text.size()));
}

std::string name(std::string_view tag) {
  char buffer[16];
  return std::string(tag_name(tag, buffer));
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("html: headings, paragraphs, items, rows and code are pieces") {
  CHECK(cut("<h2 align=\"center\">Data</h2>text<p>more</p>") ==
        Texts{"heading Data", "paragraph text", "paragraph more"});
  CHECK(cut("<ul><li>one<li>two</ul>") == Texts{"item one", "item two"});
  CHECK(cut("<table><tr><th>a</th></tr><tr><td>b</td><td>c</td></tr></table>") ==
        Texts{"row! <th>a</th>", "row <td>b</td><td>c</td>"});
  CHECK(cut("<pre>x <h2>y</h2></pre>z") == Texts{"code x <h2>y</h2>", "paragraph z"});
  CHECK(cut("<details><summary>s</summary>inside</details>") == Texts{"paragraph s", "paragraph inside"});
}

TEST_CASE("html: inline tags stay inside their piece, and pieces without text are left out") {
  CHECK(cut("<p>a <b>bold</b> word</p>") == Texts{"paragraph a <b>bold</b> word"});
  CHECK(cut("<div><img src=\"x\"></div>").empty());
  CHECK(cut("<!-- only this -->").empty());
  CHECK(cut("<h1></h1><p> \n</p>").empty());
}

TEST_CASE("html: the level of a heading") {
  std::vector<HtmlPiece> pieces;
  const std::string text = "<H3>a</H3><h6>b</h6><h7>c</h7>";
  cut_html(text, {0, static_cast<std::uint32_t>(text.size())}, pieces);
  REQUIRE(pieces.size() == 3);
  CHECK(pieces[0].level == 3);
  CHECK(pieces[1].level == 6);
  CHECK(pieces[2].kind == BlockKind::paragraph);
}

TEST_CASE("html: only what stands in the span is cut") {
  const std::string text = "<p>out</p><p>in</p><p>out</p>";
  std::vector<HtmlPiece> pieces;
  cut_html(text, {10, 19}, pieces);
  REQUIRE(pieces.size() == 1);
  CHECK(pieces[0].span.of(text) == "in");
}

TEST_CASE("html: a tag ends at its bracket, not at one in quotes") {
  CHECK(skip("<b>x") == 3);
  CHECK(skip("<a href=\"x>y\">z") == 14);
  CHECK(skip("</p>") == 4);
  CHECK(skip("<!DOCTYPE html>x") == 15);
  CHECK(skip("a<b>", 1) == 4);
}

TEST_CASE("html: what is no tag is passed as text") {
  for (const char* text : {"<", "< b>", "<3 you>", "</ b>", "<>", "<a <b>", "<a"}) {
    INFO(text);
    CHECK(skip(text) == 0);
  }
}

TEST_CASE("html: a comment ends at its arrow or at the end") {
  CHECK(skip("<!-- a > b -->c") == 14);
  CHECK(skip("<!-- open") == 9);
  CHECK(skip("<!---->x") == 7);
}

TEST_CASE("html: names of tags are lower case; comments have none") {
  CHECK(name("<H2 class=x>") == "h2");
  CHECK(name("</DIV>") == "/div");
  CHECK(name("<!-- a -->").empty());
  CHECK(name("<!doctype>").empty());
  CHECK(name("<averyveryverylongname>").size() == 16);
}
