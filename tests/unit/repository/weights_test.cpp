// SPDX-License-Identifier: Apache-2.0
#include "repository/weights.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "repository/lfs_store.h"
#include "repository/weight_file.h"
#include "support/git.h"
#include "support/weight_bytes.h"

using namespace cardwarden;
using cardwarden::testing::GitRepository;
using cardwarden::testing::lfs_pointer;
using cardwarden::testing::safetensors_file;

namespace {

const std::string kOid(64, 'a');

struct Read {
  Snapshot snapshot;
  WeightFacts facts;
};

Read weights_of(GitRepository& made, bool with_store = false, const WeightLimits& limits = {}) {
  made.commit("weights");
  auto repository = Repository::open(made.path());
  REQUIRE(repository);
  auto snapshot = read_snapshot(*repository, repository->resolve("HEAD").value());
  REQUIRE(snapshot);
  const LfsContent store = with_store ? local_lfs_store(*repository) : LfsContent();
  WeightFacts facts = read_weights(*repository, *snapshot, store, limits);
  return {std::move(*snapshot), std::move(facts)};
}

std::string tensor_file(std::uint64_t elements) {
  return safetensors_file({{"w", "F16", {elements}, elements * 2}});
}

const WeightFile& file_of(const WeightFacts& facts, std::string_view path) {
  const auto at = std::find_if(facts.files.begin(), facts.files.end(),
                               [path](const WeightFile& one) { return one.path == path; });
  REQUIRE(at != facts.files.end());
  return *at;
}

bool reason_says(const ParameterCount& count, std::string_view words) {
  return count.reason.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("weights: shards are one set and are added up") {
  GitRepository made;
  made.write("model-00001-of-00002.safetensors", tensor_file(100));
  made.write("model-00002-of-00002.safetensors", tensor_file(50));
  const Read read = weights_of(made);
  REQUIRE(read.facts.sets.size() == 1);
  CHECK(read.facts.sets[0].stem == "model");
  CHECK(read.facts.sets[0].files.size() == 2);
  CHECK(read.facts.sets[0].missing.empty());
  CHECK(read.facts.parameters.kind == CountKind::exact);
  CHECK(read.facts.parameters.value == 150);
  CHECK(read.facts.dtypes.at("F16") == 150);
}

TEST_CASE("weights: a missing shard makes no exact count") {
  GitRepository made;
  made.write("model-00001-of-00003.safetensors", tensor_file(100));
  const Read read = weights_of(made);
  CHECK(read.facts.sets[0].missing == std::vector<std::string>{"shard 2 of 3", "shard 3 of 3"});
  CHECK(read.facts.parameters.kind == CountKind::unknown);
  CHECK(reason_says(read.facts.parameters, "missing"));
}

TEST_CASE("weights: the same model in two formats is counted once") {
  GitRepository made;
  made.write("config.json", R"({"torch_dtype": "float16", "tie_word_embeddings": true})");
  made.write("model.safetensors", tensor_file(100));
  made.write("pytorch_model.bin",
             testing::zip_file({{"x/data.pkl", testing::calling_pickle("collections", "OrderedDict")}}));
  const Read read = weights_of(made);
  CHECK(read.facts.parameters.value == 100);
  CHECK(reason_says(read.facts.parameters, "1 other set"));
  CHECK(reason_says(read.facts.parameters, "tied"));
  CHECK(read.facts.pickle_with_safe_twin);
  const WeightFile& pickle = file_of(read.facts, "pytorch_model.bin");
  CHECK(pickle.pickle_state == PickleState::read);
  CHECK(pickle.pickle.globals.at(0).module == "collections");
}

TEST_CASE("weights: pointers give estimates by the configured type, and pickles cannot be told") {
  GitRepository made;
  made.write("config.json", R"({"dtype": "bfloat16"})");
  made.write("model.safetensors", lfs_pointer(kOid, 2'000'000));
  made.write("pytorch_model.bin", lfs_pointer(kOid, 2'000'100));
  const Read read = weights_of(made);
  CHECK(read.facts.parameters.kind == CountKind::estimated);
  CHECK(read.facts.parameters.value == 1'000'000);
  const WeightFile& pickle = file_of(read.facts, "pytorch_model.bin");
  CHECK(pickle.from_pointer);
  CHECK(pickle.pickle_state == PickleState::not_assessable);
  CHECK(pickle.note.find("pointer") != std::string::npos);
  CHECK(pickle.identity == kOid);
  CHECK(pickle.size == 2'000'100);
}

TEST_CASE("weights: without a type in the configuration a pointer's count is unknown, with bounds") {
  GitRepository made;
  made.write("model.safetensors", lfs_pointer(kOid, 4'000'000));
  const Read read = weights_of(made);
  CHECK(read.facts.parameters.kind == CountKind::unknown);
  CHECK(read.facts.parameters.low == 1'000'000);
  CHECK(read.facts.parameters.high == 2'000'000);
}

TEST_CASE("weights: an index of shards is better than the sizes of files, and says which shards there are") {
  GitRepository made;
  made.write("config.json", R"({"dtype": "float16"})");
  made.write("model-00001-of-00002.safetensors", lfs_pointer(kOid, 3'000'000));
  made.write("model.safetensors.index.json",
             R"({"metadata": {"total_size": 2000000},
                 "weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}})");
  const Read read = weights_of(made);
  CHECK(read.facts.parameters.value == 1'000'000);
  CHECK(reason_says(read.facts.parameters, "model.safetensors.index.json"));
  CHECK(read.facts.sets[0].missing == std::vector<std::string>{"model-00002-of-00002.safetensors"});
}

TEST_CASE("weights: adapters are counted apart from models") {
  GitRepository made;
  made.write("adapter_config.json", R"({"peft_type": "LORA"})");
  made.write("adapter_model.safetensors", safetensors_file({{"layer.lora_A.weight", "F32", {4, 8}, 128},
                                                            {"layer.lora_B.weight", "F32", {8, 4}, 128}}));
  const Read read = weights_of(made);
  CHECK(read.facts.adapter_parameters.kind == CountKind::exact);
  CHECK(read.facts.adapter_parameters.value == 64);
  CHECK(read.facts.parameters.kind == CountKind::unknown);
}

TEST_CASE("weights: the parts of a pipeline are added, its variants and whole files are not") {
  GitRepository made;
  made.write("model_index.json", R"({"_class_name": "StableDiffusionPipeline"})");
  made.write("unet/diffusion_pytorch_model.safetensors", tensor_file(100));
  made.write("unet/diffusion_pytorch_model.fp16.safetensors", tensor_file(100));
  made.write("vae/diffusion_pytorch_model.safetensors", tensor_file(20));
  made.write("text_encoder/model.safetensors", tensor_file(3));
  made.write("v1-5-pruned.safetensors", tensor_file(123));
  const Read read = weights_of(made);
  CHECK(read.facts.is_pipeline);
  CHECK(read.facts.parameters.kind == CountKind::exact);
  CHECK(read.facts.parameters.value == 123);
}

TEST_CASE("weights: checkpoints beside no model leave the count open") {
  GitRepository made;
  made.write("checkpoint-1/model.safetensors", tensor_file(10));
  made.write("checkpoint-2/model.safetensors", tensor_file(10));
  const Read read = weights_of(made);
  CHECK(read.facts.parameters.kind == CountKind::unknown);
  CHECK(reason_says(read.facts.parameters, "several folders"));
}

TEST_CASE("weights: GGUF files are one model each, estimated by their names where only pointers are here") {
  GitRepository made;
  made.write("m-Q8_0.gguf", lfs_pointer(kOid, 8'500'000));
  made.write("m-Q4_K_M.gguf", lfs_pointer(kOid, 4'890'000));
  const Read read = weights_of(made);
  CHECK(read.facts.sets.size() == 2);
  CHECK(read.facts.parameters.kind == CountKind::estimated);
  CHECK(read.facts.parameters.value == Approx(8'000'000).epsilon(0.01));
}

TEST_CASE("weights: a GGUF in git is read by its header, under any name") {
  GitRepository made;
  made.write("model.bin", testing::gguf_file({{"general.license", "mit"}}, {{"w", 12, {256, 4}}}));
  const Read read = weights_of(made);
  const WeightFile& file = file_of(read.facts, "model.bin");
  CHECK(file.format == WeightFormat::gguf);
  CHECK(file.by_magic);
  CHECK(file.parameters.value == 1024);
  CHECK(file.dtypes.at("Q4_K") == 1024);
  CHECK(file.metadata.at(0).second == "mit");
}

TEST_CASE("weights: files of the LFS store are read by their headers, if they have the pointer's size") {
  GitRepository made;
  const std::string bytes = tensor_file(77);
  made.write("model.safetensors", lfs_pointer(kOid, bytes.size()));
  made.write(".git/lfs/objects/aa/aa/" + kOid, bytes);
  Read read = weights_of(made, true);
  CHECK(read.facts.parameters.kind == CountKind::exact);
  CHECK(read.facts.parameters.value == 77);
  CHECK_FALSE(read.facts.files[0].from_pointer);
  made.write("model.safetensors", lfs_pointer(kOid, bytes.size() + 1));
  read = weights_of(made, true);
  CHECK(read.facts.files[0].from_pointer);
}

TEST_CASE("weights: training state is pickle but no model") {
  GitRepository made;
  made.write("training_args.bin", testing::calling_pickle("transformers", "TrainingArguments"));
  made.write("optimizer.pt", lfs_pointer(kOid, 100));
  const Read read = weights_of(made);
  const WeightFile& file = file_of(read.facts, "training_args.bin");
  CHECK(file.role == WeightRole::training_state);
  CHECK(file.pickle_state == PickleState::read);
  CHECK(file.pickle.globals.at(0).module == "transformers");
  CHECK(reason_says(read.facts.parameters, "no such weights"));
}

TEST_CASE("weights: a broken header is said and not guessed around") {
  GitRepository made;
  made.write("config.json", R"({"dtype": "float16"})");
  made.write("model.safetensors", "not safetensors at all, and long enough");
  const Read read = weights_of(made);
  CHECK(read.facts.parameters.kind == CountKind::unknown);
  CHECK(reason_says(read.facts.parameters, "header cannot be read"));
}

TEST_CASE("weights: numpy files are pickles only where they hold objects") {
  const auto npy = [](const std::string& descr, const std::string& data) {
    const std::string header = "{'descr': " + descr + ", 'fortran_order': False, 'shape': (1,), }";
    return "\x93NUMPY\x01" + std::string(1, '\0') + testing::little(header.size(), 2) + header + data;
  };
  GitRepository made;
  made.write("plain.npy", npy("'<f4'", "1234"));
  made.write("object.npy", npy("'|O'", testing::calling_pickle("os", "system")));
  made.write("both.npz", testing::zip_file({{"a.npy", npy("'|O'", testing::calling_pickle("os", "popen"))}}));
  const Read read = weights_of(made);
  CHECK(file_of(read.facts, "plain.npy").pickle.globals.empty());
  CHECK(file_of(read.facts, "plain.npy").pickle_state == PickleState::read);
  CHECK(file_of(read.facts, "object.npy").pickle.globals.at(0).name == "system");
  CHECK(file_of(read.facts, "both.npz").pickle.globals.at(0).name == "popen");
}

TEST_CASE("weights: compressed pickles and files over the bound are not assessable, with the reason") {
  GitRepository made;
  made.write("a.joblib", std::string("\x78\x9c", 2) + "more");
  made.write("b.pkl", std::string(3000, 'x'));
  WeightLimits limits;
  limits.blob_bytes = 2000;
  const Read read = weights_of(made, false, limits);
  CHECK(file_of(read.facts, "a.joblib").pickle_state == PickleState::not_assessable);
  CHECK(file_of(read.facts, "a.joblib").note.find("compressed") != std::string::npos);
  CHECK(file_of(read.facts, "b.pkl").note.find("WeightLimits::blob_bytes") != std::string::npos);
}

TEST_CASE("weights: names of shards") {
  CHECK(shard_name_of("model-00002-of-00010.safetensors").number == 2);
  CHECK(shard_name_of("model-00002-of-00010.safetensors").of == 10);
  CHECK(shard_name_of("model.fp16-00001-of-00002.safetensors").stem == "model.fp16");
  CHECK(shard_name_of("consolidated.01.pth").stem == "consolidated");
  CHECK(shard_name_of("consolidated.01.pth").number == 2);
  CHECK(shard_name_of("model.safetensors").stem == "model");
  CHECK(shard_name_of("a-of-b.bin").of == 0);
  CHECK(shard_name_of("-of-1.bin").stem == "-of-1");
}

TEST_CASE("weights: a mixture says that all its experts are counted") {
  GitRepository made;
  made.write("config.json", R"({"num_local_experts": 8, "num_experts_per_tok": 2})");
  made.write("model.safetensors", tensor_file(10));
  CHECK(reason_says(weights_of(made).facts.parameters, "8 experts"));
}
