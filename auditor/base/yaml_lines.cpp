// SPDX-License-Identifier: Apache-2.0
#include "base/yaml_lines.h"

#include <algorithm>

namespace cardwarden::yaml {
namespace {

constexpr int kMaxPlainDepth = 24;  // what is deeper is not plain

bool is_key_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '.';
}

bool is_null_word(std::string_view text) {
  return text == "null" || text == "Null" || text == "NULL" || text == "~";
}

struct Line {
  std::uint32_t offset = 0;  // of its first byte that is no blank
  std::uint32_t number = 0;
  std::uint32_t indent = 0;
  std::string_view text;  // from there, without blanks at the end
};

// The length of the quoted text that `text` begins with, quotes and all; 0 when it has an escape, or none
// begins.
std::size_t quoted_size(std::string_view text) {
  if (text.empty() || (text[0] != '\'' && text[0] != '"')) return 0;
  const std::size_t end = text.find_first_of(text[0] == '"' ? "\"\\" : "'", 1);
  if (end == std::string_view::npos || text[end] != text[0]) return 0;
  return end + 1 < text.size() && text[end + 1] == text[0] ? 0 : end + 1;  // '' within '…' is a quote
}

// A value that means itself: no sign that YAML reads, nothing that could end it early.
bool is_plain_value(std::string_view text) {
  if (text.empty()) return false;
  if (std::string_view(",[]{}#&*!|>'\"%@`-?:=.").find(text.front()) != std::string_view::npos) return false;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == ':' && (i + 1 == text.size() || text[i + 1] == ' ')) return false;
    if (text[i] == '#' && text[i - 1] == ' ') return false;
  }
  return true;
}

class Reader {
 public:
  explicit Reader(std::string_view source) : source_(source) {}

  bool read() {
    if (!cut_lines() || lines_.empty() || lines_.front().indent != 0) return false;
    return node(lines_.front(), 0) && at_ == lines_.size();
  }
  std::vector<Event> take() { return std::move(events_); }

 private:
  bool cut_lines();
  bool node(Line line, int depth);
  bool sequence(Line line, int depth);
  bool mapping(Line line, int depth);
  bool value_below(std::uint32_t column, int depth);
  bool scalar(const Line& place, std::string_view text);
  bool list_in_brackets(const Line& line);
  bool value_of(const Line& line) {
    return line.text[0] == '[' ? list_in_brackets(line) : scalar(line, line.text);
  }
  void start(EventKind kind, const Line& line) {
    events_.push_back({kind, line.offset, line.number, line.indent});
  }
  void end(EventKind kind) { events_.push_back({kind}); }

  static bool is_item(const Line& line) { return line.text.substr(0, 2) == "- "; }
  // The length of the key that a line begins with, 0 for none; its colon stands behind.
  static std::size_t key_of(const Line& line) {
    std::size_t size = quoted_size(line.text);
    if (size == 0) {
      while (size < line.text.size() && is_key_letter(line.text[size])) ++size;
      if (size == 0 || line.text[0] == '-' || line.text[0] == '.' || is_null_word(line.text.substr(0, size)))
        return 0;
    }
    const bool colon = size < line.text.size() && line.text[size] == ':' &&
                       (size + 1 == line.text.size() || line.text[size + 1] == ' ');
    return colon ? size : 0;
  }
  // A line without the bytes that were read of it.
  static Line behind(Line line, std::size_t read) {
    const std::size_t begin = line.text.find_first_not_of(' ', read);
    const std::size_t skip = begin == std::string_view::npos ? line.text.size() : begin;
    line.text.remove_prefix(skip);
    line.offset += static_cast<std::uint32_t>(skip);
    line.indent += static_cast<std::uint32_t>(skip);
    return line;
  }

  std::string_view source_;
  std::vector<Line> lines_;  // without empty ones
  std::size_t at_ = 0;       // the line in hand
  std::vector<Event> events_;
};

