// SPDX-License-Identifier: Apache-2.0
#include "repository/parameters.h"

#include <catch2/catch.hpp>

#include "support/weight_bytes.h"

using namespace cardwarden;
using cardwarden::testing::TensorSpec;

namespace {

ParameterCount count(const std::vector<TensorSpec>& tensors, const CountOptions& options = {}) {
  const std::string bytes = testing::safetensors_file(tensors);
  const auto header = read_safetensors(source_of(bytes));
  REQUIRE(header);
  return count_safetensors(*header, options);
}

}  // namespace

TEST_CASE("parameters: plain tensors are counted by their shapes") {
  const auto counted =
      count({{"a.weight", "BF16", {10, 20}, 400}, {"a.bias", "F32", {20}, 80}, {"s", "F32", {}, 4}});
  CHECK(counted.kind == CountKind::exact);
  CHECK(counted.value == 221);
  CHECK(counted.low == 221);
  CHECK(counted.reason.find("3 tensors") != std::string::npos);
}

TEST_CASE("parameters: buffers are no parameters") {
  const auto counted = count({{"w", "F32", {8}, 32},
                              {"rotary_emb.inv_freq", "F32", {4}, 16},
                              {"embeddings.position_ids", "I64", {1, 16}, 128},
                              {"bn.running_mean", "F32", {8}, 32},
                              {"bn.num_batches_tracked", "I64", {}, 8},
                              {"attn.bias", "BOOL", {4, 4}, 16}});
  CHECK(counted.value == 8);
  CHECK(counted.reason.find("5 hold scales or buffers") != std::string::npos);
}

TEST_CASE("parameters: packed weights of GPTQ are unpacked by the bits of the configuration") {
  const std::vector<TensorSpec> layer = {{"l.qweight", "I32", {16, 8}, 512},
                                         {"l.qzeros", "I32", {1, 1}, 4},
                                         {"l.scales", "F16", {1, 8}, 16},
                                         {"l.g_idx", "I32", {128}, 512},
                                         {"embed.weight", "F16", {10, 10}, 200}};
  CHECK(count(layer, {4, true}).value == 16 * 8 * 8 + 100);
  CHECK(count(layer, {8, true}).value == 16 * 8 * 4 + 100);
  CHECK(count(layer, {3, true}).value == 16 * 8 * 32 / 3 + 100);
  const auto unsaid = count(layer, {});
  CHECK(unsaid.kind == CountKind::unknown);
  CHECK(unsaid.reason.find("l.qweight") != std::string::npos);
  CHECK(count(layer, {64, true}).kind == CountKind::unknown);
  CHECK(count(layer, {-4, true}).kind == CountKind::unknown);
}

TEST_CASE("parameters: packed weights of bitsandbytes, compressed-tensors, MLX and MXFP4") {
  CHECK(count({{"l.weight", "U8", {50, 1}, 50},
               {"l.weight.absmax", "U8", {2}, 2},
               {"l.weight.quant_map", "F32", {16}, 64},
               {"l.weight.quant_state.bitsandbytes__nf4", "U8", {70}, 70}},
              {4, true})
            .value == 100);
  CHECK(count({{"l.weight_packed", "I32", {4, 8}, 128},
               {"l.weight_scale", "BF16", {4}, 8},
               {"l.weight_shape", "I64", {2}, 16}},
              {4, true})
            .value == 256);
  CHECK(count({{"l.weight", "U32", {4, 8}, 128}, {"l.scales", "F16", {4}, 8}}, {4, true}).value == 256);
  CHECK(count({{"mlp_blocks", "U8", {4, 16}, 64}, {"mlp_scales", "U8", {4}, 4}}, {4, true}).value == 128);
  // Eight bits a byte are not packed.
  CHECK(count({{"l.weight", "I8", {10, 10}, 100}, {"l.SCB", "F32", {10}, 40}}, {8, true}).value == 100);
  CHECK(count({{"l.weight", "F8_E4M3", {10, 10}, 100}, {"l.weight_scale_inv", "F32", {1}, 4}}, {8, true})
            .value == 100);
}

TEST_CASE("parameters: sizes give estimates that say so") {
  const auto half = estimate_parameters(2'000'000, "bfloat16", {}, "the size of the file");
  CHECK(half.kind == CountKind::estimated);
  CHECK(half.value == 1'000'000);
  CHECK(half.low < half.value);
  CHECK(half.high > half.value);
  CHECK(half.reason.find("bfloat16") != std::string::npos);
  CHECK(estimate_parameters(4'000'000, "torch.float32", {}, "it").value == 1'000'000);
  const auto unsaid = estimate_parameters(4'000'000, "", {}, "it");
  CHECK(unsaid.kind == CountKind::unknown);
  CHECK(unsaid.low == 1'000'000);
  CHECK(unsaid.high == 2'000'000);
  const auto four = estimate_parameters(500'000, "float16", {4, true}, "it");
  CHECK(four.kind == CountKind::estimated);
  CHECK(four.low == 250'000);
  CHECK(four.high == 1'000'000);
  CHECK(estimate_parameters(500'000, "float16", {std::nullopt, true}, "it").kind == CountKind::unknown);
}

TEST_CASE("parameters: the name of a GGUF file tells its type") {
  CHECK(gguf_variant("llama-3-8b.Q4_K_M.gguf") == "Q4_K_M");
  CHECK(gguf_variant("model-f16.gguf") == "f16");
  CHECK(gguf_variant("m-IQ2_XXS-00001-of-00002.gguf") == "IQ2_XXS");
  CHECK(gguf_variant("model.gguf").empty());
}

TEST_CASE("parameters: a sum is as good as its worst part") {
  const ParameterCount exact{CountKind::exact, 5, 5, 5, "c"};
  const ParameterCount guess{CountKind::estimated, 7, 6, 8, "e"};
  CHECK(add_counts({exact, exact}, "shards").value == 10);
  CHECK(add_counts({exact, exact}, "shards").kind == CountKind::exact);
  CHECK(add_counts({exact, guess}, "shards").kind == CountKind::estimated);
  CHECK(add_counts({exact, guess}, "shards").high == 13);
  CHECK(add_counts({exact, {}}, "shards").kind == CountKind::unknown);
  CHECK(add_counts({}, "shards").kind == CountKind::unknown);
}
