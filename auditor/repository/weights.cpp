// SPDX-License-Identifier: Apache-2.0
#include "repository/weights.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "base/text.h"
#include "repository/weight_file.h"

namespace cardwarden {
namespace {

std::string_view folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string_view name_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string joined(std::string_view folder, std::string_view name) {
  return folder.empty() ? std::string(name) : std::string(folder) + "/" + std::string(name);
}

// The configuration that speaks of the files of a folder: its own, or the root's where the folder has none.
const ModelConfig* config_for(const Snapshot& snapshot, std::string_view folder) {
  const ModelConfig* root = nullptr;
  for (const ModelConfig& config : snapshot.configs) {
    if (folder_of(config.path) == folder) return &config;
    if (config.path == "config.json") root = &config;
  }
  return root;
}

CountOptions options_for(const ModelConfig* config) {
  CountOptions out;
  if (config == nullptr || !config->quantization) return out;
  out.quantized = true;
  if (config->quantization->bits) out.packed_bits = config->quantization->bits->value;
  // One byte a weight, whatever else the configuration says.
  if (!out.packed_bits && config->quantization->method.value.find("fp8") != std::string::npos)
    out.packed_bits = 8;
  if (!out.packed_bits && config->quantization->method.value == "mxfp4") out.packed_bits = 4;
  return out;
}

class Reader {
 public:
  Reader(const BlobSource& blobs, const Snapshot& snapshot, const LfsContent& content,
         const WeightLimits& limits)
      : blobs_(blobs), snapshot_(snapshot), content_(content), limits_(limits) {}

  std::vector<WeightFile> read() {
    for (const SnapshotFile& file : snapshot_.files) {
      const auto format = file.is_regular() ? weight_format_of(file.path) : std::nullopt;
      if (!format) continue;
      if (out_.size() >= limits_.files) break;
      out_.push_back(read_one(file, *format));
    }
    return std::move(out_);
  }

 private:
  WeightFile read_one(const SnapshotFile& file, WeightFormat format) {
    WeightFile out;
    out.path = file.path;
    out.format = format;
    out.role = weight_role_of(file.name());
    out.size = file.content_size();
    out.identity = file.lfs ? file.lfs->oid : file.blob.hex();
    const CountOptions options = options_for(config_for(snapshot_, file.folder()));
    if (file.missing) {
      out.note = "The content is not in the repository.";
    } else if (file.lfs) {
      const auto content = content_ ? content_(*file.lfs) : std::nullopt;
      out.from_pointer = !content.has_value();
      if (content) read_weight_content(*content, options, out);
    } else {
      read_blob(file, options, out);
    }
    if (is_pickle_format(out.format) && out.pickle_state == PickleState::none) {
      out.pickle_state = PickleState::not_assessable;
      if (out.note.empty())
        out.note = "Only the LFS pointer is here; what the pickle holds cannot be told from it.";
    }
    return out;
  }

  void read_blob(const SnapshotFile& file, const CountOptions& options, WeightFile& out) {
    if (file.size > limits_.blob_bytes || all_bytes_ + file.size > limits_.all_blob_bytes) {
      out.note = "The file has " + std::to_string(file.size) +
                 " bytes in git and is not read (WeightLimits::blob_bytes, WeightLimits::all_blob_bytes).";
      return;
    }
    all_bytes_ += file.size;
    const auto bytes = blobs_.read(file.blob, limits_.blob_bytes);
    if (!bytes) {
      out.note = bytes.error().text();
      return;
    }
    read_weight_content(source_of(*bytes), options, out);
  }

