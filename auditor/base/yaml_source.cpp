// SPDX-License-Identifier: Apache-2.0
#include "base/yaml_source.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace cardwarden::yaml::source {

std::size_t skip_space(std::string_view src, std::size_t from) {
  while (from < src.size()) {
    if (is_space(src[from])) {
      ++from;
    } else if (src[from] == '#' && (from == 0 || is_space(src[from - 1]))) {
      while (from < src.size() && !is_break(src[from])) ++from;
    } else {
      break;
    }
  }
  return from;
}

namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

// As yaml-cpp reads a tag: what cannot belong to it begins the value, with or without a blank between.
std::size_t end_of_tag(std::string_view src, std::size_t from) {
  if (src.substr(from, 2) == "!<") {
    const std::size_t close = src.find_first_of(">\n", from);
    return close == std::string_view::npos ? src.size() : close + (src[close] == '>' ? 1 : 0);
  }
  ++from;
  while (from < src.size() && is_word(src[from])) ++from;
  if (from < src.size() && src[from] == '!') ++from;  // "!handle!name"
  constexpr std::string_view kSigns = "#;/?:@&=+$_.~*'()%";
  while (from < src.size() && (is_word(src[from]) || kSigns.find(src[from]) != std::string_view::npos))
    ++from;
  return from;
}

std::size_t end_of_anchor(std::string_view src, std::size_t from) {
  while (from < src.size() && !is_space(src[from]) && !is_flow_indicator(src[from])) ++from;
  return from;
}

}  // namespace

std::size_t skip_properties(std::string_view src, std::size_t from, bool across_lines) {
  while (from < src.size() && (src[from] == '&' || src[from] == '!')) {
    const std::size_t end = src[from] == '!' ? end_of_tag(src, from) : end_of_anchor(src, from);
    from = end;
    from = skip_space(src, from);
    const bool next_line = src.substr(end, from - end).find_first_of("\n\r") != std::string_view::npos;
    if (next_line && !across_lines) return end;
  }
  return from;
}

std::size_t end_of_plain(std::string_view src, std::size_t from, std::string_view value) {
  if (src.compare(from, value.size(), value) == 0) return from + value.size();
  // Over several lines: a run of white space with line ends in the source is a blank or line feeds in the
  // value.
  std::size_t at = from;
  std::size_t i = 0;
  while (i < value.size() && at < src.size()) {
    std::size_t run = at;
    while (run < src.size() && is_blank(src[run])) ++run;
    const bool folded = run < src.size() && is_break(src[run]);
    if (!folded) {
      const std::size_t length = std::max<std::size_t>(run - at, 1);
      if (src.compare(at, length, value, i, length) != 0) break;
      at += length;
      i += length;
      continue;
    }
    if (!is_space(value[i])) break;
    at = run;
    while (at < src.size() && is_space(src[at])) ++at;
    if (value[i] == ' ') {
      ++i;
    } else {
      while (i < value.size() && value[i] == '\n') ++i;
    }
  }
  return at;
}

std::size_t end_of_quoted(std::string_view src, std::size_t from) {
  const char quote = src[from];
  const std::string_view stops = quote == '"' ? "\"\\" : "'";
  std::size_t at = from + 1;
  while (at < src.size() && (at = src.find_first_of(stops, at)) != std::string_view::npos) {
    if (src[at] == '\\' || (quote == '\'' && src.substr(at, 2) == "''")) {
      at += 2;
    } else {
      return at + 1;
    }
  }
  return std::string_view::npos;
}

