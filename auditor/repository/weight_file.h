// SPDX-License-Identifier: Apache-2.0
#pragma once
// One file of weights: its format by name and by its first bytes, and what its header or its pickles say.

#include "repository/parameters.h"
#include "repository/weights.h"

namespace cardwarden {

constexpr std::size_t kMaxPicklesOfArchive = 64;  // .pkl members that are read
constexpr std::size_t kMaxHeaderTexts = 200;      // entries of WeightFile::metadata

struct ShardName {
  std::string
      stem;  // "model" of "model-00001-of-00003.safetensors", "model.fp16" of "model.fp16.safetensors"
  std::size_t number = 0;  // 1-based; 0 when the file is whole
  std::size_t of = 0;      // 0 when not said
};
ShardName shard_name_of(std::string_view file_name);

WeightRole weight_role_of(std::string_view file_name);

// Fills what the content says. `options` are those of the configuration beside the file.
void read_weight_content(const ByteSource& content, const CountOptions& options, WeightFile& file);

}  // namespace cardwarden
