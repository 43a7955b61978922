// SPDX-License-Identifier: Apache-2.0
#pragma once
// A card as a value: its text, its front matter with positions, its body as sections and blocks with spans.
// Every input gives a Card; what was wrong with it is in `diagnostics`. A Card owns its text and refers to
// nothing else; it may be read from many threads.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"
#include "base/yaml.h"

namespace cardwarden {

enum class Kind : std::uint8_t { model, dataset, space };
std::string_view to_string(Kind kind);

// How the kind was decided, in the order of precedence.
enum class KindSource : std::uint8_t { flag, path, content, fallback };
std::string_view to_string(KindSource source);

// Something wrong with the bytes or the syntax. `rule` is the id of the rule that explains it.
struct Diagnostic {
  std::string_view rule;  // static storage, e.g. "parse/invalid-utf8"
  Span span;
  std::string message;
};

struct FrontMatter {
  bool present = false;  // a block that the Hub reads; when false, a person may have meant one all the same
  Span block;            // with its fences
  Span yaml;             // between the fences
  yaml::Node root;  // a mapping, or null when there is none; what a reader of the file sees, present or not
};

enum class BlockKind : std::uint8_t {
  paragraph,
  heading,    // its section is the one it opens
  list_item,  // one paragraph inside a list item
  table_row,  // one row; header rows have `header` set
  code,       // fenced or indented
  html,       // an HTML block that is not only a comment
};

struct Block {
  BlockKind kind = BlockKind::paragraph;
  Span span;                  // the source bytes, with markup
  std::uint32_t section = 0;  // index into Card::sections
  std::uint16_t depth = 0;    // of list nesting
  bool header = false;        // of a table row
};

enum class HeadingStyle : std::uint8_t { none, markdown, html, bold };

// sections[0] is the body before the first heading, at level 0.
struct Section {
  Span title;              // of the heading's words, empty for sections[0]
  std::uint8_t level = 0;  // 1 to 6; bold headings stand one below the nearest real heading
  HeadingStyle style = HeadingStyle::none;
  std::uint32_t parent = 0;  // index; sections[0] is its own parent
  Span span;                 // from the heading to the next heading of the same or a higher level
};

struct Card {
  std::string path;  // as it is shown and matched by policies
  std::string text;  // UTF-8, without byte-order mark; UTF-16 input is converted
  Kind kind = Kind::model;
  KindSource kind_source = KindSource::fallback;
  FrontMatter front_matter;
  Span body;  // after the front matter
  std::vector<Section> sections;
  std::vector<Block> blocks;  // in the order of the text
  std::vector<Diagnostic> diagnostics;
  LineIndex lines;
  bool truncated = false;  // a bound was hit; what follows the bound was not read

  std::string_view quote(Span span) const { return span.of(text); }
  Position position(std::uint32_t offset) const { return lines.position(text, offset); }
};

// Front matter by path: "a.b.c", with "[]" for every item of a list (a single value counts as a list of one).
std::vector<const yaml::Node*> fields(const Card& card, std::string_view path);
const yaml::Node* field(const Card& card, std::string_view path);  // the first, or nullptr

}  // namespace cardwarden
