// SPDX-License-Identifier: Apache-2.0
#include "repository/safetensors.h"

#include <algorithm>
#include <charconv>

#include "base/json_reader.h"

namespace cardwarden {
namespace {

Error bad(std::string what) {
  return {ErrorCode::format, "The safetensors header is malformed: " + std::move(what) + "."};
}

std::optional<std::uint64_t> unsigned_of(std::string_view text) {
  std::uint64_t out = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return out;
}

class HeaderReader {
 public:
  explicit HeaderReader(std::string_view text) : scanner_(text, limits()) {}

  Result<SafetensorsHeader> read() {
    if (scanner_.next() != JsonToken::object_begin) return failure("it is no object");
    for (;;) {
      const JsonToken token = scanner_.next();
      if (token == JsonToken::object_end) break;
      if (token != JsonToken::key) return failure("it ends too early");
      std::string name = std::move(scanner_.text());
      const auto read = name == "__metadata__" ? read_metadata() : read_tensor(std::move(name));
      if (!read) return read.error();
    }
    if (scanner_.next() != JsonToken::end) return failure("text follows it");
    return std::move(out_);
  }

 private:
  static JsonLimits limits() {
    JsonLimits out;
    out.depth = 4;
    // A tensor has its name and three members; two lists of a few numbers.
    out.values = kMaxSafetensorsTensors * 16;
    out.bytes = kMaxSafetensorsHeader;
    return out;
  }

  Error failure(std::string what) const {
    Error problem = scanner_.problem();
    if (problem.code == ErrorCode::too_large) return problem;
    return bad(std::move(what));
  }

  Done read_metadata() {
    if (scanner_.next() != JsonToken::object_begin) return failure("__metadata__ is no object");
    for (;;) {
      const JsonToken token = scanner_.next();
      if (token == JsonToken::object_end) return Nothing{};
      if (token != JsonToken::key) return failure("__metadata__ ends too early");
      std::string key = std::move(scanner_.text());
      if (scanner_.next() != JsonToken::string) return failure("a value of __metadata__ is no text");
      out_.metadata.emplace_back(std::move(key), std::move(scanner_.text()));
    }
  }

  bool read_numbers(std::vector<std::uint64_t>& to, std::size_t max) {
    if (scanner_.next() != JsonToken::array_begin) return false;
    for (;;) {
      const JsonToken token = scanner_.next();
      if (token == JsonToken::array_end) return true;
      const auto value = token == JsonToken::number ? unsigned_of(scanner_.text()) : std::nullopt;
      if (!value || to.size() >= max) return false;
      to.push_back(*value);
    }
  }

  Done read_tensor(std::string name) {
    if (out_.tensors.size() >= kMaxSafetensorsTensors) {
      return Error(ErrorCode::too_large, "The header names more than " +
                                             std::to_string(kMaxSafetensorsTensors) +
                                             " tensors (kMaxSafetensorsTensors).");
    }
    SafetensorsTensor tensor;
    std::vector<std::uint64_t> offsets;
    bool has_shape = false;
    if (scanner_.next() != JsonToken::object_begin) return failure("a tensor is no object");
    for (;;) {
      const JsonToken token = scanner_.next();
      if (token == JsonToken::object_end) break;
      if (token != JsonToken::key) return failure("a tensor ends too early");
      const std::string key = scanner_.text();
      bool good = true;
      if (key == "dtype") {
        good = scanner_.next() == JsonToken::string;
        tensor.dtype = scanner_.text();
      } else if (key == "shape" && !has_shape) {
        good = has_shape = read_numbers(tensor.shape, kMaxTensorDimensions);
      } else if (key == "data_offsets" && offsets.empty()) {
        good = read_numbers(offsets, 2) && offsets.size() == 2;
      } else {
        good = false;
      }
      if (!good) return failure("'" + key.substr(0, 40) + "' of a tensor is not as it should be");
    }
    if (tensor.dtype.empty() || !has_shape || offsets.size() != 2) {
      return bad("a tensor lacks its dtype, shape or data_offsets");
    }
    tensor.name = std::move(name);
    tensor.begin = offsets[0];
    tensor.end = offsets[1];
    tensor.elements = 1;
    for (const std::uint64_t dimension : tensor.shape) {
      if (dimension > kMaxDimension) return bad("a dimension is over 2^32 (kMaxDimension)");
      if (dimension != 0 && tensor.elements > (std::uint64_t{1} << 62U) / dimension) {
        return bad("a tensor has more elements than 2^62");
      }
      tensor.elements *= dimension;
    }
    out_.tensors.push_back(std::move(tensor));
    return Nothing{};
  }