  const BlobSource& blobs_;
  const Snapshot& snapshot_;
  const LfsContent& content_;
  const WeightLimits& limits_;
  std::vector<WeightFile> out_;
  std::uint64_t all_bytes_ = 0;
};

std::vector<WeightSet> make_sets(const std::vector<WeightFile>& files) {
  std::vector<WeightSet> out;
  std::map<std::tuple<std::string, WeightFormat, WeightRole, std::string>, std::size_t> known;
  std::map<std::size_t, std::set<std::size_t>> numbers;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const WeightFile& file = files[i];
    const ShardName shard = shard_name_of(name_of(file.path));
    const std::string folder(folder_of(file.path));
    const auto [at, is_new] = known.try_emplace({folder, file.format, file.role, shard.stem}, out.size());
    if (is_new) out.push_back({folder, shard.stem, file.format, file.role, {}, 0, {}, 0, {}});
    WeightSet& set = out[at->second];
    set.files.push_back(i);
    set.size += file.size;
    set.shards_expected = std::max(set.shards_expected, shard.of);
    if (shard.of > 0) numbers[at->second].insert(shard.number);
  }
  for (const auto& [index, present] : numbers) {
    WeightSet& set = out[index];
    // A name may promise a million shards: as many as are missing are counted, few are listed.
    constexpr std::size_t kMaxListed = 100;
    for (std::size_t number = 1; number <= set.shards_expected && set.missing.size() < kMaxListed; ++number) {
      if (present.count(number) == 0) {
        set.missing.push_back("shard " + std::to_string(number) + " of " +
                              std::to_string(set.shards_expected));
      }
    }
  }
  return out;
}

const ShardIndex* index_of(const Snapshot& snapshot, const WeightSet& set) {
  const std::string end =
      set.format == WeightFormat::safetensors ? ".safetensors.index.json" : ".bin.index.json";
  for (const ShardIndex& index : snapshot.shard_indexes) {
    if (index.path == joined(set.folder, set.stem + end)) return &index;
  }
  return nullptr;
}

ParameterCount estimate_set(const Snapshot& snapshot, const std::vector<WeightFile>& files,
                            const WeightSet& set, const ShardIndex* index) {
  const ModelConfig* config = config_for(snapshot, set.folder);
  CountOptions options = options_for(config);
  std::string dtype = config != nullptr && config->dtype ? config->dtype->value : "";
  if (set.format == WeightFormat::gguf) {
    dtype = gguf_variant(name_of(files[set.files[0]].path));
    options = {};
  }
  // Diffusers keeps other precisions beside the first, under names of their own.
  if (set.stem.size() > 5 && set.stem.compare(set.stem.size() - 5, 5, ".fp16") == 0) dtype = "float16";
  if (index != nullptr && index->total_parameters && index->total_parameters->value > 0) {
    const auto value = static_cast<std::uint64_t>(index->total_parameters->value);
    return {CountKind::estimated, value, value, value, "As " + index->path + " declares (total_parameters)."};
  }
  if (index != nullptr && index->total_size && index->total_size->value > 0) {
    return estimate_parameters(static_cast<std::uint64_t>(index->total_size->value), dtype, options,
                               "the size of all tensors in " + index->path);
  }
  return estimate_parameters(set.size, dtype, options,
                             set.files.size() == 1 ? "the size of the file" : "the sizes of the shards");
}

void count_set(const Snapshot& snapshot, const std::vector<WeightFile>& files, WeightSet& set) {
  const ShardIndex* index = index_of(snapshot, set);
  if (index != nullptr) {
    set.missing.clear();  // the index knows their names
    for (const std::string& shard : index->shards) {
      if (snapshot.find(joined(set.folder, shard)) == nullptr) set.missing.push_back(shard);
    }
  }
  std::vector<ParameterCount> counts;
  counts.reserve(set.files.size());
  for (const std::size_t at : set.files) counts.push_back(files[at].parameters);
  const bool all_exact = std::all_of(counts.begin(), counts.end(),
                                     [](const ParameterCount& one) { return one.kind == CountKind::exact; });
  if (all_exact && set.missing.empty()) {
    set.parameters = add_counts(counts, "shards");
  } else if (const auto broken = std::find_if(set.files.begin(), set.files.end(),
                                              [&](std::size_t at) {
                                                return !files[at].parameters.reason.empty() &&
                                                       files[at].parameters.kind == CountKind::unknown;
                                              });
             broken != set.files.end()) {
    set.parameters = files[*broken].parameters;
  } else if (!set.missing.empty() && index == nullptr) {
    set.parameters.reason = std::to_string(set.missing.size()) + " of the shards are missing.";
  } else {
    set.parameters = estimate_set(snapshot, files, set, index);
  }
}

// Which of several sets of one folder stands for the model: the same weights are often kept in several
// formats.
int rank_of(const WeightSet& set) {
  int rank = 0;
  if (set.parameters.kind == CountKind::exact) rank += 100;
  if (set.parameters.kind == CountKind::estimated) rank += 50;
  if (set.format == WeightFormat::safetensors) rank += 20;
  if (set.format == WeightFormat::torch_pickle) rank += 10;
  for (const char* stem : {"model", "pytorch_model", "diffusion_pytorch_model"}) {
    if (set.stem == stem) rank += 8;
  }
  if (set.stem == "consolidated") rank += 4;
  if (set.stem.find('.') == std::string::npos) rank += 1;
  return rank;
}

const WeightSet* best_of(const std::vector<WeightSet>& sets, WeightRole role, std::string_view folder) {
  const WeightSet* best = nullptr;
  for (const WeightSet& set : sets) {
    if (set.role != role || set.folder != folder) continue;
    const bool better = best == nullptr || rank_of(set) > rank_of(*best) ||
                        (rank_of(set) == rank_of(*best) && set.parameters.value > best->parameters.value);
    if (better) best = &set;
  }
  return best;
}

// The folders that together are the model, and how that was decided.
std::vector<const WeightSet*> choose(const Snapshot& snapshot, WeightFacts& facts, WeightRole role) {
  std::set<std::string> folders;
  for (const WeightSet& set : facts.sets) {
    if (set.role == role) folders.insert(set.folder);
  }
  if (role == WeightRole::model && snapshot.find("model_index.json") != nullptr) {
    facts.is_pipeline = true;
    std::vector<const WeightSet*> parts;
    for (const std::string& folder : folders) {
      // Files at the root of a pipeline are the whole of it once more, in one file.
      if (!folder.empty() && folder.find('/') == std::string::npos)
        parts.push_back(best_of(facts.sets, role, folder));
    }
    if (!parts.empty()) return parts;
  }
  if (folders.count("") != 0) return {best_of(facts.sets, role, "")};
  if (folders.size() == 1) return {best_of(facts.sets, role, *folders.begin())};
  return {};
}

ParameterCount count_chosen(const std::vector<const WeightSet*>& chosen, const WeightFacts& facts,
                            WeightRole role) {
  std::vector<ParameterCount> counts;
  counts.reserve(chosen.size());
  for (const WeightSet* set : chosen) counts.push_back(set->parameters);
  if (!counts.empty()) return add_counts(counts, "parts of the pipeline");
  ParameterCount out;
  const bool any = std::any_of(facts.sets.begin(), facts.sets.end(),
                               [role](const WeightSet& set) { return set.role == role; });
  out.reason =
      any ? "Weights stand in several folders and none at the root; which of them is the model is not said."
          : "The repository has no such weights.";
  return out;
}

// What a reader must know beside the number.
void explain(const Snapshot& snapshot, const std::vector<const WeightSet*>& chosen, WeightFacts& facts) {
  if (facts.parameters.kind == CountKind::unknown || chosen.empty()) return;
  const ModelConfig* config = config_for(snapshot, chosen[0]->folder);
  std::string& reason = facts.parameters.reason;
  if (config != nullptr && config->tied_embeddings && config->tied_embeddings->value) {
    reason += " Input and output embeddings are tied and stored once.";
  }
  if (config != nullptr && config->experts && config->experts->value > 1) {
    reason += " All " + std::to_string(config->experts->value) +
              " experts of the mixture are counted; fewer are active for one token.";
  }
  std::size_t others = 0;
  for (const WeightSet& set : facts.sets) {
    const bool is_chosen =
        std::any_of(chosen.begin(), chosen.end(), [&set](const WeightSet* one) { return one == &set; });
    if (set.role == WeightRole::model && !is_chosen) ++others;
  }
  if (others > 0) {
    reason += " The repository has " + text::plural(others, "other set", "other sets") +
              " of weights (formats, variants or checkpoints) that are not added.";
  }
}

}  // namespace

