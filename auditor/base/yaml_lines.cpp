// SPDX-License-Identifier: Apache-2.0
#include "base/yaml_lines.h"

#include <algorithm>
#include <utility>

namespace cardwarden::yaml {
namespace {

constexpr int kMaxPlainDepth = 24;           // what is deeper is not plain
constexpr std::size_t kMaxKeyBytes = 1'000;  // yaml-cpp takes no key of more than 1,024 bytes

bool is_key_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '.';
}

bool is_null_word(std::string_view text) {
  return text == "null" || text == "Null" || text == "NULL" || text == "~";
}

// A line whose LF was found without the CR before it. A CR elsewhere is no plain text.
std::string_view without_cr(std::string_view line) {
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

struct Line {
  std::uint32_t offset = 0;  // of its first byte that is no blank
  std::uint32_t number = 0;
  std::uint32_t indent = 0;
  bool apart = false;     // from the line before, by a comment or an empty line
  std::string_view text;  // from there, without blanks at the end
};

// The length of the quoted text that `text` begins with, quotes and all; 0 when none begins or it goes on
// behind the line.
std::size_t quoted_size(std::string_view text) {
  if (text.empty() || (text[0] != '\'' && text[0] != '"')) return 0;
  const std::string_view stops = text[0] == '"' ? "\"\\" : "'";
  for (std::size_t at = text.find_first_of(stops, 1); at != std::string_view::npos;
       at = text.find_first_of(stops, at + 2)) {
    const bool pair = text[at] == '\\' || (text[0] == '\'' && at + 1 < text.size() && text[at + 1] == '\'');
    if (!pair) return at + 1;
  }
  return 0;
}

// What an escape of one letter stands for in double quotes, as yaml-cpp has it; nothing for any other.
std::string_view meaning_of(char escape) {
  switch (escape) {
    case 'n':
      return "\n";
    case 't':
      return "\t";
    case 'L':
      return "\u2028";
    case 'P':
      return "\u2029";
    case '_':
      return "\xA0";  // a byte, not a character
    case '"':
      return "\"";
    case '\\':
      return "\\";
    case '/':
      return "/";
    default:
      return {};
  }
}

// Quoted text as it reads; nothing where an escape is not plain.
std::optional<std::string> unescaped(std::string_view text, char quote) {
  const char mark = quote == '"' ? '\\' : '\'';
  std::string out;
  out.reserve(text.size());
  std::size_t kept = 0;  // before this, all is in `out`
  for (std::size_t at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at + 2)) {
    const std::string_view meaning = quote == '"' ? meaning_of(text[at + 1]) : "'";
    if (meaning.empty()) return std::nullopt;
    out.append(text, kept, at - kept);
    out += meaning;
    kept = at + 2;
  }
  out.append(text, kept);
  return out;
}

// Whether nothing in the text, which begins with no sign, could end a plain value.
bool is_plain_to_the_end(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ':' && (i + 1 == text.size() || text[i + 1] == ' ')) return false;
    if (text[i] == '#' && (i == 0 || text[i - 1] == ' ')) return false;
  }
  return true;
}

bool begins_plain(std::string_view text) {
  return !text.empty() &&
         std::string_view(",[]{}#&*!|>'\"%@`-?:=.").find(text.front()) == std::string_view::npos;
}

// A value that means itself: no sign that YAML reads, nothing that could end it early.
bool is_plain_value(std::string_view text) { return begins_plain(text) && is_plain_to_the_end(text); }

// Puts the lines of a block of text together. Where it folds, a line end reads as a blank, unless one of the
// lines is indented more, and empty lines read as line ends.
class TextBlock {
 public:
  explicit TextBlock(bool folds) : folds_(folds) {}

  void add(std::string_view line) {
    if (line.empty()) {
      if (empty_lines_++ == 0) more_before_ = more_;
      more_ = false;
      return;
    }
    const bool more = line.front() == ' ';
    if (!text_.empty()) join(more);
    text_ += line;
    more_ = more;
    empty_lines_ = 0;
  }
  std::string take(bool line_end) {
    if (line_end) text_ += '\n';
    return std::move(text_);
  }

