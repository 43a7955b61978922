// SPDX-License-Identifier: Apache-2.0
#include "base/json_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "base/eight_bytes.h"
#include "base/text.h"

namespace cardwarden {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool read_hex4(std::string_view text, std::size_t at, std::uint32_t& out) {
  if (text.size() - at < 4 || at > text.size()) return false;
  const auto read = std::from_chars(text.data() + at, text.data() + at + 4, out, 16);
  return read.ec == std::errc() && read.ptr == text.data() + at + 4 && text[at] != '-';
}

bool ends_plain(char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20U; }

// Where the bytes of a string end that stand for themselves.
std::size_t plain_end(std::string_view text, std::size_t at) {
  for (; text.size() - at >= 8; at += 8) {
    const bytes::Eight eight = bytes::load_eight(text.data() + at);
    const bytes::Eight ends = bytes::between(eight, '"', '"') | bytes::between(eight, '\\', '\\') |
                              bytes::between(eight, '\0', '\x1f');
    if (ends != 0) return at + bytes::bytes_before(ends);
  }
  while (at < text.size() && !ends_plain(text[at])) ++at;
  return at;
}

}  // namespace

JsonScanner::JsonScanner(std::string_view text, const JsonLimits& limits) : text_(text), limits_(limits) {
  if (text.size() > limits.bytes) {
    text_ = {};
    fail("it has more than " + std::to_string(limits.bytes) + " bytes (JsonLimits::bytes)",
         ErrorCode::too_large);
  }
}

JsonToken JsonScanner::fail(std::string why, ErrorCode code) {
  if (problem_.empty()) {
    problem_ = std::move(why);
    problem_code_ = code;
  }
  return JsonToken::error;
}

Error JsonScanner::problem() const {
  const LineIndex lines(text_);
  const Position place = lines.position(text_, static_cast<std::uint32_t>(at_));
  return {problem_code_, "The text is not the JSON it should be: " + problem_ + ".",
          std::to_string(place.line) + ":" + std::to_string(place.column)};
}

JsonToken JsonScanner::open(JsonToken token, bool object) {
  if (stack_.size() >= limits_.depth) {
    return fail("it nests deeper than " + std::to_string(limits_.depth) + " (JsonLimits::depth)",
                ErrorCode::too_large);
  }
  stack_.push_back(object);
  want_ = object ? Want::key_or_end : Want::value_or_end;
  ++at_;
  return token;
}

JsonToken JsonScanner::close(JsonToken token) {
  stack_.pop_back();
  ++at_;
  after_value();
  return token;
}

bool JsonScanner::read_unicode_escape() {
  std::uint32_t point = 0;
  if (!read_hex4(text_, at_, point)) return false;
  at_ += 4;
  if (point >= 0xD800U && point < 0xDC00U && text_.substr(at_, 2) == "\\u") {
    std::uint32_t low = 0;
    if (read_hex4(text_, at_ + 2, low) && low >= 0xDC00U && low < 0xE000U) {
      point = 0x10000U + ((point - 0xD800U) << 10U) + (low - 0xDC00U);
      at_ += 6;
    }
  }
  // Half of a surrogate pair is no character; Python writes it all the same.
  if (point >= 0xD800U && point < 0xE000U) {
    if (limits_.i_json) return false;
    point = 0xFFFDU;
  }
  text::append_utf8(value_, static_cast<char32_t>(point));
  return true;
}

bool JsonScanner::read_escape() {
  static constexpr std::string_view kNames = "\"\\/bfnrt";
  static constexpr std::string_view kValues = "\"\\/\b\f\n\r\t";
  if (at_ >= text_.size()) return false;
  const char c = text_[at_++];
  if (c == 'u') return read_unicode_escape();
  const std::size_t name = kNames.find(c);
  if (name == std::string_view::npos) return false;
  value_.push_back(kValues[name]);
  return true;
}

JsonToken JsonScanner::read_string(bool key) {
  const std::size_t begin = at_++;
  value_.clear();
  for (;;) {
    const std::size_t end = plain_end(text_, at_);
    const std::string_view plain = text_.substr(at_, end - at_);
    if (limits_.i_json && !text::is_utf8(plain)) return fail("a string is not UTF-8");
    value_.append(plain);
    at_ = end;
    if (end >= text_.size()) return fail("a string is not closed");
    if (text_[end] == '"') break;
    if (text_[end] != '\\') return fail("a string holds a control character");
    ++at_;
    if (!read_escape()) return fail("a string holds an escape that JSON does not know");
  }
  ++at_;
  span_ = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_)};
  if (!key) {
    after_value();
    return JsonToken::string;
  }
  while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  if (at_ >= text_.size() || text_[at_] != ':') return fail("expected ':' after a key");
  ++at_;
  want_ = Want::value;
  return JsonToken::key;
}

JsonToken JsonScanner::read_number() {
  const std::size_t begin = at_;
  const auto digits = [this] {
    const std::size_t from = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    return at_ - from;
  };
  if (text_[at_] == '-') ++at_;
  const bool zero = at_ < text_.size() && text_[at_] == '0';
  const std::size_t whole = digits();
  if (whole == 0 || (zero && whole > 1)) return fail("expected a number");
  if (at_ < text_.size() && text_[at_] == '.') {
    ++at_;
    if (digits() == 0) return fail("a number ends with its decimal point");
  }
  if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
    ++at_;
    if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
    if (digits() == 0) return fail("a number has no digits in its exponent");
  }
  value_ = std::string(text_.substr(begin, at_ - begin));
  span_ = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_)};
  after_value();
  return JsonToken::number;
}