  JsonScanner scanner_;
  SafetensorsHeader out_;
};

// The data of the tensors follows one another without gap or overlap, to the end of the file.
Done check_layout(const SafetensorsHeader& header) {
  std::vector<const SafetensorsTensor*> order;
  order.reserve(header.tensors.size());
  std::vector<std::string_view> names;
  names.reserve(header.tensors.size());
  for (const SafetensorsTensor& tensor : header.tensors) {
    order.push_back(&tensor);
    names.push_back(tensor.name);
    if (tensor.end < tensor.begin || tensor.end > header.data_bytes) {
      return bad("the data of a tensor lies outside the file");
    }
    const auto bits = safetensors_bits(tensor.dtype);
    if (!bits) continue;
    const std::uint64_t bytes = tensor.end - tensor.begin;
    // Elements are below 2^62 and have at most 64 bits: compared in whole bytes, without overflow.
    const std::uint64_t whole = tensor.elements / 8 * *bits + (tensor.elements % 8 * *bits + 7) / 8;
    if (tensor.elements > (std::uint64_t{1} << 57U) || whole != bytes) {
      return bad("the data of a tensor has not the size of its shape");
    }
  }
  std::sort(names.begin(), names.end());
  if (std::adjacent_find(names.begin(), names.end()) != names.end()) return bad("a tensor stands twice");
  std::sort(order.begin(), order.end(), [](const SafetensorsTensor* a, const SafetensorsTensor* b) {
    return a->begin != b->begin ? a->begin < b->begin : a->end < b->end;
  });
  std::uint64_t at = 0;
  for (const SafetensorsTensor* tensor : order) {
    if (tensor->begin != at) return bad("the data of tensors overlaps or leaves a gap");
    at = tensor->end;
  }
  if (at != header.data_bytes) return bad("bytes of the file belong to no tensor");
  return Nothing{};
}

}  // namespace

std::optional<std::uint32_t> safetensors_bits(std::string_view dtype) {
  static constexpr std::pair<std::string_view, std::uint32_t> kBits[] = {
      {"BOOL", 8},    {"U8", 8},   {"I8", 8},      {"F8_E4M3", 8}, {"F8_E5M2", 8},
      {"F8_E8M0", 8}, {"F4", 4},   {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"I16", 16},
      {"U16", 16},    {"F16", 16}, {"BF16", 16},   {"I32", 32},    {"U32", 32},
      {"F32", 32},    {"I64", 64}, {"U64", 64},    {"F64", 64},    {"C64", 64}};
  for (const auto& [name, bits] : kBits) {
    if (name == dtype) return bits;
  }
  return std::nullopt;
}

Result<SafetensorsHeader> read_safetensors(const ByteSource& source) {
  ByteCursor cursor(source, 8);
  const std::uint64_t bytes = cursor.number(8);
  if (cursor.failed()) return bad("the file has fewer than 8 bytes");
  if (bytes > kMaxSafetensorsHeader) {
    return Error(ErrorCode::too_large, "The safetensors header has " + std::to_string(bytes) +
                                           " bytes; the bound is " + std::to_string(kMaxSafetensorsHeader) +
                                           " (kMaxSafetensorsHeader).");
  }
  if (bytes > source.size - 8) return bad("it is longer than the file");
  const auto text = source.read(8, static_cast<std::size_t>(bytes));
  if (!text) return text.error();
  if (text->empty() || text->front() != '{') return bad("it does not begin with '{'");
  auto header = HeaderReader(*text).read();
  if (!header) return header.error();
  header->header_bytes = bytes;
  header->data_bytes = source.size - 8 - bytes;
  const auto layout = check_layout(*header);
  if (!layout) return layout.error();
  return header;
}

}  // namespace cardwarden