 private:
  void join(bool more) {
    if (!folds_) {
      text_.append(empty_lines_ + 1, '\n');
    } else if (empty_lines_ == 0) {
      text_ += more_ || more ? '\n' : ' ';
    } else {
      text_.append(empty_lines_ + (more_before_ || more ? 1 : 0), '\n');
    }
  }

  bool folds_;
  std::string text_;
  std::size_t empty_lines_ = 0;  // since the last line with text
  bool more_ = false;            // the last line is indented more
  bool more_before_ = false;     // so was the line before the empty ones
};

class Reader {
 public:
  explicit Reader(std::string_view source) : source_(source) {}

  bool read() {
    if (!cut_lines() || lines_.empty() || lines_.front().indent != 0) return false;
    return node(lines_.front(), 0, 0) && at_ == lines_.size();
  }
  PlainLines take() { return {std::move(events_), std::move(made_)}; }

 private:
  bool cut_lines();
  bool node(Line line, std::uint32_t parent, int depth);
  bool sequence(Line line, int depth);
  bool mapping(Line line, int depth);
  bool value_below(std::uint32_t column, int depth);
  bool value_behind(const Line& line, std::uint32_t column);
  bool text_over_lines(const Line& line, std::uint32_t column);
  bool block_of_text(const Line& line, std::uint32_t column);
  void missing();
  bool scalar(const Line& place, std::string_view text);
  bool list_in_brackets(const Line& line);
  void start(EventKind kind, const Line& line) {
    events_.push_back({kind, line.offset, line.number, line.indent});
  }
  void end(EventKind kind) { events_.push_back({kind}); }

