// SPDX-License-Identifier: Apache-2.0
#include "crypto/strict_json.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace cardwarden {
namespace {

using nlohmann::json;

constexpr std::int64_t kExact = std::int64_t{1} << 53U;  // beyond it a double skips integers

constexpr double kFirstExponent = 1e21;  // from here on ECMAScript writes exponents

// Builds the value while the parser reads, and stops at the first thing that two readers could take in two
// ways.
class Builder final : public json::json_sax_t {
 public:
  explicit Builder(const JsonLimits& limits) : limits_(limits) {}

  bool null() override { return place(nullptr); }
  bool boolean(bool value) override { return place(value); }
  bool number_integer(number_integer_t value) override {
    if (value < -kExact || value > kExact) return refuse_integer();
    return place(value);
  }
  bool number_unsigned(number_unsigned_t value) override {
    if (value > static_cast<number_unsigned_t>(kExact)) return refuse_integer();
    return place(value);
  }
  bool number_float(number_float_t value, const string_t& /*text*/) override {
    // Canonical JSON writes such a number as an integer, whatever stood here.
    if (std::fabs(value) > static_cast<double>(kExact) && std::fabs(value) < kFirstExponent)
      return refuse_integer();
    return place(value);
  }
  bool string(string_t& value) override { return place(std::move(value)); }
  bool binary(binary_t& /*value*/) override {
    return refuse(ErrorCode::format, "JSON has no binary values.");
  }
  bool start_object(std::size_t /*size*/) override { return open(json::object()); }
  bool start_array(std::size_t /*size*/) override { return open(json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    if (stack_.back()->contains(name)) {
      return refuse(ErrorCode::format, "The JSON object has a key twice, so it has no one meaning.");
    }
    key_ = std::move(name);
    return true;
  }
  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const json::exception& /*what*/) override {
    return refuse(ErrorCode::format, "The text stops being JSON at byte " + std::to_string(position) + ".");
  }

  json take() { return std::move(root_); }
  Error error() const { return error_; }

 private:
  bool refuse(ErrorCode code, std::string message) {
    error_ = Error(code, std::move(message));
    return false;
  }
  bool refuse_integer() {
    return refuse(ErrorCode::format,
                  "An integer beyond 2^53 is not the same number to every reader; write it as a string.");
  }
  bool put(json value, json*& placed) {
    if (++values_ > limits_.values) {
      return refuse(ErrorCode::too_large, "The JSON text has more than " + std::to_string(limits_.values) +
                                              " values (JsonLimits::values).");
    }
    if (stack_.empty()) {
      root_ = std::move(value);
      placed = &root_;
    } else if (stack_.back()->is_object()) {
      placed = &((*stack_.back())[key_] = std::move(value));
    } else {
      stack_.back()->push_back(std::move(value));
      placed = &stack_.back()->back();
    }
    return true;
  }
  bool place(json value) {
    json* placed = nullptr;
    return put(std::move(value), placed);
  }
  bool open(json value) {
    if (stack_.size() >= limits_.depth) {
      return refuse(ErrorCode::too_large, "The JSON text is nested deeper than " +
                                              std::to_string(limits_.depth) + " (JsonLimits::depth).");
    }
    json* placed = nullptr;
    if (!put(std::move(value), placed)) return false;
    stack_.push_back(placed);
    return true;
  }
  bool close() {
    stack_.pop_back();
    return true;
  }

  const JsonLimits& limits_;
  json root_;
  // A parent is not touched while a child is open, so these stay where they are.
  std::vector<json*> stack_;
  std::string key_;
  std::uint32_t values_ = 0;
  Error error_{ErrorCode::format, "The text is not JSON."};
};

}  // namespace

Result<json> parse_strict_json(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes) {
    return Error(ErrorCode::too_large, "The JSON text has " + std::to_string(text.size()) +
                                           " bytes, more than " + std::to_string(limits.bytes) +
                                           " (JsonLimits::bytes).");
  }
  if (text.substr(0, 3) == "\xEF\xBB\xBF") {
    return Error(ErrorCode::format, "The JSON text begins with a byte-order mark.");
  }
  // The parser takes a NUL for the end of the text and would not see what stands behind it.
  if (text.find('\0') != std::string_view::npos) {
    return Error(ErrorCode::format, "The JSON text holds a NUL.");
  }
  Builder builder(limits);
  if (!json::sax_parse(text.begin(), text.end(), &builder)) return builder.error();
  return builder.take();
}

Result<json> parse_canonical_json(std::string_view text, const JsonLimits& limits) {
  auto value = parse_strict_json(text, limits);
  if (!value) return value.error();
  if (canonical_json(*value) != text) {
    return Error(ErrorCode::format, "The JSON text is not canonical (RFC 8785), so its digest says nothing.");
  }
  return value;
}

Result<std::string> string_member(const json& object, const std::string& key, std::string_view what) {
  const auto at = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || at == object.end() || !at->is_string()) {
    return Error(ErrorCode::format, "Expected a string \"" + key + "\" in " + std::string(what) + ".");
  }
  return at->get_ref<const std::string&>();
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
