// SPDX-License-Identifier: Apache-2.0
#pragma once
// Counting parameters: from tensors, with packed and auxiliary ones told apart, and from sizes. Pure.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "repository/gguf.h"
#include "repository/safetensors.h"
#include "repository/weights.h"

namespace cardwarden {

struct CountOptions {
  std::optional<std::int64_t> packed_bits;  // of a weight inside a wider integer, from the configuration
  bool quantized = false;                   // the configuration says so
};

ParameterCount count_safetensors(const SafetensorsHeader& header, const CountOptions& options);
ParameterCount count_gguf(const GgufHeader& header);

// From the bytes of tensors alone. `dtype` is a configuration's ("bfloat16") or a GGUF file name's
// ("Q4_K_M"); where it is not known, low and high span the usual 4 to 2 bytes and the count stays unknown.
ParameterCount estimate_parameters(std::uint64_t bytes, std::string_view dtype, const CountOptions& options,
                                   std::string_view from);

// The quantisation that a GGUF file name ends with ("model-Q4_K_M.gguf" gives "Q4_K_M"), or empty.
std::string gguf_variant(std::string_view file_name);

// Several counts as one: exact only if all are, unknown if one is.
ParameterCount add_counts(const std::vector<ParameterCount>& counts, std::string_view what);

// "bfloat16" gives 16. No value for a name that is not known here.
std::optional<double> bits_of_dtype(std::string_view dtype);

}  // namespace cardwarden
