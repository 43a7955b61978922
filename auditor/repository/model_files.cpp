// SPDX-License-Identifier: Apache-2.0
#include "repository/model_files.h"

#include <algorithm>

#include "base/json_reader.h"
#include "base/span.h"
#include "base/text.h"

namespace cardwarden {
namespace {

// A JSON text and its tree.
struct JsonText {
  std::string_view text;
  LineIndex lines;
  JsonNode root;

  template <typename T>
  Fact<T> fact(T value, Span span) const {
    return {std::move(value), lines.line_of(span.begin), text::excerpt(span.of(text), kMaxQuoteChars)};
  }
  static Span whole(const JsonMember& member) { return {member.key_span.begin, member.value.span.end}; }
};

Result<JsonText> read(std::string_view text, std::string_view path) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  JsonLimits limits;
  limits.python_numbers = true;
  auto root = read_json(text, limits);
  if (!root) {
    Error error = root.error();
    error.where = std::string(path) + ":" + error.where;
    return error;
  }
  if (!root->is_object()) {
    return Error(ErrorCode::format, "Expected a JSON object.", std::string(path) + ":1:1");
  }
  return JsonText{text, LineIndex(text), std::move(*root)};
}

std::optional<TextFact> text_of(const JsonText& json, const JsonNode& object, std::string_view key) {
  const JsonMember* member = object.find_member(key);
  if (member == nullptr || !member->value.is_string() || member->value.text.empty()) return std::nullopt;
  return json.fact(member->value.text, JsonText::whole(*member));
}

std::optional<CountFact> count_of(const JsonText& json, const JsonNode& object, std::string_view key) {
  const JsonMember* member = object.find_member(key);
  const auto value = member == nullptr ? std::nullopt : member->value.integer();
  if (!value) return std::nullopt;
  return json.fact(*value, JsonText::whole(*member));
}

std::optional<Fact<bool>> flag_of(const JsonText& json, const JsonNode& object, std::string_view key) {
  const JsonMember* member = object.find_member(key);
  const auto value = member == nullptr ? std::nullopt : member->value.boolean();
  if (!value) return std::nullopt;
  return json.fact(*value, JsonText::whole(*member));
}

// The first of the keys that is there.
template <typename F>
auto first_of(F&& find, std::initializer_list<std::string_view> keys) -> decltype(find(std::string_view())) {
  for (const std::string_view key : keys) {
    if (auto found = find(key)) return found;
  }
  return std::nullopt;
}

std::vector<TextFact> remote_code_of(const JsonText& json) {
  std::vector<TextFact> out;
  const JsonNode* map = json.root.find("auto_map");
  if (map == nullptr) return out;
  for (const JsonMember& member : map->members) {
    const auto add = [&](const JsonNode& value) {
      if (value.is_string() && out.size() < kMaxListedFacts) {
        out.push_back(json.fact(value.text, JsonText::whole(member)));
      }
    };
    add(member.value);
    for (const JsonNode& item : member.value.items) add(item);  // a tokenizer names a slow and a fast class
  }
  return out;
}

std::optional<Quantization> quantization_of(const JsonText& json) {
  const JsonMember* member = json.root.find_member("quantization_config");
  if (member == nullptr) member = json.root.find_member("quantization");  // MLX
  if (member == nullptr || !member->value.is_object()) return std::nullopt;
  const JsonNode& object = member->value;
  const auto text = [&](std::string_view key) { return text_of(json, object, key); };
  Quantization out;
  if (auto method = first_of(text, {"quant_method", "quant_algo", "quantization_method"})) {
    out.method = std::move(*method);
  } else {
    out.method = json.fact(std::string("unknown"), JsonText::whole(*member));
  }
  out.bits = first_of([&](std::string_view key) { return count_of(json, object, key); },
                      {"bits", "w_bit", "num_bits", "nbits"});
  out.format = first_of(text, {"bnb_4bit_quant_type", "format", "fmt", "quant_type"});
  if (out.bits) return out;
  for (const auto& [key, bits] : {std::pair("load_in_4bit", 4), std::pair("load_in_8bit", 8),
                                  std::pair("_load_in_4bit", 4), std::pair("_load_in_8bit", 8)}) {
    const auto flag = flag_of(json, object, key);
    if (flag && flag->value) out.bits = CountFact{bits, flag->line, flag->quote};
  }
  if (out.bits) return out;
  // compressed-tensors says it for each group of layers; the first group is as good as any.
  const JsonNode* groups = object.find("config_groups");
  if (groups == nullptr || groups->members.empty()) return out;
  const JsonNode* weights = groups->members[0].value.find("weights");
  if (weights != nullptr) out.bits = count_of(json, *weights, "num_bits");
  return out;
}

// Text models inside models of several media keep their sizes one level down.
const JsonNode* text_part(const JsonNode& root) {
  for (const char* key : {"text_config", "llm_config", "language_config", "thinker_config"}) {
    const JsonNode* part = root.find(key);
    if (part != nullptr && part->is_object()) return part;
  }
  return nullptr;
}

std::string file_name_problem(std::string_view name) {
  if (name.empty() || name.front() == '/' || name.find('\\') != std::string_view::npos) return "not relative";
  for (const std::string_view part : text::split(name, '/')) {
    if (part == "..") return "leaves the folder";
  }
  return {};
}

}  // namespace

