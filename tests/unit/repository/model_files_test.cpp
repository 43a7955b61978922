// SPDX-License-Identifier: Apache-2.0
#include "repository/model_files.h"

#include <catch2/catch.hpp>

using namespace cardwarden;

TEST_CASE("model files: a configuration gives its facts with lines and words") {
  const auto config = read_model_config(R"({
  "_name_or_path": "org/base",
  "architectures": ["LlamaForCausalLM"],
  "auto_map": {"AutoModel": "modeling_x.X"},
  "id2label": {"0": "bad", "1": "good"},
  "max_position_embeddings": 8192,
  "model_type": "llama",
  "num_experts_per_tok": 2,
  "num_local_experts": 8,
  "rope_scaling": {"type": "yarn", "factor": 4.0},
  "tie_word_embeddings": true,
  "torch_dtype": "bfloat16",
  "transformers_version": "4.45.0",
  "vocab_size": 128256
})",
                                        "config.json");
  REQUIRE(config);
  REQUIRE(config->architectures.size() == 1);
  CHECK(config->architectures[0].value == "LlamaForCausalLM");
  CHECK(config->model_type->value == "llama");
  CHECK(config->model_type->line == 7);
  CHECK(config->model_type->quote == "\"model_type\": \"llama\"");
  CHECK(config->dtype->value == "bfloat16");
  CHECK(config->max_positions->value == 8192);
  CHECK(config->vocab_size->value == 128256);
  CHECK(config->experts->value == 8);
  CHECK(config->experts_per_token->value == 2);
  CHECK(config->tied_embeddings->value);
  CHECK(config->rope_scaling->value == "yarn");
  CHECK(config->name_or_path->value == "org/base");
  REQUIRE(config->labels.size() == 2);
  CHECK(config->labels[1].value == "good");
  REQUIRE(config->remote_code.size() == 1);
  CHECK(config->remote_code[0].value == "modeling_x.X");
  CHECK_FALSE(config->quantization);
}

TEST_CASE("model files: the newer key of the precision wins, and text parts fill what the root leaves out") {
  const auto config = read_model_config(
      R"({"dtype": "float32", "torch_dtype": "float16", "model_type": "llava", "text_config": {"model_type": "llama", "vocab_size": 7}})",
      "config.json");
  REQUIRE(config);
  CHECK(config->dtype->value == "float32");
  CHECK(config->model_type->value == "llava");
  CHECK(config->vocab_size->value == 7);
  CHECK_FALSE(config->hidden_size);
}

TEST_CASE("model files: values of a type that nobody expects count as absent") {
  const auto config = read_model_config(
      R"({"model_type": 7, "vocab_size": "many", "architectures": "X", "tie_word_embeddings": "yes", "id2label": []})",
      "c");
  REQUIRE(config);
  CHECK_FALSE(config->model_type);
  CHECK_FALSE(config->vocab_size);
  CHECK(config->architectures.empty());
  CHECK_FALSE(config->tied_embeddings);
}

TEST_CASE("model files: each way to say the bits of a quantisation is read") {
  const auto bits = [](const std::string& body) {
    const auto config = read_model_config("{\"quantization_config\": " + body + "}", "config.json");
    REQUIRE(config);
    REQUIRE(config->quantization);
    return config->quantization->method.value + " " +
           (config->quantization->bits ? std::to_string(config->quantization->bits->value) : "?");
  };
  CHECK(bits(R"({"quant_method": "gptq", "bits": 4})") == "gptq 4");
  CHECK(bits(R"({"quant_method": "awq", "w_bit": 4})") == "awq 4");
  CHECK(bits(R"({"quant_method": "bitsandbytes", "load_in_4bit": true, "load_in_8bit": false})") ==
        "bitsandbytes 4");
  CHECK(bits(R"({"quant_method": "bitsandbytes", "load_in_8bit": true})") == "bitsandbytes 8");
  CHECK(
      bits(
          R"({"quant_method": "compressed-tensors", "config_groups": {"group_0": {"weights": {"num_bits": 8}}}})") ==
      "compressed-tensors 8");
  CHECK(bits(R"({"quant_method": "fp8"})") == "fp8 ?");
  CHECK(bits("{}") == "unknown ?");
}

TEST_CASE("model files: a broken file is an error at its place") {
  const auto config = read_model_config("{\n  \"a\": ,\n}", "sub/config.json");
  REQUIRE_FALSE(config);
  CHECK(config.error().where == "sub/config.json:2:8");
  CHECK_FALSE(read_adapter_config("[]", "a"));
  CHECK_FALSE(read_shard_index("{}", "i"));
  CHECK(read_model_config("\xEF\xBB\xBF{}", "config.json"));
}

