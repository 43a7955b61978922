// SPDX-License-Identifier: Apache-2.0
#include "engine/repository_query.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "engine/gguf_query.h"

namespace cardwarden::around {
namespace {

// Ids from before owners were asked for, by their beginnings.
constexpr std::string_view kOldIds[] = {"gpt2",          "distilgpt2", "bert-base-",  "bert-large-",
                                        "roberta-",      "xlm-",       "distilbert-", "t5-",
                                        "distilroberta", "albert-",    "openai-gpt"};

// Endings of copies of the same weights.
constexpr std::string_view kCopyEndings[] = {
    "-bnb-4bit",  "-unsloth", "-4bit",           "-8bit", "-gptq", "-awq", "-gguf",
    "-fp8",       "-fp16",    "-bf16",           "-int4", "-int8", "-hf",  "-gptq-int4",
    "-gptq-int8", "-dynamic", "-quantized.w8a8", "-exl2", "-mlx"};

// What stands in names and what config.json calls it. A name that holds another stands before it.
struct Family {
  std::string_view in_names;
  std::string_view family;
};
constexpr Family kFamilies[] = {{"llama", "llama"},
                                {"vicuna", "llama"},
                                {"mixtral", "mixtral"},
                                {"mistral", "mistral"},
                                {"qwen", "qwen"},
                                {"gemma", "gemma"},
                                {"falcon", "falcon"},
                                {"bloom", "bloom"},
                                {"starcoder", "starcoder"},
                                {"whisper", "whisper"},
                                {"deberta", "deberta"},
                                {"roberta", "roberta"},
                                {"distilbert", "distilbert"},
                                {"albert", "albert"},
                                {"electra", "electra"},
                                {"gpt-neox", "gpt_neox"},
                                {"pythia", "gpt_neox"},
                                {"gpt-j", "gptj"},
                                {"gpt2", "gpt2"},
                                {"flan-t5", "t5"},
                                {"mt5", "mt5"},
                                {"wav2vec2", "wav2vec2"},
                                {"hubert", "hubert"},
                                {"mamba", "mamba"},
                                {"phi-", "phi"},
                                {"opt-", "opt"},
                                {"mpt-", "mpt"},
                                {"bert-", "bert"}};

std::string_view after_slash(std::string_view id) {
  const std::size_t slash = id.rfind('/');
  return slash == std::string_view::npos ? id : id.substr(slash + 1);
}

std::string bare_name(std::string_view id) {
  std::string name = text::lower_ascii(after_slash(text::trim(id)));
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view end : kCopyEndings) {
      if (name.size() <= end.size() || name.compare(name.size() - end.size(), end.size(), end) != 0) continue;
      name.resize(name.size() - end.size());
      again = true;
    }
  }
  // Meta's own names were shortened when the organisation moved.
  if (name.rfind("meta-llama-", 0) == 0) name.erase(0, 5);
  return name;
}

}  // namespace

const ModelConfig* root_config(const RepositoryFacts& facts) {
  for (const ModelConfig& config : facts.snapshot->configs) {
    if (config.path == "config.json") return &config;
  }
  return nullptr;
}

bool is_hub_id(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) {
    const std::string id = text::lower_ascii(text);
    return std::any_of(std::begin(kOldIds), std::end(kOldIds),
                       [&id](std::string_view old) { return id.rfind(old, 0) == 0; });
  }
  const std::string_view owner = text.substr(0, slash);
  const std::string_view name = text.substr(slash + 1);
  static constexpr std::string_view kFolders[] = {
      "models",  "model",     "output", "outputs", "checkpoints", "results", "data", "tmp",     "home",
      "content", "workspace", "mnt",    "runs",    "saved",       "ckpt",    "out",  "weights", "finetuned"};
  if (owner.empty() || name.empty() || owner.front() == '.' || name.front() == '.') return false;
  if (std::find(std::begin(kFolders), std::end(kFolders), text::lower_ascii(owner)) != std::end(kFolders))
    return false;
  if (name.rfind("checkpoint-", 0) == 0) return false;
  return std::all_of(owner.begin(), owner.end(), allowed) && std::all_of(name.begin(), name.end(), allowed);
}

std::optional<NamedBase> base_in_files(const RepositoryFacts& facts) {
  for (const AdapterConfig& adapter : facts.snapshot->adapter_configs) {
    if (adapter.base_model && is_hub_id(adapter.base_model->value))
      return NamedBase{adapter.base_model->value, quote(adapter.path, *adapter.base_model), true};
  }
  const ModelConfig* config = root_config(facts);
  if (config != nullptr && config->name_or_path && is_hub_id(config->name_or_path->value))
    return NamedBase{config->name_or_path->value, quote(config->path, *config->name_or_path), false};
  const auto in_headers = bases_in_headers(facts);
  if (in_headers.empty()) return std::nullopt;
  return in_headers.front();
}