bool JsonScanner::read_python_number() {
  for (const std::string_view word : {"NaN", "Infinity", "-Infinity"}) {
    if (text_.substr(at_, word.size()) != word) continue;
    value_ = std::string(word);
    span_ = {static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(at_ + word.size())};
    at_ += word.size();
    after_value();
    return true;
  }
  return false;
}

JsonToken JsonScanner::read_word() {
  for (const std::string_view word : {"true", "false", "null"}) {
    if (text_.substr(at_, word.size()) != word) continue;
    value_ = std::string(word);
    span_ = {static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(at_ + word.size())};
    at_ += word.size();
    after_value();
    return word == "null" ? JsonToken::null : JsonToken::boolean;
  }
  return fail("expected a value");
}

JsonToken JsonScanner::read_value(char c) {
  if (++values_ > limits_.values) {
    return fail("it has more than " + std::to_string(limits_.values) + " values (JsonLimits::values)",
                ErrorCode::too_large);
  }
  span_ = {static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(at_ + 1)};
  if (c == '{') return open(JsonToken::object_begin, true);
  if (c == '[') return open(JsonToken::array_begin, false);
  if (c == '"') return read_string(false);
  if (limits_.python_numbers && read_python_number()) return JsonToken::number;
  if (c == '-' || is_digit(c)) return read_number();
  return read_word();
}

JsonToken JsonScanner::next() {
  for (;;) {
    if (!problem_.empty()) return JsonToken::error;
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
    if (at_ >= text_.size()) {
      return want_ == Want::nothing ? JsonToken::end : fail("it ends in the middle of a value");
    }
    const char c = text_[at_];
    span_ = {static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(at_ + 1)};
    switch (want_) {
      case Want::nothing:
        return fail("text follows the value");
      case Want::comma_or_end:
        if (c == (stack_.back() ? '}' : ']'))
          return close(stack_.back() ? JsonToken::object_end : JsonToken::array_end);
        if (c != ',') return fail("expected ',' or the end of the list or object");
        ++at_;
        want_ = stack_.back() ? Want::key : Want::value;
        continue;
      case Want::key_or_end:
        if (c == '}') return close(JsonToken::object_end);
        [[fallthrough]];
      case Want::key:
        if (c != '"') return fail("expected a key in quotes");
        if (++values_ > limits_.values) {
          return fail("it has more than " + std::to_string(limits_.values) + " values (JsonLimits::values)",
                      ErrorCode::too_large);
        }
        return read_string(true);
      case Want::value_or_end:
        if (c == ']') return close(JsonToken::array_end);
        [[fallthrough]];
      case Want::value:
        return read_value(c);
    }
  }
}

bool JsonScanner::skip(JsonToken token) {
  if (token == JsonToken::error) return false;
  if (token != JsonToken::object_begin && token != JsonToken::array_begin) return true;
  const std::size_t outside = stack_.size() - 1;
  while (stack_.size() > outside) {
    if (next() == JsonToken::error) return false;
  }
  return true;
}

const JsonMember* JsonNode::find_member(std::string_view key) const {
  for (std::size_t i = members.size(); i > 0; --i) {
    if (members[i - 1].key == key) return &members[i - 1];
  }
  return nullptr;
}

const JsonNode* JsonNode::find(std::string_view key) const {
  const JsonMember* member = find_member(key);
  return member == nullptr ? nullptr : &member->value;
}

std::optional<std::int64_t> JsonNode::integer() const {
  std::int64_t out = 0;
  if (type != JsonType::number) return std::nullopt;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return out;
}

std::optional<double> JsonNode::number() const {
  double out = 0;
  if (type != JsonType::number) return std::nullopt;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  if (read.ec != std::errc() || !std::isfinite(out)) return std::nullopt;
  return out;
}

std::optional<bool> JsonNode::boolean() const {
  if (type != JsonType::boolean) return std::nullopt;
  return text == "true";
}

namespace {

JsonType type_of(JsonToken token) {
  switch (token) {
    case JsonToken::object_begin:
      return JsonType::object;
    case JsonToken::array_begin:
      return JsonType::array;
    case JsonToken::string:
      return JsonType::string;
    case JsonToken::number:
      return JsonType::number;
    case JsonToken::boolean:
      return JsonType::boolean;
    default:
      return JsonType::null;
  }
}

}  // namespace

Result<JsonNode> read_json(std::string_view text, const JsonLimits& limits) {
  JsonLimits bounded = limits;
  bounded.depth = std::min(limits.depth, kMaxJsonTreeDepth);
  JsonScanner scanner(text, bounded);
  JsonNode root;
  // Pointers into vectors that do not grow while their last item is open.
  std::vector<JsonNode*> open;
  for (;;) {
    const JsonToken token = scanner.next();
    if (token == JsonToken::error) return scanner.problem();
    if (token == JsonToken::end) return root;
    if (token == JsonToken::object_end || token == JsonToken::array_end) {
      open.back()->span.end = scanner.span().end;
      open.pop_back();
      continue;
    }
    if (token == JsonToken::key) {
      open.back()->members.push_back({std::move(scanner.text()), scanner.span(), {}});
      continue;
    }
    JsonNode* node = &root;
    if (!open.empty() && open.back()->is_object()) {
      node = &open.back()->members.back().value;
    } else if (!open.empty()) {
      node = &open.back()->items.emplace_back();
    }
    node->type = type_of(token);
    node->span = scanner.span();
    if (token == JsonToken::object_begin || token == JsonToken::array_begin) {
      open.push_back(node);
    } else if (token != JsonToken::null) {
      node->text = std::move(scanner.text());
    }
  }
}

}  // namespace cardwarden
