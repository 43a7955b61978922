// SPDX-License-Identifier: Apache-2.0
#pragma once
// The header of a GGUF file (versions 1 to 3, either byte order): its metadata and its tensors' names, types
// and shapes. Long values are passed over; lists are counted. A malformed header is ErrorCode::format, one
// over a bound ErrorCode::too_large.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "repository/byte_source.h"

namespace cardwarden {

constexpr std::uint64_t kMaxGgufHeader = 512U << 20U;  // bytes; vocabularies of 300,000 words take 20 MB
constexpr std::uint64_t kMaxGgufTensors = 1'000'000;
constexpr std::uint64_t kMaxGgufValues = 65'536;     // metadata; real files have about 50
constexpr std::uint64_t kMaxGgufItems = 16'000'000;  // items of all lists
constexpr std::size_t kMaxGgufText = 4096;           // bytes kept of a name or value
constexpr std::size_t kMaxGgufDimensions = 8;        // the library has 4
constexpr std::uint32_t kMaxGgufNesting = 4;         // lists in lists

struct GgufValue {
  std::string key;
  std::uint32_t type = 0;   // of the format; 8 is text, 9 a list
  std::string text;         // numbers in decimal, truth as "true" or "false", of a list empty
  bool cut = false;         // the text was longer than kMaxGgufText
  std::uint64_t items = 0;  // of a list
};

struct GgufTensor {
  std::string name;
  std::uint32_t type = 0;  // see gguf_type_name()
  std::uint64_t elements = 0;
};

struct GgufHeader {
  std::uint32_t version = 0;
  bool big_endian = false;
  std::vector<GgufValue> values;
  std::vector<GgufTensor> tensors;

  const GgufValue* find(std::string_view key) const;
};

Result<GgufHeader> read_gguf(const ByteSource& source);

// "F16", "Q4_K", or "type 99" for one that is not known here.
std::string gguf_type_name(std::uint32_t type);

}  // namespace cardwarden
