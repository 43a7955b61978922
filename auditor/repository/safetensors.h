// SPDX-License-Identifier: Apache-2.0
#pragma once
// The header of a safetensors file: names, types and shapes of tensors, without the tensors. Strict: a header
// that the format's own library would refuse is ErrorCode::format, one over a bound ErrorCode::too_large.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "repository/byte_source.h"

namespace cardwarden {

constexpr std::uint64_t kMaxSafetensorsHeader =
    100'000'000;  // bytes; MAX_HEADER_SIZE of the format's library
constexpr std::size_t kMaxSafetensorsTensors = 1'000'000;
constexpr std::size_t kMaxTensorDimensions = 16;
constexpr std::uint64_t kMaxDimension = std::uint64_t{1} << 32U;

struct SafetensorsTensor {
  std::string name;
  std::string dtype;                 // as the header writes it: "BF16"
  std::vector<std::uint64_t> shape;  // empty: a single number
  std::uint64_t elements = 0;        // product of the shape
  std::uint64_t begin = 0;           // bytes from the end of the header
  std::uint64_t end = 0;
};

struct SafetensorsHeader {
  std::vector<SafetensorsTensor> tensors;                     // in the order of the header
  std::vector<std::pair<std::string, std::string>> metadata;  // of "__metadata__"
  std::uint64_t header_bytes = 0;
  std::uint64_t data_bytes = 0;  // of the file after the header
};

Result<SafetensorsHeader> read_safetensors(const ByteSource& source);

// Bits of one element of a dtype, or no value for one that is not known here.
std::optional<std::uint32_t> safetensors_bits(std::string_view dtype);

}  // namespace cardwarden
