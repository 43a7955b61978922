// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a repository's weights are, without loading them: formats, shards, types and parameter counts. Headers
// are read where the content is at hand (a blob, or a file of the LFS store that the caller hands in); from a
// pointer only the size is known, and what follows from it is marked as an estimate. Every count says in
// words how it was made. Nothing here judges.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "repository/byte_source.h"
#include "repository/gguf.h"
#include "repository/pickle.h"
#include "repository/snapshot.h"

namespace cardwarden {

enum class WeightFormat : std::uint8_t {
  safetensors,
  torch_pickle,
  gguf,
  onnx,
  tensorflow,
  flax,
  keras,
  tflite,
  numpy,
  pickle,
  openvino,
  coreml,
  ggml,
  other,
};
std::string_view to_string(WeightFormat format);

// Formats whose usual loader runs code that the file names.
bool is_pickle_format(WeightFormat format);

enum class CountKind : std::uint8_t { exact, estimated, unknown };
std::string_view to_string(CountKind kind);

struct ParameterCount {
  CountKind kind = CountKind::unknown;
  std::uint64_t value = 0;  // parameters; meaningless when unknown
  std::uint64_t low = 0;    // bounds of what it can be, where known; equal to `value` when exact
  std::uint64_t high = 0;
  std::string reason;  // how it was made, or why it cannot be: one sentence
};

// Whether what a pickle would do could be read.
enum class PickleState : std::uint8_t {
  none,            // no pickle format
  read,            // see WeightFile::pickle
  not_assessable,  // only a pointer is here, or the archive cannot be read; `note` says which
};

enum class WeightRole : std::uint8_t { model, adapter, training_state };
std::string_view to_string(WeightRole role);

struct WeightFile {
  std::string path;
  WeightFormat format = WeightFormat::other;
  WeightRole role = WeightRole::model;
  std::uint64_t size = 0;     // bytes of the content
  std::string identity;       // LFS oid, or the blob id where the file is in git: equal means equal bytes
  bool from_pointer = false;  // only name and size are known
  bool by_magic = false;      // the first bytes were read and decided the format
  std::map<std::string, std::uint64_t> dtypes;                // elements by type, from the header
  std::vector<std::pair<std::string, std::string>> metadata;  // safetensors __metadata__, GGUF scalars
  ParameterCount parameters;
  PickleState pickle_state = PickleState::none;
  PickleReading pickle;
  std::string note;  // what could not be read, in words
};

// Files that hold one model together: the shards of one format and variant in one folder.
struct WeightSet {
  std::string folder;
  std::string stem;  // "model" of model-00001-of-00003.safetensors
  WeightFormat format = WeightFormat::other;
  WeightRole role = WeightRole::model;
  std::vector<std::size_t> files;    // indexes into WeightFacts::files
  std::size_t shards_expected = 0;   // by the names; 0 when not sharded
  std::vector<std::string> missing;  // shards that the names or the index promise and the tree lacks
  std::uint64_t size = 0;
  ParameterCount parameters;
};

struct WeightFacts {
  std::vector<WeightFile> files;                // sorted by path
  std::vector<WeightSet> sets;                  // in the order of their first files
  std::map<std::string, std::uint64_t> dtypes;  // elements by type, of the sets that were counted
  bool pickle_with_safe_twin = false;           // the same folder has safetensors as well
  ParameterCount parameters;                    // of the model: one format, one variant
  ParameterCount adapter_parameters;            // of the adapter
  bool is_pipeline = false;                     // parts in folders (model_index.json), counted together
};

struct WeightLimits {
  std::size_t files = 20'000;              // weight files that are looked at
  std::uint64_t blob_bytes = 256U << 20U;  // of a weight file in git that is read; git keeps it in one piece
  std::uint64_t all_blob_bytes = std::uint64_t{1} << 30U;  // of all of them
};

// The content of an LFS file, if it is at hand. The digest of the content is not checked; its size is.
using LfsContent = std::function<std::optional<ByteSource>(const LfsPointer& pointer)>;

WeightFacts read_weights(const Repository& repository, const Snapshot& snapshot,
                         const LfsContent& content = {}, const WeightLimits& limits = {});
WeightFacts read_weights(const BlobSource& blobs, const Snapshot& snapshot, const LfsContent& content = {},
                         const WeightLimits& limits = {});

// The file's format by its name, or no value when weights are not kept under such names.
std::optional<WeightFormat> weight_format_of(std::string_view path);

}  // namespace cardwarden