TEST_CASE("model files: adapter, tokenizer and generation settings") {
  const auto adapter = read_adapter_config(
      R"({"peft_type": "LORA", "base_model_name_or_path": "org/base", "revision": null, "task_type": "CAUSAL_LM", "r": 16})",
      "a");
  REQUIRE(adapter);
  CHECK(adapter->base_model->value == "org/base");
  CHECK(adapter->rank->value == 16);
  CHECK_FALSE(adapter->revision);
  const auto tokenizer = read_tokenizer_config(
      R"({"model_max_length": 1000000000000000019884624838656, "chat_template": [{"name": "default"}], "auto_map": {"AutoTokenizer": ["tok.A", null]}})",
      "t");
  REQUIRE(tokenizer);
  CHECK(tokenizer->max_length->value > 9e29);
  CHECK(tokenizer->chat_template);
  REQUIRE(tokenizer->remote_code.size() == 1);
  const auto generation =
      read_generation_config(R"({"temperature": 0.6, "do_sample": true, "eos_token_id": [1, 2]})", "g");
  REQUIRE(generation);
  REQUIRE(generation->settings.size() == 2);
  CHECK(generation->settings[0].name == "temperature");
  CHECK(generation->settings[0].fact.value == "0.6");
}

TEST_CASE("model files: an index lists each shard once and sets aside names that leave the folder") {
  const auto index = read_shard_index(
      R"({"metadata": {"total_size": 24, "total_parameters": 12},
          "weight_map": {"a": "m-2.safetensors", "b": "m-1.safetensors", "c": "m-2.safetensors",
                         "d": "../x.safetensors", "e": "/etc/passwd", "f": ""}})",
      "model.safetensors.index.json");
  REQUIRE(index);
  CHECK(index->total_size->value == 24);
  CHECK(index->total_parameters->value == 12);
  CHECK(index->tensors == 6);
  CHECK(index->shards == std::vector<std::string>{"m-1.safetensors", "m-2.safetensors"});
  CHECK(index->unsafe_shards.size() == 3);
}

TEST_CASE("model files: results are the numbers of the file, and evaluations of a training log") {
  const auto results = read_results(
      R"({"epoch": 3.0, "eval_loss": NaN, "eval_accuracy": 0.91, "name": "x",
          "log_history": [{"loss": 0.5, "step": 10}, {"eval_f1": 0.8, "step": 10}]})",
      "trainer_state.json");
  REQUIRE(results);
  std::vector<std::string> names;
  for (const NamedNumber& one : *results) names.push_back(one.name);
  CHECK(names ==
        std::vector<std::string>{"epoch", "eval_accuracy", "log_history[1].eval_f1", "log_history[1].step"});
  CHECK((*results)[1].fact.value == Approx(0.91));
  CHECK((*results)[2].fact.line == 2);
}

TEST_CASE("model files: evaluation results keep their value as written") {
  const auto results = read_eval_results(
      "- dataset:\n    id: org/bench\n    task_id: main\n    revision: abc\n  value: \"20.0 ± 1.2\"\n"
      "  verifyToken: eyJ\n  source:\n    url: https://example.org\n- dataset: {id: other}\n  value: 7\n",
      ".eval_results/a.yaml");
  REQUIRE(results);
  REQUIRE(results->size() == 2);
  CHECK((*results)[0].dataset->value == "org/bench");
  CHECK((*results)[0].value->value == "20.0 ± 1.2");
  CHECK((*results)[0].value->line == 5);
  CHECK((*results)[0].has_token);
  CHECK((*results)[0].source_url->value == "https://example.org");
  CHECK_FALSE((*results)[1].has_token);
  CHECK_FALSE(read_eval_results("just text\n", "x"));
  CHECK_FALSE(read_eval_results("a: [\n", "x"));
}

TEST_CASE("model files: a citation gives its authors in order") {
  const auto citation = read_citation(
      "cff-version: 1.2.0\ntitle: Model\nlicense: MIT\nauthors:\n  - given-names: Ada\n    family-names: "
      "Author\n"
      "  - name: The Team\ndate-released: 2024-01-02\n",
      "CITATION.cff");
  REQUIRE(citation);
  CHECK(citation->title->value == "Model");
  CHECK(citation->released->value == "2024-01-02");
  REQUIRE(citation->authors.size() == 2);
  CHECK(citation->authors[0].value == "Ada Author");
  CHECK(citation->authors[1].value == "The Team");
}
