// SPDX-License-Identifier: Apache-2.0
// What rules learn from the headers of GGUF files. More examples: rules/repository/*/cases.yaml.
#include "engine/gguf_query.h"

#include <catch2/catch.hpp>

namespace cardwarden::test {
namespace {

using Header = std::vector<std::pair<std::string, std::string>>;
using Headers = std::vector<Header>;

struct Files {
  WeightFacts weights;
  Snapshot snapshot;
  RepositoryFacts facts;

  explicit Files(Headers headers) {
    for (auto& header : headers) {
      WeightFile file;
      file.path = std::to_string(weights.files.size()) + ".gguf";
      file.format = WeightFormat::gguf;
      file.metadata = std::move(header);
      weights.files.push_back(std::move(file));
    }
    facts.snapshot = &snapshot;
    facts.weights = &weights;
  }
};

}  // namespace

TEST_CASE("gguf query: an address at the Hub is an id, any other text is none") {
  for (const char* url : {"https://huggingface.co/river/chat", "https://huggingface.co/river/chat/",
                          "https://huggingface.co/river/chat/tree/main", "https://hf.co/river/chat?a=b#c"}) {
    INFO(url);
    CHECK(around::hub_id_of_url(url) == "river/chat");
  }
  for (const char* url : {"", "river/chat", "https://huggingface.co/", "https://huggingface.co/river",
                          "https://huggingface.co/river/", "https://huggingface.co/datasets/river/chat",
                          "https://huggingface.co/spaces/river/chat",
                          "https://huggingface.co.example.org/river/chat", "https://huggingface.co/../chat",
                          "https://huggingface.co/river/ch at", "/home/river/chat", "file:///river/chat"}) {
    INFO(url);
    CHECK_FALSE(around::hub_id_of_url(url));
  }
}

TEST_CASE(
    "gguf query: the longest context counts, a scaled file says that it is no bound, other values are none") {
  const auto context = [](Headers headers) {
    return around::header_context(Files(std::move(headers)).facts);
  };
  const auto longest = context({{{"general.architecture", "llama"}, {"llama.context_length", "4096"}},
                                {{"general.architecture", "qwen2"}, {"qwen2.context_length", "32768"}}});
  REQUIRE(longest);
  CHECK(longest->tokens == 32768);
  CHECK(longest->quote.path == "1.gguf");
  CHECK(longest->quote.words == "qwen2.context_length: 32768");
  CHECK_FALSE(longest->scaled);
  const auto scaled = context({{{"general.architecture", "llama"}, {"llama.context_length", "4096"}},
                               {{"general.architecture", "llama"}, {"llama.rope.scaling.type", "linear"}}});
  REQUIRE(scaled);
  CHECK(scaled->scaled);
  for (const char* value : {"", "0", "-1", "4096.5", "many", "99999999999999999999999"})
    CHECK_FALSE(context({{{"general.architecture", "llama"}, {"llama.context_length", value}}}));
  CHECK_FALSE(context({{{"llama.context_length", "4096"}}}));
}

TEST_CASE("gguf query: the bases of the first header that names any, and no more than the bound") {
  Header many;
  for (std::size_t i = 0; i < around::kMaxHeaderBases + 5; ++i) {
    many.emplace_back("general.base_model." + std::to_string(i) + ".repo_url",
                      "https://huggingface.co/river/m" + std::to_string(i));
  }
  const Files files(Headers{{{"general.name", "River"}}, many, {many[3]}});
  const auto bases = around::bases_in_headers(files.facts);
  REQUIRE(bases.size() == around::kMaxHeaderBases);
  CHECK(bases[1].id == "river/m1");
  CHECK(bases[1].quote.path == "1.gguf");
  CHECK_FALSE(bases[1].adapter);
}

TEST_CASE("gguf query: a projector says nothing, an adapter says that it is one") {
  const Files projector(Headers{{{"general.type", "mmproj"}, {"general.license", "mit"}}});
  CHECK(around::header_values(projector.facts, "general.license").empty());
  const Files adapter(Headers{
      {{"general.type", "adapter"}, {"general.base_model.0.repo_url", "https://huggingface.co/river/chat"}}});
  REQUIRE(around::bases_in_headers(adapter.facts).size() == 1);
  CHECK(around::bases_in_headers(adapter.facts)[0].adapter);
}

TEST_CASE("gguf query: a header knows its own model by its source or its name") {
  const Files named(Headers{{{"general.name", "River Chat 8B"}}});
  CHECK(around::is_model_of_header(named.facts, "lab/river-chat-8b"));
  CHECK_FALSE(around::is_model_of_header(named.facts, "lab/lake-chat-8b"));
  const Files sourced(Headers{{{"general.source.repo_url", "https://huggingface.co/lab/lake"}}});
  CHECK(around::is_model_of_header(sourced.facts, "mirror/lake"));
  const Files short_name(Headers{{{"general.name", "Ri"}}});
  CHECK_FALSE(around::is_model_of_header(short_name.facts, "lab/river"));
}

}  // namespace cardwarden::test
