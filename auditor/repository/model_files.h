// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the small files beside the weights say, as plain values with the line each stands on and the words to
// quote. Reading never judges: a key that is absent stays absent (writers leave defaults out), a value of
// another type than expected counts as absent. A text that is no JSON or YAML is an Error with its place.
// Pure functions over text; sizes are bounded by the caller (SnapshotLimits).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace cardwarden {

// A value and where its file says it.
template <typename T>
struct Fact {
  T value{};
  std::uint32_t line = 0;  // 1-based
  std::string quote;       // the source, such as `"model_type": "llama"`, at most kMaxQuoteChars
};
using TextFact = Fact<std::string>;
using CountFact = Fact<std::int64_t>;

constexpr std::size_t kMaxQuoteChars = 160;
constexpr std::size_t kMaxListedFacts = 1000;  // labels, results, classes of remote code; the rest is counted

struct Quantization {
  TextFact method;                 // "gptq", "awq", "bitsandbytes", "fp8", …
  std::optional<CountFact> bits;   // per weight, where it says so
  std::optional<TextFact> format;  // "nf4", "pack-quantized", …
};

struct ModelConfig {  // config.json, of the root or of a part of a pipeline
  std::string path;
  std::vector<TextFact> architectures;
  std::optional<TextFact> model_type;
  std::optional<TextFact> transformers_version;
  std::optional<TextFact> dtype;         // "dtype" or "torch_dtype"
  std::optional<TextFact> name_or_path;  // "_name_or_path"
  std::optional<CountFact> vocab_size;
  std::optional<CountFact> hidden_size;
  std::optional<CountFact> layers;
  std::optional<CountFact> max_positions;
  std::optional<CountFact> experts;            // of a mixture, per layer
  std::optional<CountFact> experts_per_token;  // active ones
  std::optional<Fact<bool>> tied_embeddings;
  std::optional<TextFact> rope_scaling;  // its type
  std::optional<Quantization> quantization;
  std::vector<TextFact> labels;       // of id2label, in order
  std::vector<TextFact> remote_code;  // of auto_map: "modeling_x.Model"
};

struct AdapterConfig {  // adapter_config.json
  std::string path;
  std::optional<TextFact> peft_type;
  std::optional<TextFact> base_model;
  std::optional<TextFact> revision;
  std::optional<TextFact> task_type;
  std::optional<CountFact> rank;
};

struct TokenizerConfig {  // tokenizer_config.json
  std::string path;
  std::optional<TextFact> tokenizer_class;
  std::optional<Fact<double>> max_length;  // may be 1e30: no bound
  std::optional<TextFact> name_or_path;
  std::optional<Fact<bool>> chat_template;  // that there is one
  std::vector<TextFact> remote_code;
};

struct FlatSetting {  // a scalar of a flat file
  std::string name;
  TextFact fact;
};

struct GenerationConfig {  // generation_config.json
  std::string path;
  std::vector<FlatSetting> settings;
};

struct ShardIndex {  // *.safetensors.index.json, pytorch_model.bin.index.json
  std::string path;
  std::optional<CountFact> total_size;        // bytes of all tensors
  std::optional<CountFact> total_parameters;  // newer writers only
  std::vector<std::string> shards;            // file names, sorted, each once
  std::size_t tensors = 0;
  std::vector<std::string> unsafe_shards;  // names that leave the folder; never opened
};

struct NamedNumber {  // of all_results.json, eval_results.json, train_results.json, trainer_state.json
  std::string path;
  std::string name;  // "eval_accuracy"; of trainer_state also "log_history[12].eval_loss"
  Fact<double> fact;
};

struct EvalResult {  // an item of .eval_results/*.yaml
  std::string path;
  std::optional<TextFact> dataset;
  std::optional<TextFact> task;
  std::optional<TextFact> revision;
  std::optional<TextFact> value;  // as written
  std::optional<TextFact> date;
  std::optional<TextFact> source_url;
  bool has_token = false;  // a verifyToken stands there; offline it proves nothing
};

struct Citation {  // CITATION.cff
  std::string path;
  std::optional<TextFact> title;
  std::optional<TextFact> version;
  std::optional<TextFact> license;
  std::optional<TextFact> doi;
  std::optional<TextFact> released;
  std::vector<TextFact> authors;
};

Result<ModelConfig> read_model_config(std::string_view text, std::string_view path);
Result<AdapterConfig> read_adapter_config(std::string_view text, std::string_view path);
Result<TokenizerConfig> read_tokenizer_config(std::string_view text, std::string_view path);
Result<GenerationConfig> read_generation_config(std::string_view text, std::string_view path);
Result<ShardIndex> read_shard_index(std::string_view text, std::string_view path);
Result<std::vector<NamedNumber>> read_results(std::string_view text, std::string_view path);
Result<std::vector<EvalResult>> read_eval_results(std::string_view text, std::string_view path);
Result<Citation> read_citation(std::string_view text, std::string_view path);

}  // namespace cardwarden