  static bool is_item(const Line& line) { return line.text.substr(0, 2) == "- "; }
  // The length of the key that a line begins with, 0 for none; its colon stands behind.
  static std::size_t key_of(const Line& line) {
    const std::string_view text = line.text;
    std::size_t size = 0;
    if (text[0] == '"' || text[0] == '\'') {
      size = quoted_size(text);
    } else if (begins_plain(text)) {
      while (size < text.size() && is_key_letter(text[size])) ++size;
      if (size == text.size()) return 0;
      if (text[size] != ':') {  // a key of several words
        size = std::min(text.find(": "), text.size() - 1);
        if (text[size] != ':' || !is_plain_to_the_end(text.substr(0, size)) || text[size - 1] == ' ')
          return 0;
      }
      if (is_null_word(text.substr(0, size))) return 0;
    }
    if (size == 0 || size > kMaxKeyBytes || size == text.size() || text[size] != ':') return 0;
    return size + 1 == text.size() || text[size + 1] == ' ' ? size : 0;
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
  std::list<std::string> made_;
};

bool Reader::cut_lines() {
  std::uint32_t number = 0;
  bool apart = false;
  for (std::size_t begin = 0; begin < source_.size(); ++number) {
    std::string_view text = source_.substr(begin, source_.find('\n', begin) - begin);
    const std::size_t end = begin + text.size();
    if (end < source_.size()) text = without_cr(text);
    const std::size_t indent = text.find_first_not_of(' ');
    if (indent != std::string_view::npos) {
      const std::size_t last = text.find_last_not_of(' ');
      text = text.substr(indent, last - indent + 1);
      const bool control = std::any_of(
          text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
      if (control) return false;
    }
    if (indent == std::string_view::npos || text[0] == '#') {
      if (end == source_.size())
        return false;  // without a line end, it would be the place of what is missing
      apart = true;
    } else {
      lines_.push_back({static_cast<std::uint32_t>(begin + indent), number,
                        static_cast<std::uint32_t>(indent), apart, text});
      apart = false;
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
    if (event.text.find(text[0] == '"' ? '\\' : '\'') != std::string_view::npos) {
      auto read = unescaped(event.text, text[0]);
      if (!read) return false;
      event.text = made_.emplace_back(std::move(*read));
    }
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
bool Reader::node(Line line, std::uint32_t parent, int depth) {
  if (depth > kMaxPlainDepth) return false;
  if (is_item(line)) return sequence(line, depth);
  if (key_of(line) != 0) return mapping(line, depth);
  return value_behind(line, parent);
}

// The value that fills the rest of a line, and the lines below that are indented more than `column`.
bool Reader::value_behind(const Line& line, std::uint32_t column) {
  ++at_;
  if (line.text[0] == '|' || line.text[0] == '>') return block_of_text(line, column);
  const bool goes_on = at_ < lines_.size() && lines_[at_].indent > column;
  if (goes_on) return text_over_lines(line, column);
  return line.text[0] == '[' ? list_in_brackets(line) : scalar(line, line.text);
}

// A plain value that goes on on the lines below: line ends read as blanks.
bool Reader::text_over_lines(const Line& line, std::uint32_t column) {
  if (!is_plain_value(line.text)) return false;
  std::string& text = made_.emplace_back(line.text);
  for (; at_ < lines_.size() && lines_[at_].indent > column; ++at_) {
    const Line& next = lines_[at_];
    if (next.apart || !is_plain_to_the_end(next.text)) return false;
    text += ' ';
    text += next.text;
  }
  events_.push_back({EventKind::scalar, line.offset, line.number, line.indent, text});
  return true;
}

// The lines below "|" or ">", which may have "-" behind it.
bool Reader::block_of_text(const Line& line, std::uint32_t column) {
  const bool strip = line.text.size() == 2 && line.text[1] == '-';
  if (line.text.size() != 1 && !strip) return false;
  std::size_t begin = std::min(source_.find('\n', line.offset), source_.size() - 1) + 1;
  const std::size_t indent = source_.find_first_not_of(' ', begin) - begin;
  if (begin + indent >= source_.size() || indent <= column) return false;
  if (source_[begin + indent] == '\n' || source_[begin + indent] == '\r') return false;
  TextBlock block(line.text[0] == '>');
  while (begin < source_.size()) {
    const std::string_view whole = source_.substr(begin, source_.find('\n', begin) - begin);
    const std::string_view text = without_cr(whole);
    const std::size_t blanks = std::min(text.find_first_not_of(' '), text.size());
    if (blanks < text.size() && blanks < indent) break;
    block.add(text.substr(std::min(indent, text.size())));
    begin += whole.size() + 1;
  }
  const bool line_end = begin <= source_.size();  // behind the last line
  const std::string& read = made_.emplace_back(block.take(!strip && line_end));
  while (at_ < lines_.size() && lines_[at_].offset < begin) ++at_;
  events_.push_back({EventKind::scalar, line.offset, line.number, line.indent, read, true});
  return true;
}

// A value that is not there: its place is where the next line begins, or the text ends.
void Reader::missing() {
  Event event{EventKind::null};
  if (at_ < lines_.size()) {
    event = {EventKind::null, lines_[at_].offset, lines_[at_].number, lines_[at_].indent};
  } else {
    event.offset = static_cast<std::uint32_t>(source_.size());
    event.line = static_cast<std::uint32_t>(std::count(source_.begin(), source_.end(), '\n'));
  }
  events_.push_back(event);
}

bool Reader::sequence(Line line, int depth) {
  const std::uint32_t column = line.indent;
  start(EventKind::sequence_start, line);
  while (true) {
    if (!node(behind(line, 1), column, depth + 1)) return false;
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
    if (value.text.empty() ? !value_below(column, depth) : !value_behind(value, column)) return false;
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
  ++at_;
  const bool none = at_ == lines_.size() || lines_[at_].indent < column ||
                    (lines_[at_].indent == column && !is_item(lines_[at_]));
  if (none) {
    missing();
    return true;
  }
  const Line line = lines_[at_];
  if (!is_item(line) && key_of(line) == 0) return false;  // a value on a line of its own
  return node(line, column, depth + 1);
}

}  // namespace

std::optional<PlainLines> read_plain_lines(std::string_view source) {
  Reader reader(source);
  if (!reader.read()) return std::nullopt;
  return reader.take();
}

}  // namespace cardwarden::yaml
