// SPDX-License-Identifier: Apache-2.0
#include "card/html_blocks.h"

#include <algorithm>

namespace cardwarden {
namespace {

bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_name_char(char c) { return is_alpha(c) || (c >= '0' && c <= '9'); }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool has_visible_text(std::string_view text, Span span) {
  for (std::uint32_t at = span.begin; at < span.end;) {
    const std::uint32_t after = text[at] == '<' ? skip_tag(text, at, span.end) : at;
    if (after != at) {
      at = after;
      continue;
    }
    if (!is_blank(text[at])) return true;
    ++at;
  }
  return false;
}

struct Cutter {
  std::string_view text;
  std::vector<HtmlPiece>& out;
  HtmlPiece open;
  bool in_pre = false;

  void flush(std::uint32_t end) {
    open.span.end = end;
    if (has_visible_text(text, open.span)) out.push_back(open);
  }
  void start(BlockKind kind, std::uint32_t begin, std::uint8_t level = 0) {
    open = HtmlPiece{kind, {begin, begin}, level, false};
  }
  void tag(std::string_view name, std::uint32_t begin, std::uint32_t end);
};

bool ends_block(std::string_view name) {
  static constexpr std::string_view kBreaks[] = {
      "/details",   "/div",   "/h1",      "/h2",         "/h3",     "/h4",     "/h5",     "/h6",    "/li",
      "/p",         "/pre",   "/summary", "/td",         "/tr",     "/ul",     "/ol",     "/table", "/center",
      "blockquote", "center", "details",  "div",         "hr",      "p",       "summary", "table",  "tbody",
      "thead",      "ul",     "ol",       "/blockquote", "section", "/section"};
  return std::find(std::begin(kBreaks), std::end(kBreaks), name) != std::end(kBreaks);
}

void Cutter::tag(std::string_view name, std::uint32_t begin, std::uint32_t end) {
  const bool in_row = open.kind == BlockKind::table_row;
  if (in_pre && name != "/pre") return;
  if (name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6') {
    flush(begin);
    start(BlockKind::heading, end, static_cast<std::uint8_t>(name[1] - '0'));
  } else if (name == "tr") {
    flush(begin);
    start(BlockKind::table_row, end);
  } else if (name == "th" && in_row) {
    open.header = true;
  } else if (name == "li") {
    flush(begin);
    start(BlockKind::list_item, end);
  } else if (name == "pre") {
    flush(begin);
    start(BlockKind::code, end);
    in_pre = true;
  } else if (ends_block(name) && !(in_row && name != "/tr" && name != "/table" && name != "table")) {
    in_pre = false;
    flush(begin);
    start(BlockKind::paragraph, end);
  }
}

}  // namespace

std::uint32_t skip_tag(std::string_view text, std::uint32_t at, std::uint32_t end) {
  if (at + 1 >= end || text[at] != '<') return at;
  const std::string_view rest = text.substr(at, end - at);
  if (rest.substr(0, 4) == "<!--") {
    const std::size_t close = rest.find("-->", 4);
    return close == std::string_view::npos ? end : at + static_cast<std::uint32_t>(close) + 3;
  }
  const char next = rest[1];
  const bool opens =
      is_alpha(next) || next == '!' || next == '?' || (next == '/' && rest.size() > 2 && is_alpha(rest[2]));
  if (!opens) return at;
  char quote = 0;
  for (std::size_t i = 2; i < rest.size(); ++i) {
    const char c = rest[i];
    if (quote != 0) {
      if (c == quote)
        quote = 0;
      else if (c == '\n' && i + 1 < rest.size() && rest[i + 1] == '\n')
        return at;  // a stray quote
    } else if (c == '>') {
      return at + static_cast<std::uint32_t>(i) + 1;
    } else if (c == '<') {
      return at;
    } else if ((c == '"' || c == '\'') && rest[i - 1] == '=') {
      quote = c;
    }
  }
  return at;
}

std::string_view tag_name(std::string_view tag, char (&buffer)[16]) {
  if (tag.size() < 2 || tag[0] != '<' || tag[1] == '!' || tag[1] == '?') return {};
  std::size_t size = 0;
  std::size_t at = 1;
  if (tag[at] == '/') buffer[size++] = tag[at++];
  while (at < tag.size() && is_name_char(tag[at]) && size < sizeof buffer) {
    const char c = tag[at++];
    buffer[size++] = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return {buffer, size};
}

void cut_html(std::string_view text, Span span, std::vector<HtmlPiece>& out) {
  Cutter cutter{text, out, {}, false};
  cutter.start(BlockKind::paragraph, span.begin);
  char buffer[16];
  for (std::uint32_t at = span.begin; at < span.end;) {
    if (text[at] != '<') {
      ++at;
      continue;
    }
    const std::uint32_t after = skip_tag(text, at, span.end);
    if (after == at) {
      ++at;
      continue;
    }
    cutter.tag(tag_name(text.substr(at, after - at), buffer), at, after);
    at = after;
  }
  cutter.flush(span.end);
}

}  // namespace cardwarden