std::size_t end_of_block_scalar(std::string_view src, std::size_t from, int parent) {
  std::size_t at = from;
  std::size_t indent = 0;  // of the content; 0 as long as it is not known
  while (at < src.size() && !is_space(src[at])) {
    if (src[at] >= '1' && src[at] <= '9') {
      indent = static_cast<std::size_t>(std::max(parent, 0)) + static_cast<std::size_t>(src[at] - '0');
    }
    ++at;
  }
  std::size_t end = at;
  while (at < src.size() && !is_break(src[at])) ++at;
  while (at < src.size()) {
    at += src.substr(at, 2) == "\r\n" ? 2 : 1;
    std::size_t text = at;
    while (text < src.size() && src[text] == ' ') ++text;
    const std::size_t line_end = std::min(src.find_first_of("\n\r", text), src.size());
    if (text < line_end) {
      const std::size_t width = text - at;
      if (indent == 0 && static_cast<int>(width) > parent) {
        indent = width;
      } else if (indent == 0 || width < indent) {
        break;
      }
      end = line_end;
    }
    at = line_end;
  }
  return end;
}

std::size_t end_of_flow(std::string_view src, std::size_t from, char bracket) {
  for (std::size_t at = skip_space(src, from); at < src.size(); at = skip_space(src, at + 1)) {
    if (src[at] == ']' || src[at] == '}') return src[at] == bracket ? at + 1 : from;
  }
  return from;
}

std::size_t null_word(std::string_view src, std::size_t from, bool key) {
  static constexpr std::array<std::string_view, 4> kWords = {"~", "null", "Null", "NULL"};
  for (const std::string_view word : kWords) {
    if (src.compare(from, word.size(), word) != 0) continue;
    std::size_t at = from + word.size();
    if (at < src.size() && !is_space(src[at]) && !is_flow_indicator(src[at]) && src[at] != ':') return 0;
    while (at < src.size() && is_blank(src[at])) ++at;
    const bool colon = at < src.size() && src[at] == ':';
    return colon && !key ? 0 : word.size();
  }
  return 0;
}

std::size_t end_of_word(std::string_view src, std::size_t from) {
  while (from < src.size() && !is_space(src[from]) && !is_flow_indicator(src[from])) ++from;
  return from;
}

Line line_at(std::string_view src, std::size_t pos) {
  if (pos >= src.size()) {
    pos = src.size();
    while (pos > 0 && is_space(src[pos - 1])) --pos;
  }
  Line line{pos, pos};
  while (line.begin > 0 && !is_break(src[line.begin - 1])) --line.begin;
  while (line.end < src.size() && !is_break(src[line.end])) ++line.end;
  return line;
}

int column_of(std::string_view src, std::size_t pos) {
  std::size_t begin = pos;
  while (begin > 0 && !is_break(src[begin - 1])) --begin;
  return static_cast<int>(pos - begin);
}

std::string_view clean(std::string_view text, std::string& storage, Dirt& dirt) {
  const auto replace = [&](std::size_t begin, std::size_t end, char with, const char* message) {
    if (message != nullptr && dirt.message == nullptr) dirt = {begin, end, message};
    if (storage.empty()) storage = text;
    std::fill(storage.begin() + static_cast<std::ptrdiff_t>(begin),
              storage.begin() + static_cast<std::ptrdiff_t>(end), with);
  };
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte >= 0x20 && byte < 0x7f) || byte == '\n' || byte == '\t') {
      ++i;
      continue;
    }
    const std::size_t begin = i;
    if (byte == '\r') {
      ++i;
      if (i == text.size() || text[i] != '\n') replace(begin, i, '\n', nullptr);
      continue;
    }
    const char32_t c = text::decode(text, i);
    if (c == 0xFFFD && text.substr(begin, i - begin) != "\uFFFD") {
      replace(begin, i, '_', "The bytes here are not UTF-8.");
    } else if (c < 0x20 || (c >= 0x7f && c < 0xA0 && c != 0x85) || c == 0xFFFE || c == 0xFFFF) {
      replace(begin, i, ' ', "A control character stands here; YAML allows only tabs and line ends.");
    }
  }
  return storage.empty() ? text : std::string_view(storage);
}

}  // namespace cardwarden::yaml::source
