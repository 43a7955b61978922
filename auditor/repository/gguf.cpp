// SPDX-License-Identifier: Apache-2.0
#include "repository/gguf.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/json.h"

namespace cardwarden {
namespace {

Error bad(std::string what) {
  return {ErrorCode::format, "The GGUF header is malformed: " + std::move(what) + "."};
}

Error over(std::uint64_t count, const char* what, std::uint64_t bound, const char* name) {
  return {ErrorCode::too_large, "The GGUF header has " + std::to_string(count) + " " + what +
                                    "; the bound is " + std::to_string(bound) + " (" + name + ")."};
}

enum : std::uint32_t {
  kU8,
  kI8,
  kU16,
  kI16,
  kU32,
  kI32,
  kF32,
  kBool,
  kText,
  kList,
  kU64,
  kI64,
  kF64,
  kTypes
};

std::size_t width_of(std::uint32_t type) {
  static constexpr std::size_t kWidths[] = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
  return type < kTypes ? kWidths[type] : 0;
}

std::string decimal(double value) { return std::isfinite(value) ? json_number(value) : "not finite"; }

class Reader {
 public:
  explicit Reader(const ByteSource& source) : cursor_(source, kMaxGgufHeader) {}

  Result<GgufHeader> read() {
    if (cursor_.text(4, 4) != "GGUF") return bad("it does not begin with 'GGUF'");
    auto version = static_cast<std::uint32_t>(cursor_.number(4));
    // A version below 2^16 whose bytes stand the other way round.
    if ((version & 0xFFFFU) == 0 && version != 0) {
      out_.big_endian = true;
      cursor_.set_big_endian(true);
      version = ((version >> 24U) & 0xFFU) | ((version >> 8U) & 0xFF00U);
    }
    if (version < 1 || version > 3) return bad("version " + std::to_string(version) + " is not 1, 2 or 3");
    out_.version = version;
    wide_ = version == 1 ? 4 : 8;
    const std::uint64_t tensors = cursor_.number(wide_);
    const std::uint64_t values = cursor_.number(wide_);
    if (tensors > kMaxGgufTensors) return over(tensors, "tensors", kMaxGgufTensors, "kMaxGgufTensors");
    if (values > kMaxGgufValues) return over(values, "values", kMaxGgufValues, "kMaxGgufValues");
    for (std::uint64_t i = 0; i < values; ++i) {
      auto done = read_value();
      if (!done) return done.error();
    }
    for (std::uint64_t i = 0; i < tensors; ++i) {
      auto done = read_tensor();
      if (!done) return done.error();
    }
    if (cursor_.failed()) return ended();
    return std::move(out_);
  }

 private:
  Error ended() const {
    return bad("it ends in the middle, or has more than " + std::to_string(kMaxGgufHeader) +
               " bytes (kMaxGgufHeader)");
  }

  Done read_value() {
    GgufValue value;
    value.key = cursor_.text(cursor_.number(wide_), kMaxGgufText);
    value.type = static_cast<std::uint32_t>(cursor_.number(4));
    if (cursor_.failed()) return ended();
    if (value.type >= kTypes) return bad("a value has the type " + std::to_string(value.type));
    if (value.type == kList) {
      auto done = skip_list(value.items, 1);
      if (!done) return done;
    } else {
      read_scalar(value);
    }
    if (cursor_.failed()) return ended();
    out_.values.push_back(std::move(value));
    return Nothing{};
  }

  void read_scalar(GgufValue& value) {
    if (value.type == kText) {
      const std::uint64_t bytes = cursor_.number(wide_);
      value.cut = bytes > kMaxGgufText;
      value.text = cursor_.text(bytes, kMaxGgufText);
      return;
    }
    const std::uint64_t raw = cursor_.number(width_of(value.type));
    switch (value.type) {
      case kI8:
        value.text = std::to_string(static_cast<std::int8_t>(raw));
        break;
      case kI16:
        value.text = std::to_string(static_cast<std::int16_t>(raw));
        break;
      case kI32:
        value.text = std::to_string(static_cast<std::int32_t>(raw));
        break;
      case kI64:
        value.text = std::to_string(static_cast<std::int64_t>(raw));
        break;
      case kF32:
        value.text = decimal(static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(raw))));
        break;
      case kF64:
        value.text = decimal(std::bit_cast<double>(raw));
        break;
      case kBool:
        value.text = raw != 0 ? "true" : "false";
        break;
      default:
        value.text = std::to_string(raw);
    }
  }