Result<ModelConfig> read_model_config(std::string_view text, std::string_view path) {
  const auto read_text = read(text, path);
  if (!read_text) return read_text.error();
  const JsonText& json = *read_text;
  const JsonNode* inner = text_part(json.root);
  const auto text_fact = [&](std::string_view key) {
    auto found = text_of(json, json.root, key);
    return found || inner == nullptr ? found : text_of(json, *inner, key);
  };
  const auto count = [&](std::string_view key) {
    auto found = count_of(json, json.root, key);
    return found || inner == nullptr ? found : count_of(json, *inner, key);
  };
  ModelConfig out;
  out.path = std::string(path);
  if (const JsonNode* list = json.root.find("architectures")) {
    for (const JsonNode& item : list->items) {
      if (item.is_string() && out.architectures.size() < kMaxListedFacts) {
        out.architectures.push_back(json.fact(item.text, item.span));
      }
    }
  }
  out.model_type = text_of(json, json.root, "model_type");
  out.transformers_version = text_fact("transformers_version");
  out.dtype = first_of(text_fact, {"dtype", "torch_dtype"});
  out.name_or_path = text_of(json, json.root, "_name_or_path");
  out.vocab_size = count("vocab_size");
  out.hidden_size = first_of(count, {"hidden_size", "d_model", "n_embd"});
  out.layers = first_of(count, {"num_hidden_layers", "n_layer", "num_layers"});
  out.max_positions =
      first_of(count, {"max_position_embeddings", "n_positions", "max_sequence_length", "seq_length"});
  out.experts = first_of(count, {"num_local_experts", "num_experts", "n_routed_experts", "moe_num_experts"});
  out.experts_per_token =
      first_of(count, {"num_experts_per_tok", "num_experts_per_token", "moe_top_k", "moe_topk"});
  out.tied_embeddings = flag_of(json, json.root, "tie_word_embeddings");
  for (const char* key : {"rope_scaling", "rope_parameters"}) {
    const JsonNode* rope = json.root.find(key);
    if (rope == nullptr && inner != nullptr) rope = inner->find(key);
    if (rope == nullptr || !rope->is_object() || out.rope_scaling) continue;
    out.rope_scaling =
        first_of([&](std::string_view name) { return text_of(json, *rope, name); }, {"rope_type", "type"});
  }
  out.quantization = quantization_of(json);
  if (const JsonNode* labels = json.root.find("id2label")) {
    for (const JsonMember& member : labels->members) {
      if (member.value.is_string() && out.labels.size() < kMaxListedFacts) {
        out.labels.push_back(json.fact(member.value.text, JsonText::whole(member)));
      }
    }
  }
  out.remote_code = remote_code_of(json);
  return out;
}