bool same_model(std::string_view a, std::string_view b) { return bare_name(a) == bare_name(b); }

std::vector<const yaml::Node*> declared_bases(const Card& card) {
  std::vector<const yaml::Node*> out;
  for (const yaml::Node* node : fields(card, "base_model[]")) {
    if (node->is_scalar() && !text::trim(node->text).empty()) out.push_back(node);
  }
  return out;
}

std::vector<std::string_view> families_in(std::string_view text) {
  const std::string name = text::lower_ascii(text);
  std::vector<std::string_view> out;
  for (const Family& one : kFamilies) {
    // "roberta" holds "bert-" only where a hyphen follows; a letter before a short name makes another word.
    const std::size_t at = name.find(one.in_names);
    if (at == std::string::npos) continue;
    const bool letter_before = at > 0 && name[at - 1] >= 'a' && name[at - 1] <= 'z';
    if (letter_before && one.in_names.back() == '-') continue;
    if (std::find(out.begin(), out.end(), one.family) == out.end()) out.push_back(one.family);
  }
  return out;
}

std::optional<std::string_view> family_of_type(std::string_view model_type) {
  const std::string type = text::lower_ascii(model_type);
  static constexpr Family kTypes[] = {{"llama", "llama"},
                                      {"mllama", "llama"},
                                      {"llama4", "llama"},
                                      {"mixtral", "mixtral"},
                                      {"mistral", "mistral"},
                                      {"ministral", "mistral"},
                                      {"mistral3", "mistral"},
                                      {"falcon", "falcon"},
                                      {"bloom", "bloom"},
                                      {"starcoder2", "starcoder"},
                                      {"gpt_bigcode", "starcoder"},
                                      {"whisper", "whisper"},
                                      {"deberta", "deberta"},
                                      {"deberta-v2", "deberta"},
                                      {"roberta", "roberta"},
                                      {"xlm-roberta", "roberta"},
                                      {"camembert", "roberta"},
                                      {"distilbert", "distilbert"},
                                      {"albert", "albert"},
                                      {"electra", "electra"},
                                      {"gpt_neox", "gpt_neox"},
                                      {"gptj", "gptj"},
                                      {"gpt2", "gpt2"},
                                      {"t5", "t5"},
                                      {"mt5", "mt5"},
                                      {"wav2vec2", "wav2vec2"},
                                      {"hubert", "hubert"},
                                      {"mamba", "mamba"},
                                      {"mamba2", "mamba"},
                                      {"opt", "opt"},
                                      {"mpt", "mpt"},
                                      {"bert", "bert"}};
  for (const Family& one : kTypes) {
    if (one.in_names == type) return one.family;
  }
  for (const std::string_view start : {"qwen", "gemma", "phi"}) {
    if (type.rfind(start, 0) == 0) return start;
  }
  return std::nullopt;
}

namespace {

bool has_safetensors(const WeightFacts& weights, const WeightSet& set) {
  return std::any_of(weights.sets.begin(), weights.sets.end(), [&set](const WeightSet& one) {
    return one.format == WeightFormat::safetensors && one.role == set.role && one.folder == set.folder;
  });
}

// An array file runs code only where it holds objects, which are a pickle inside it.
bool is_plain_array(const WeightFacts& weights, const WeightSet& set) {
  if (set.format != WeightFormat::numpy) return false;
  return std::all_of(set.files.begin(), set.files.end(),
                     [&](std::size_t at) { return weights.files[at].pickle.globals.empty(); });
}

}  // namespace

std::vector<const WeightFile*> files_that_run_code(const WeightFacts& weights, bool with_safetensors) {
  std::vector<const WeightFile*> out;
  for (const WeightSet& set : weights.sets) {
    if (out.size() >= kMaxPickleSets) break;
    if (!is_pickle_format(set.format) || set.role == WeightRole::training_state) continue;
    if (is_plain_array(weights, set) || has_safetensors(weights, set) != with_safetensors) continue;
    out.push_back(&weights.files[set.files.front()]);
  }
  return out;
}

FileQuote quote_format(const WeightFile& file) {
  const char* const known = file.by_magic ? ", by its first bytes" : ", by its name";
  return {file.path, 0, "format " + std::string(to_string(file.format)) + known};
}

Evidence evidence_of(const yaml::Node& node) { return {node.span, node.span}; }

}  // namespace cardwarden::around