std::string_view to_string(WeightFormat format) {
  static constexpr std::string_view kNames[] = {
      "safetensors", "torch-pickle", "gguf",   "onnx",     "tensorflow", "flax", "keras",
      "tflite",      "numpy",        "pickle", "openvino", "coreml",     "ggml", "other"};
  return kNames[static_cast<std::size_t>(format)];
}

std::string_view to_string(CountKind kind) {
  static constexpr std::string_view kNames[] = {"exact", "estimated", "unknown"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view to_string(WeightRole role) {
  static constexpr std::string_view kNames[] = {"model", "adapter", "training-state"};
  return kNames[static_cast<std::size_t>(role)];
}

bool is_pickle_format(WeightFormat format) {
  return format == WeightFormat::torch_pickle || format == WeightFormat::pickle ||
         format == WeightFormat::numpy;
}

WeightFacts read_weights(const Repository& repository, const Snapshot& snapshot, const LfsContent& content,
                         const WeightLimits& limits) {
  return read_weights(blobs_of(repository), snapshot, content, limits);
}

WeightFacts read_weights(const BlobSource& blobs, const Snapshot& snapshot, const LfsContent& content,
                         const WeightLimits& limits) {
  WeightFacts out;
  out.files = Reader(blobs, snapshot, content, limits).read();
  out.sets = make_sets(out.files);
  for (WeightSet& set : out.sets) {
    if (set.role != WeightRole::training_state) count_set(snapshot, out.files, set);
  }
  const auto chosen = choose(snapshot, out, WeightRole::model);
  out.parameters = count_chosen(chosen, out, WeightRole::model);
  explain(snapshot, chosen, out);
  const auto adapters = choose(snapshot, out, WeightRole::adapter);
  out.adapter_parameters = count_chosen(adapters, out, WeightRole::adapter);
  for (const WeightSet* set : chosen.empty() ? adapters : chosen) {
    for (const std::size_t at : set->files) {
      for (const auto& [dtype, elements] : out.files[at].dtypes) out.dtypes[dtype] += elements;
    }
  }
  for (const WeightSet& set : out.sets) {
    if (!is_pickle_format(set.format) || set.role == WeightRole::training_state) continue;
    out.pickle_with_safe_twin = out.pickle_with_safe_twin ||
                                std::any_of(out.sets.begin(), out.sets.end(), [&set](const WeightSet& one) {
                                  return one.folder == set.folder && one.format == WeightFormat::safetensors;
                                });
  }
  return out;
}

}  // namespace cardwarden
