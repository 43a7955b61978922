// SPDX-License-Identifier: Apache-2.0
#include "engine/repository_query.h"

#include <catch2/catch.hpp>

#include "engine/license_chain.h"

using namespace cardwarden;
using namespace cardwarden::around;

TEST_CASE("around: an id of the Hub is told from a folder") {
  for (const char* id : {"Qwen/Qwen2.5-7B", "meta-llama/Llama-3.1-8B", "bert-base-uncased", "gpt2"}) {
    INFO(id);
    CHECK(is_hub_id(id));
  }
  for (const char* path :
       {"", "./llama", "../llama", "/home/ann/llama", "output/model", "models/llama", "llama", "a/b/c",
        "a b/c", "~/llama", "owner/", "/name", "me/checkpoint-500", "C:\\models\\x"}) {
    INFO(path);
    CHECK_FALSE(is_hub_id(path));
  }
}

TEST_CASE("around: copies of the same weights are the same model") {
  CHECK(same_model("meta-llama/Llama-3.1-8B", "unsloth/Meta-Llama-3.1-8B-bnb-4bit"));
  CHECK(same_model("Qwen/Qwen2.5-7B-Instruct", "qwen/qwen2.5-7b-instruct-AWQ"));
  CHECK(same_model("bert-base-uncased", "google-bert/bert-base-uncased"));
  CHECK_FALSE(same_model("Qwen/Qwen2.5-7B", "Qwen/Qwen2.5-7B-Instruct"));
  CHECK_FALSE(same_model("Qwen/Qwen2.5-7B", "Qwen/Qwen2.5-3B"));
}

TEST_CASE("around: names say families, and types say one") {
  const auto one = [](std::string_view text) {
    const auto all = families_in(text);
    return all.size() == 1 ? std::string(all.front()) : std::to_string(all.size()) + " families";
  };
  CHECK(one("meta-llama/Llama-3.1-8B") == "llama");
  CHECK(one("FacebookAI/roberta-base") == "roberta");
  CHECK(one("google-bert/bert-base-uncased") == "bert");
  CHECK(one("microsoft/phi-4") == "phi");
  CHECK(one("deepseek-ai/DeepSeek-R1-Distill-Qwen-7B") == "qwen");
  CHECK(one("river-lab/gauge") == "0 families");
  CHECK(family_of_type("qwen2_moe") == "qwen");
  CHECK(family_of_type("gemma3_text") == "gemma");
  CHECK_FALSE(family_of_type("river").has_value());
}

TEST_CASE("licence chains: every line of the table is whole, and the first that matches decides") {
  REQUIRE(base_terms().size() > 30);
  CHECK(base_terms_version().find(" of 20") != std::string_view::npos);
  for (const BaseTerms& row : base_terms()) {
    INFO(row.pattern);
    CHECK(row.pattern.find('/') != std::string_view::npos);
    for (const char c : row.pattern) CHECK((c < 'A' || c > 'Z'));
    CHECK((row.demands == "use" || row.demands == "nc" || row.demands == "copyleft"));
    CHECK_FALSE(row.license.empty());
    CHECK_FALSE(row.name.empty());
    CHECK_FALSE(is_permissive_license(row.license));
  }
  REQUIRE(terms_of_base("meta-llama/Meta-Llama-3.1-8B") != nullptr);
  CHECK(terms_of_base("meta-llama/Meta-Llama-3.1-8B")->license == "llama3.1");
  CHECK(terms_of_base("meta-llama/Meta-Llama-3-8B")->license == "llama3");
  CHECK(terms_of_base("black-forest-labs/FLUX.1-schnell") == nullptr);
  CHECK(terms_of_base("01-ai/Yi-34B") == nullptr);
  // Members of a family that have terms of their own.
  REQUIRE(terms_of_base("Qwen/Qwen1.5-4B-Chat") != nullptr);
  CHECK(terms_of_base("Qwen/Qwen1.5-4B-Chat")->demands == "nc");
  REQUIRE(terms_of_base("Qwen/Qwen1.5-72B") != nullptr);
  CHECK(terms_of_base("Qwen/Qwen1.5-72B")->demands == "use");
  CHECK(terms_of_base("Qwen/Qwen1.5-32B") == nullptr);
  CHECK(terms_of_base("stabilityai/stable-diffusion-xl-base-0.9")->demands == "nc");
  CHECK(terms_of_base("stabilityai/stable-diffusion-xl-base-1.0")->license == "openrail++");
  CHECK(terms_of_base("meta-llama/Llama-Guard-3-8B")->license == "llama3.1");
  CHECK(terms_of_base("CompVis/stable-diffusion-safety-checker") == nullptr);
  CHECK(terms_of_base("") == nullptr);
  CHECK(is_permissive_license("Apache-2.0"));
  CHECK_FALSE(is_permissive_license("gpl-3.0"));
}
