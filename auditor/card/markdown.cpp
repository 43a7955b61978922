// SPDX-License-Identifier: Apache-2.0
#include "card/markdown.h"

#include <cmark-gfm.h>

#include <algorithm>

#include "card/html_blocks.h"
#include "card/markdown_blocks.h"

namespace cardwarden {
namespace {

// A bold line longer than this is emphasis, not a heading. The longest template heading has 7 words.
constexpr std::uint32_t kMaxBoldHeadingBytes = 80;

// cmark-gfm takes time in the square of the cells of a row: 100,000 cells take a quarter of a second, a
// million 20.
constexpr std::size_t kMaxCells = 10'000;

// A line with more cells than a table may have; npos when there is none. Only lines of more bytes than that
// are looked at: the others are passed over in steps of as many bytes.
std::size_t find_endless_row(std::string_view body) {
  for (std::size_t begin = 0; body.size() - begin > kMaxCells;) {
    const std::size_t line_end = body.substr(begin, kMaxCells + 1).rfind('\n');
    if (line_end != std::string_view::npos) {
      begin += line_end + 1;
      continue;
    }
    const std::size_t end = std::min(body.find('\n', begin), body.size());
    const std::string_view line = body.substr(begin, end - begin);
    if (static_cast<std::size_t>(std::count(line.begin(), line.end(), '|')) > kMaxCells) return begin;
    begin = end;
  }
  return std::string_view::npos;
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool is_table(cmark_node* node) {
  return std::string_view(cmark_node_get_type_string(node)) == "table";  // the extension exports no constant
}

Span trimmed(std::string_view text, Span span) {
  while (span.begin < span.end && is_blank(text[span.begin])) ++span.begin;
  while (span.end > span.begin && is_blank(text[span.end - 1])) --span.end;
  return span;
}

// Whether a heading is of the form "# Title"; "#title" and a line under it is not.
bool begins_with_marks(std::string_view text, Span heading) {
  std::uint32_t at = heading.begin;
  while (at < heading.end && text[at] == '#') ++at;
  const std::uint32_t marks = at - heading.begin;
  return marks >= 1 && marks <= 6 && (at == heading.end || is_blank(text[at]));
}

class BodyReader {
 public:
  BodyReader(Card& card, const ParseOptions& options)
      : card_(card), options_(options), first_line_(card.lines.line_of(card.body.begin)) {}

  void read() {
    card_.sections.push_back(Section{{}, 0, HeadingStyle::none, 0, card_.body});
    const std::size_t endless = find_endless_row(card_.quote(card_.body));
    if (endless != std::string_view::npos) {
      const auto at = card_.body.begin + static_cast<std::uint32_t>(endless);
      card_.diagnostics.push_back({"parse/too-many-blocks",
                                   {at, at},
                                   "A line has more than " + std::to_string(kMaxCells) +
                                       " cells; tables of this card were read as plain text."});
    }
    const MarkdownBlocks blocks(card_.quote(card_.body), endless == std::string_view::npos);
    walk(blocks.root(), 0, 0);
    close_sections(0, card_.body.end);
  }

 private:
  Span span_of(cmark_node* node) const;
  Span code_span(cmark_node* node) const;
  Span line_span(int line) const;
  void walk(cmark_node* parent, std::size_t depth, std::uint16_t list_depth);
  void leaf(cmark_node* node, cmark_node_type type, std::uint16_t list_depth);
  void table(cmark_node* node, std::uint16_t list_depth);
  void html(Span span, std::uint16_t list_depth);
  void add(BlockKind kind, Span span, std::uint16_t list_depth, bool header = false);
  void open_section(Span heading, Span title, std::uint8_t level, HeadingStyle style);
  void close_sections(std::uint8_t level, std::uint32_t end);
  Span atx_title(Span heading) const;
  Span bold_title(Span paragraph) const;
  Span heading_span(Span span) const;

  Card& card_;
  const ParseOptions& options_;
  std::uint32_t first_line_;
  std::uint32_t open_ = 0;       // the innermost open section
  std::uint8_t real_level_ = 0;  // of the nearest heading that is not bold
  bool too_deep_ = false;
};

Span BodyReader::span_of(cmark_node* node) const {
  const auto offset = [this](int line, int column) {
    const std::uint32_t n = first_line_ + static_cast<std::uint32_t>(std::max(line, 1)) - 1;
    return std::min(card_.lines.line_start(n) + static_cast<std::uint32_t>(std::max(column, 0)),
                    card_.body.end);
  };
  Span span;
  span.begin = offset(cmark_node_get_start_line(node), cmark_node_get_start_column(node) - 1);
  span.end = offset(cmark_node_get_end_line(node), cmark_node_get_end_column(node));
  span.end = std::max(span.begin, span.end);
  return trimmed(card_.text, span);
}

// cmark-gfm gives code that its quote or list cuts off before a closing fence the line after it as well.
Span BodyReader::code_span(cmark_node* node) const {
  Span span = span_of(node);
  cmark_node* after = node;
  while (after != nullptr && cmark_node_next(after) == nullptr) after = cmark_node_parent(after);
  const int line = after == nullptr ? 0 : cmark_node_get_start_line(cmark_node_next(after));
  if (line > cmark_node_get_start_line(node)) span.end = std::min(span.end, line_span(line).begin);
  return trimmed(card_.text, span);
}

void BodyReader::walk(cmark_node* parent, std::size_t depth, std::uint16_t list_depth) {
  if (depth > options_.max_depth) {
    if (!too_deep_) {
      card_.diagnostics.push_back({"parse/too-deep", span_of(parent),
                                   "Quotes and lists nest more than " + std::to_string(options_.max_depth) +
                                       " levels deep; what is inside was not read."});
    }
    too_deep_ = true;
    return;
  }
  for (cmark_node* node = cmark_node_first_child(parent); node != nullptr; node = cmark_node_next(node)) {
    if (card_.truncated && card_.blocks.size() >= options_.max_blocks) return;
    const cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_BLOCK_QUOTE || type == CMARK_NODE_LIST) {
      walk(node, depth + 1, list_depth);
    } else if (type == CMARK_NODE_ITEM) {
      walk(node, depth + 1, static_cast<std::uint16_t>(list_depth + 1));
    } else if (is_table(node)) {
      table(node, list_depth);
    } else {
      leaf(node, type, list_depth);
    }
  }
}

void BodyReader::leaf(cmark_node* node, cmark_node_type type, std::uint16_t list_depth) {
  if (cmark_node_get_start_line(node) == 0) return;  // text before a table: table() reads it
  const Span span = span_of(node);
  if (type == CMARK_NODE_HEADING) {
    const auto level = static_cast<std::uint8_t>(cmark_node_get_heading_level(node));
    const Span heading = heading_span(span);
    open_section(heading, atx_title(heading), level, HeadingStyle::markdown);
  } else if (type == CMARK_NODE_CODE_BLOCK) {
    add(BlockKind::code, code_span(node), list_depth);
  } else if (type == CMARK_NODE_HTML_BLOCK) {
    html(span, list_depth);
  } else if (type == CMARK_NODE_PARAGRAPH) {
    const Span title = list_depth == 0 ? bold_title(span) : Span{};
    if (!title.empty()) {
      open_section(span, title, static_cast<std::uint8_t>(std::min(real_level_ + 1, 6)), HeadingStyle::bold);
    } else {
      add(list_depth > 0 ? BlockKind::list_item : BlockKind::paragraph, span, list_depth);
    }
  }
}

// The header stands two lines above the first row, whatever its node says: when text runs straight into a
// table, cmark-gfm gives the table and its header the lines of that text too, and the text's paragraph no
// place at all.
void BodyReader::table(cmark_node* node, std::uint16_t list_depth) {
  cmark_node* header = cmark_node_first_child(node);
  cmark_node* row = header == nullptr ? nullptr : cmark_node_next(header);
  const int after_header =
      row != nullptr ? cmark_node_get_start_line(row) - 1 : cmark_node_get_end_line(node);
  const int first = cmark_node_get_start_line(node);
  const int header_line = std::max(after_header - 1, first);
  if (header_line > first) {
    const Span text{line_span(first).begin, line_span(header_line - 1).end};
    add(list_depth > 0 ? BlockKind::list_item : BlockKind::paragraph, trimmed(card_.text, text), list_depth);
  }
  add(BlockKind::table_row, trimmed(card_.text, line_span(header_line)), list_depth, true);
  for (; row != nullptr; row = cmark_node_next(row)) {
    add(BlockKind::table_row, trimmed(card_.text, line_span(cmark_node_get_start_line(row))), list_depth);
  }
}

// The whole source line of a line of the body, 1-based, without its line end.
Span BodyReader::line_span(int line) const {
  return card_.lines.line(card_.text, first_line_ + static_cast<std::uint32_t>(std::max(line, 1)) - 1);
}

void BodyReader::html(Span span, std::uint16_t list_depth) {
  std::vector<HtmlPiece> pieces;
  cut_html(card_.text, span, pieces);
  for (const HtmlPiece& piece : pieces) {
    const Span inner = trimmed(card_.text, piece.span);
    if (piece.kind == BlockKind::heading) {
      open_section(inner, inner, piece.level, HeadingStyle::html);
    } else {
      const bool item = piece.kind == BlockKind::list_item;
      add(piece.kind, inner, static_cast<std::uint16_t>(list_depth + (item ? 1 : 0)), piece.header);
    }
  }
}

void BodyReader::add(BlockKind kind, Span span, std::uint16_t list_depth, bool header) {
  if (span.empty()) return;
  if (card_.blocks.size() >= options_.max_blocks) {
    if (!card_.truncated) {
      card_.diagnostics.push_back({"parse/too-many-blocks", span,
                                   "The body has more than " + std::to_string(options_.max_blocks) +
                                       " blocks; what follows was not read."});
    }
    card_.truncated = true;
    return;
  }
  card_.blocks.push_back(Block{kind, span, open_, list_depth, header});
}

void BodyReader::open_section(Span heading, Span title, std::uint8_t level, HeadingStyle style) {
  if (card_.blocks.size() >= options_.max_blocks) return add(BlockKind::heading, heading, 0);
  close_sections(level, heading.begin);
  card_.sections.push_back(Section{title, level, style, open_, {heading.begin, card_.body.end}});
  open_ = static_cast<std::uint32_t>(card_.sections.size() - 1);
  if (style != HeadingStyle::bold) real_level_ = level;
  add(BlockKind::heading, heading, 0);
}

void BodyReader::close_sections(std::uint8_t level, std::uint32_t end) {
  while (open_ != 0 && card_.sections[open_].level >= level) {
    card_.sections[open_].span.end = end;
    open_ = card_.sections[open_].parent;
  }
}

// cmark-gfm ends a heading of the underlined form with the line behind its underline; this ends it with the
// underline.
Span BodyReader::heading_span(Span span) const {
  const std::string_view text = card_.text;
  if (begins_with_marks(text, span)) return span;
  for (std::uint32_t line = card_.lines.line_of(span.begin) + 1; card_.lines.line_start(line) < span.end;
       ++line) {
    const Span underline = trimmed(text, card_.lines.line(text, line));
    const std::string_view marks = underline.of(text);
    const std::size_t first = marks.find_first_not_of("> \t");  // of a quote
    if (first == std::string_view::npos || (marks[first] != '=' && marks[first] != '-')) continue;
    if (marks.find_first_not_of(marks[first], first) == std::string_view::npos)
      return {span.begin, underline.end};
  }
  return span;
}

// The words of a Markdown heading: without "#" on both sides, without a setext underline.
Span BodyReader::atx_title(Span heading) const {
  const std::string_view text = card_.text;
  Span title = heading;
  if (begins_with_marks(text, heading)) {
    while (title.begin < title.end && text[title.begin] == '#') ++title.begin;
    title = trimmed(text, title);
    while (title.end > title.begin && text[title.end - 1] == '#') --title.end;
  } else if (const std::size_t last = card_.quote(heading).find_last_of("\r\n");
             last != std::string_view::npos) {
    title.end = heading.begin + static_cast<std::uint32_t>(last);
  }
  return trimmed(text, title);
}

// The words of a paragraph that is one line of bold text and nothing else; empty when it is not.
Span BodyReader::bold_title(Span paragraph) const {
  const std::string_view source = card_.quote(paragraph);
  if (source.size() < 5 || source.size() > kMaxBoldHeadingBytes) return {};
  const std::string_view mark = source.substr(0, 2);
  if (mark != "**" && mark != "__") return {};
  std::size_t end = source.size();
  if (source[end - 1] == ':') --end;
  if (end < 5 || source.substr(end - 2, 2) != mark) return {};
  const std::string_view inner = source.substr(2, end - 4);
  if (inner.find(mark) != std::string_view::npos || inner.find_first_of("\r\n") != std::string_view::npos)
    return {};
  Span title =
      trimmed(card_.text, {paragraph.begin + 2, paragraph.begin + static_cast<std::uint32_t>(end) - 2});
  if (!title.empty() && card_.text[title.end - 1] == ':') --title.end;
  return title;
}

}  // namespace

void read_body(Card& card, const ParseOptions& options) { BodyReader(card, options).read(); }

}  // namespace cardwarden