  Done skip_list(std::uint64_t& items, std::uint32_t nesting) {
    const auto type = static_cast<std::uint32_t>(cursor_.number(4));
    items = cursor_.number(wide_);
    if (cursor_.failed()) return ended();
    if (type >= kTypes) return bad("a list has items of type " + std::to_string(type));
    if (width_of(type) > 0) {
      if (items > kMaxGgufHeader) return ended();
      cursor_.skip(items * width_of(type));
      return Nothing{};
    }
    items_ += std::min(items, kMaxGgufItems + 1);
    if (items_ > kMaxGgufItems) return over(items_, "items of lists", kMaxGgufItems, "kMaxGgufItems");
    if (type == kList && nesting >= kMaxGgufNesting) {
      return Error(ErrorCode::too_large, "Lists of the GGUF header nest deeper than " +
                                             std::to_string(kMaxGgufNesting) + " (kMaxGgufNesting).");
    }
    for (std::uint64_t i = 0; i < items && !cursor_.failed(); ++i) {
      if (type == kText) {
        cursor_.skip(cursor_.number(wide_));
        continue;
      }
      std::uint64_t inner = 0;
      auto done = skip_list(inner, nesting + 1);
      if (!done) return done;
    }
    return Nothing{};
  }

  Done read_tensor() {
    GgufTensor tensor;
    tensor.name = cursor_.text(cursor_.number(wide_), kMaxGgufText);
    const std::uint64_t dimensions = cursor_.number(4);
    if (cursor_.failed()) return ended();
    if (dimensions > kMaxGgufDimensions) {
      return over(dimensions, "dimensions of a tensor", kMaxGgufDimensions, "kMaxGgufDimensions");
    }
    tensor.elements = 1;
    for (std::uint64_t i = 0; i < dimensions; ++i) {
      const std::uint64_t dimension = cursor_.number(wide_);
      if (dimension != 0 && tensor.elements > (std::uint64_t{1} << 62U) / dimension) {
        return bad("a tensor has more elements than 2^62");
      }
      tensor.elements *= dimension;
    }
    tensor.type = static_cast<std::uint32_t>(cursor_.number(4));
    cursor_.number(8);  // where its data stands
    if (cursor_.failed()) return ended();
    out_.tensors.push_back(std::move(tensor));
    return Nothing{};
  }

  ByteCursor cursor_;
  GgufHeader out_;
  std::size_t wide_ = 8;  // bytes of a count or length
  std::uint64_t items_ = 0;
};

}  // namespace

const GgufValue* GgufHeader::find(std::string_view key) const {
  const auto at =
      std::find_if(values.begin(), values.end(), [key](const GgufValue& value) { return value.key == key; });
  return at == values.end() ? nullptr : &*at;
}

std::string gguf_type_name(std::uint32_t type) {
  // enum ggml_type of ggml.h, August 2026; empty where a number was given up.
  static constexpr std::string_view kNames[] = {
      "F32",    "F16",   "Q4_0",  "Q4_1",   "",      "",      "Q5_0",    "Q5_1",   "Q8_0",    "Q8_1",
      "Q2_K",   "Q3_K",  "Q4_K",  "Q5_K",   "Q6_K",  "Q8_K",  "IQ2_XXS", "IQ2_XS", "IQ3_XXS", "IQ1_S",
      "IQ4_NL", "IQ3_S", "IQ2_S", "IQ4_XS", "I8",    "I16",   "I32",     "I64",    "F64",     "IQ1_M",
      "BF16",   "",      "",      "",       "TQ1_0", "TQ2_0", "",        "",       "",        "MXFP4"};
  if (type < std::size(kNames) && !kNames[type].empty()) return std::string(kNames[type]);
  return "type " + std::to_string(type);
}

Result<GgufHeader> read_gguf(const ByteSource& source) { return Reader(source).read(); }

}  // namespace cardwarden
