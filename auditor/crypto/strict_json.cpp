// SPDX-License-Identifier: Apache-2.0
#include "crypto/strict_json.h"

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace cardwarden {
namespace {

using nlohmann::json;

constexpr std::int64_t kExact = std::int64_t{1} << 53U;  // beyond it a double skips integers

constexpr double kFirstExponent = 1e21;  // from here on ECMAScript writes exponents

// Builds the value from the tokens, and stops at the first thing that two readers could take in two ways.
class Builder {
 public:
  Builder(std::string_view text, const JsonLimits& limits) : scanner_(text, limits) {}

  Result<json> run() {
    for (;;) {
      switch (scanner_.next()) {
        case JsonToken::error:
          return scanner_.problem();
        case JsonToken::end:
          return std::move(root_);
        case JsonToken::object_begin:
          stack_.push_back(place(json::object()));
          break;
        case JsonToken::array_begin:
          stack_.push_back(place(json::array()));
          break;
        case JsonToken::object_end:
        case JsonToken::array_end:
          stack_.pop_back();
          break;
        case JsonToken::key:
          key_ = std::move(scanner_.text());
          if (stack_.back()->contains(key_))
            return refused("The JSON object has a key twice, so it has no one meaning.");
          break;
        case JsonToken::string:
          place(std::move(scanner_.text()));
          break;
        case JsonToken::boolean:
          place(scanner_.text() == "true");
          break;
        case JsonToken::null:
          place(nullptr);
          break;
        case JsonToken::number: {
          auto number = read_number(scanner_.text());
          if (!number) return number.error();
          place(*std::move(number));
          break;
        }
      }
    }
  }

 private:
  static Error refused(std::string message) { return {ErrorCode::format, std::move(message)}; }

  static Result<json> read_number(const std::string& text) {
    const Error inexact =
        refused("An integer beyond 2^53 is not the same number to every reader; write it as a string.");
    const char* end = text.data() + text.size();
    if (text.find_first_of(".eE") == std::string::npos) {
      std::int64_t whole = 0;
      const auto read = std::from_chars(text.data(), end, whole);
      if (read.ec != std::errc() || whole > kExact || whole < -kExact) return inexact;
      return whole < 0 ? json(whole) : json(static_cast<std::uint64_t>(whole));
    }
    double number = 0;
    if (std::from_chars(text.data(), end, number).ec != std::errc())
      return refused("A number is beyond what a double holds.");
    // Canonical JSON writes such a number as an integer, whatever stood here.
    if (std::fabs(number) > static_cast<double>(kExact) && std::fabs(number) < kFirstExponent) return inexact;
    return json(number);
  }

  json* place(json value) {
    if (stack_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    json& parent = *stack_.back();
    if (parent.is_object()) return &(parent[key_] = std::move(value));
    parent.push_back(std::move(value));
    return &parent.back();
  }

  JsonScanner scanner_;
  json root_;
  // A parent is not touched while a child is open, so these stay where they are.
  std::vector<json*> stack_;
  std::string key_;
};

}  // namespace

Result<json> parse_strict_json(std::string_view text, const JsonLimits& limits) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") {
    return Error(ErrorCode::format, "The JSON text begins with a byte-order mark.");
  }
  JsonLimits strict = limits;
  strict.i_json = true;
  return Builder(text, strict).run();
}

Result<json> parse_canonical_json(std::string_view text, const JsonLimits& limits) {
  auto value = parse_strict_json(text, limits);
  if (!value) return value.error();
  if (canonical_json(*value) != text) {
    return Error(ErrorCode::format, "The JSON text is not canonical (RFC 8785), so its digest says nothing.");
  }
  return value;
}

const std::string* text_member(const json& object, const std::string& key) {
  if (!object.is_object()) return nullptr;
  const auto at = object.find(key);
  return at == object.end() || !at->is_string() ? nullptr : &at->get_ref<const std::string&>();
}

Result<std::string> string_member(const json& object, const std::string& key, std::string_view what) {
  if (const std::string* text = text_member(object, key)) return *text;
  return Error(ErrorCode::format, "Expected a string \"" + key + "\" in " + std::string(what) + ".");
}

Result<std::uint64_t> count_member(const json& object, const std::string& key, std::string_view what) {
  const auto at = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || at == object.end() || !at->is_number_unsigned()) {
    return Error(ErrorCode::format, "Expected a whole number \"" + key + "\" in " + std::string(what) + ".");
  }
  return at->get<std::uint64_t>();
}

const json* object_member(const json& object, const std::string& key) {
  if (!object.is_object()) return nullptr;
  const auto at = object.find(key);
  return at != object.end() && at->is_object() ? &*at : nullptr;
}

const json* array_member(const json& object, const std::string& key) {
  if (!object.is_object()) return nullptr;
  const auto at = object.find(key);
  return at != object.end() && at->is_array() ? &*at : nullptr;
}

}  // namespace cardwarden
