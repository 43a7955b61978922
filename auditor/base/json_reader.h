// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads hostile JSON (RFC 8259, strict): as tokens, for large texts of which little is kept, and as a tree
// that remembers where every value stands, so that a fact can be quoted with its line. Numbers stay text, so
// that 64-bit integers stay exact. Nesting and the number of values are bounded; reading takes linear time
// and no recursion. NaN and Infinity, which Python writes and RFC 8259 does not know, are read where the
// caller asks.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/span.h"

namespace cardwarden {

struct JsonLimits {
  std::uint32_t depth = 64;           // nested objects and lists; configurations of models stay under 10
  std::uint64_t values = 2'000'000;   // keys and values; the largest index of shards has about 200,000
  std::uint64_t bytes = 256U << 20U;  // of the text; spans have 32 bits
  bool python_numbers = false;        // NaN, Infinity and -Infinity are numbers, none of them finite
  bool i_json = false;  // RFC 7493: half a surrogate pair and bytes that are not UTF-8 are errors
};

enum class JsonToken : std::uint8_t {
  object_begin,
  object_end,
  array_begin,
  array_end,
  key,
  string,
  number,
  boolean,
  null,
  end,    // the text was read to its end
  error,  // see problem(); every further call gives it again
};

class JsonScanner {
 public:
  explicit JsonScanner(std::string_view text, const JsonLimits& limits = {});

  JsonToken next();
  // Of the last token: a key or string without quotes and escapes, a number or boolean as written.
  std::string& text() { return value_; }
  Span span() const { return span_; }
  std::size_t depth() const { return stack_.size(); }
  // Reads to the end of the value that the last token began. False on an error.
  bool skip(JsonToken token);
  Error problem() const;

 private:
  enum class Want : std::uint8_t { value, value_or_end, key, key_or_end, comma_or_end, nothing };

  JsonToken fail(std::string why, ErrorCode code = ErrorCode::format);
  JsonToken read_string(bool key);
  bool read_escape();
  bool read_unicode_escape();
  JsonToken read_number();
  bool read_python_number();
  JsonToken read_word();
  JsonToken read_value(char c);
  JsonToken open(JsonToken token, bool object);
  JsonToken close(JsonToken token);
  void after_value() { want_ = stack_.empty() ? Want::nothing : Want::comma_or_end; }

  std::string_view text_;
  JsonLimits limits_;
  std::size_t at_ = 0;
  std::uint64_t values_ = 0;
  std::vector<bool> stack_;  // of open containers: whether each is an object
  Want want_ = Want::value;
  std::string value_;
  Span span_;
  std::string problem_;
  ErrorCode problem_code_ = ErrorCode::format;
};

enum class JsonType : std::uint8_t { null, boolean, number, string, array, object };

struct JsonMember;

struct JsonNode {
  JsonType type = JsonType::null;
  Span span;
  std::string text;  // of a string, number or boolean
  std::vector<JsonNode> items;
  std::vector<JsonMember> members;  // in order, duplicates kept

  bool is_string() const { return type == JsonType::string; }
  bool is_object() const { return type == JsonType::object; }
  bool is_array() const { return type == JsonType::array; }
  // The last value under the key, as most readers of JSON take it, or nullptr.
  const JsonMember* find_member(std::string_view key) const;
  const JsonNode* find(std::string_view key) const;
  std::optional<std::int64_t> integer() const;  // of a number without fraction or exponent that fits
  std::optional<double> number() const;         // of a finite number
  std::optional<bool> boolean() const;
};

struct JsonMember {
  std::string key;
  Span key_span;  // with its quotes
  JsonNode value;
};

constexpr std::uint32_t kMaxJsonTreeDepth = 1000;  // whatever the limits say: a tree is freed by recursion

// The whole text as one value. Errors carry "line:column" in `where`.
Result<JsonNode> read_json(std::string_view text, const JsonLimits& limits = {});

}  // namespace cardwarden