Result<AdapterConfig> read_adapter_config(std::string_view text, std::string_view path) {
  const auto json = read(text, path);
  if (!json) return json.error();
  AdapterConfig out;
  out.path = std::string(path);
  out.peft_type = text_of(*json, json->root, "peft_type");
  out.base_model = text_of(*json, json->root, "base_model_name_or_path");
  out.revision = text_of(*json, json->root, "revision");
  out.task_type = text_of(*json, json->root, "task_type");
  out.rank = count_of(*json, json->root, "r");
  return out;
}

Result<TokenizerConfig> read_tokenizer_config(std::string_view text, std::string_view path) {
  const auto json = read(text, path);
  if (!json) return json.error();
  TokenizerConfig out;
  out.path = std::string(path);
  out.tokenizer_class = text_of(*json, json->root, "tokenizer_class");
  out.name_or_path = text_of(*json, json->root, "name_or_path");
  const JsonMember* length = json->root.find_member("model_max_length");
  const auto number = length == nullptr ? std::nullopt : length->value.number();
  if (number) out.max_length = json->fact(*number, JsonText::whole(*length));
  const JsonMember* chat = json->root.find_member("chat_template");
  if (chat != nullptr && chat->value.type != JsonType::null) {
    out.chat_template = json->fact(true, JsonText::whole(*chat));
  }
  out.remote_code = remote_code_of(*json);
  return out;
}

Result<GenerationConfig> read_generation_config(std::string_view text, std::string_view path) {
  const auto json = read(text, path);
  if (!json) return json.error();
  GenerationConfig out;
  out.path = std::string(path);
  for (const JsonMember& member : json->root.members) {
    const bool scalar = member.value.type == JsonType::boolean || member.value.type == JsonType::number ||
                        member.value.is_string();
    if (!scalar || out.settings.size() >= kMaxListedFacts) continue;
    out.settings.push_back({member.key, json->fact(member.value.text, JsonText::whole(member))});
  }
  return out;
}

Result<ShardIndex> read_shard_index(std::string_view text, std::string_view path) {
  const auto json = read(text, path);
  if (!json) return json.error();
  ShardIndex out;
  out.path = std::string(path);
  if (const JsonNode* metadata = json->root.find("metadata")) {
    out.total_size = count_of(*json, *metadata, "total_size");
    out.total_parameters = count_of(*json, *metadata, "total_parameters");
  }
  const JsonNode* map = json->root.find("weight_map");
  if (map == nullptr || !map->is_object()) {
    return Error(ErrorCode::format, "Expected an object under \"weight_map\".", std::string(path));
  }
  out.tensors = map->members.size();
  std::vector<std::string_view> names;
  names.reserve(out.tensors);
  for (const JsonMember& member : map->members) {
    if (member.value.is_string()) names.push_back(member.value.text);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  for (const std::string_view name : names) {
    (file_name_problem(name).empty() ? out.shards : out.unsafe_shards).emplace_back(name);
  }
  return out;
}

Result<std::vector<NamedNumber>> read_results(std::string_view text, std::string_view path) {
  const auto json = read(text, path);
  if (!json) return json.error();
  std::vector<NamedNumber> out;
  const auto add = [&](const JsonNode& object, const std::string& prefix) {
    for (const JsonMember& member : object.members) {
      const auto number = member.value.number();
      if (!number || out.size() >= kMaxListedFacts) continue;
      out.push_back({std::string(path), prefix + member.key, json->fact(*number, JsonText::whole(member))});
    }
  };
  add(json->root, "");
  const JsonNode* log = json->root.find("log_history");
  if (log == nullptr) return out;
  for (std::size_t i = 0; i < log->items.size(); ++i) {
    // Of each step only evaluations; the losses of thousands of steps are no results.
    const JsonNode& step = log->items[i];
    const bool evaluation =
        std::any_of(step.members.begin(), step.members.end(),
                    [](const JsonMember& member) { return member.key.compare(0, 5, "eval_") == 0; });
    if (evaluation) add(step, "log_history[" + std::to_string(i) + "].");
  }
  return out;
}

}  // namespace cardwarden