bool Reader::cut_lines() {
  std::uint32_t number = 0;
  for (std::size_t begin = 0; begin < source_.size(); ++number) {
    const std::size_t end = std::min(source_.find('\n', begin), source_.size());
    std::string_view text = source_.substr(begin, end - begin);
    const std::size_t indent = text.find_first_not_of(' ');
    if (indent != std::string_view::npos) {
      const std::size_t last = text.find_last_not_of(' ');
      text = text.substr(indent, last - indent + 1);
      const bool control = std::any_of(
          text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
      if (control) return false;
      lines_.push_back(
          {static_cast<std::uint32_t>(begin + indent), number, static_cast<std::uint32_t>(indent), text});
    } else if (end > begin) {
      return false;  // blanks alone
    }
    begin = end + 1;
  }
  return true;
}

// One value that fills `text`, which stands at `place`.
bool Reader::scalar(const Line& place, std::string_view text) {
  Event event{EventKind::scalar, place.offset, place.number, place.indent, text};
  if (const std::size_t quoted = quoted_size(text); quoted != 0) {
    if (quoted != text.size()) return false;
    event.quoted = true;
    event.text = text.substr(1, quoted - 2);
  } else if (is_null_word(text)) {
    event.kind = EventKind::null;
  } else if (!is_plain_value(text)) {
    return false;
  }
  events_.push_back(event);
  return true;
}

// "[a, 'b', c]", to the end of the line.
bool Reader::list_in_brackets(const Line& line) {
  if (line.text.back() != ']') return false;
  start(EventKind::sequence_start, line);
  events_.back().flow = true;
  Line rest = behind(line, 1);
  rest.text.remove_suffix(1);
  while (!rest.text.empty()) {
    const std::size_t quoted = quoted_size(rest.text);
    const std::size_t comma = std::min(rest.text.find(',', quoted), rest.text.size());
    std::string_view item = rest.text.substr(0, comma);
    const std::size_t last = item.find_last_not_of(' ');
    if (last == std::string_view::npos) return false;
    item = item.substr(0, last + 1);
    if (quoted == 0 && item.find_first_of("[]{}:#?\"'") != std::string_view::npos) return false;
    if (!scalar(rest, item)) return false;
    if (comma == rest.text.size()) break;
    rest = behind(rest, comma + 1);
    if (rest.text.empty()) return false;  // a comma without a value
  }
  end(EventKind::sequence_end);
  return true;
}

// What a line begins; `line` is what is left of it. Afterwards the line in hand is the one behind the value.
bool Reader::node(Line line, int depth) {
  if (depth > kMaxPlainDepth) return false;
  if (is_item(line)) return sequence(line, depth);
  if (key_of(line) != 0) return mapping(line, depth);
  ++at_;
  return value_of(line);
}

bool Reader::sequence(Line line, int depth) {
  const std::uint32_t column = line.indent;
  start(EventKind::sequence_start, line);
  while (true) {
    if (!node(behind(line, 1), depth + 1)) return false;
    if (at_ == lines_.size() || lines_[at_].indent < column) break;
    line = lines_[at_];
    if (line.indent > column) return false;  // goes on with a value over several lines
    if (!is_item(line)) break;
  }
  end(EventKind::sequence_end);
  return true;
}

bool Reader::mapping(Line line, int depth) {
  const std::uint32_t column = line.indent;
  start(EventKind::mapping_start, line);
  while (true) {
    const std::size_t key = key_of(line);
    if (key == 0) return false;
    if (!scalar(line, line.text.substr(0, key))) return false;
    const Line value = behind(line, key + 1);
    ++at_;
    if (value.text.empty() ? !value_below(column, depth) : !value_of(value)) return false;
    if (at_ == lines_.size() || lines_[at_].indent < column) break;
    line = lines_[at_];
    if (line.indent > column) return false;
    if (is_item(line)) break;  // of a list around; what it is then belongs to, its reader knows
  }
  end(EventKind::mapping_end);
  return true;
}

// A list may stand as far left as the key it belongs to.
bool Reader::value_below(std::uint32_t column, int depth) {
  if (at_ == lines_.size()) return false;
  const Line line = lines_[at_];
  if (line.indent < column || (line.indent == column && !is_item(line))) return false;
  if (!is_item(line) && key_of(line) == 0) return false;  // a value on a line of its own
  return node(line, depth + 1);
}

}  // namespace

std::optional<std::vector<Event>> read_plain_lines(std::string_view source) {
  Reader reader(source);
  if (!reader.read()) return std::nullopt;
  return reader.take();
}

}  // namespace cardwarden::yaml
