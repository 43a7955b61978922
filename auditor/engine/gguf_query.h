// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the headers of GGUF files say about the model in them. A pointer whose content is not at hand has no
// header here and says nothing. Keys are those of the GGUF specification (ggml, docs/gguf.md). Pure; nothing
// fails, what is not there is not returned.

#include <string>
#include <string_view>
#include <vector>

#include "engine/repository_query.h"

namespace cardwarden::around {

constexpr std::size_t kMaxHeaderBases = 20;  // base models of one header; merges name a handful

struct HeaderValue {
  const WeightFile* file = nullptr;
  std::string_view text;  // numbers in decimal; storage of the facts
  FileQuote quote;        // "general.license: mit"
};

// The value of one key, of each file that has it and says something there, by path.
std::vector<HeaderValue> header_values(const RepositoryFacts& facts, std::string_view key);

// The context that the weights were made for, in tokens, of the file with the longest:
// "llama.context_length". Nothing where no file says it.
struct HeaderContext {
  std::uint64_t tokens = 0;
  FileQuote quote;
  bool scaled = false;  // a file stretches its positions: `tokens` is no bound
};
std::optional<HeaderContext> header_context(const RepositoryFacts& facts);

// "owner/name" of an address at the Hub; nothing for any other text.
std::optional<std::string> hub_id_of_url(std::string_view url);

// The models that `general.base_model.*` names by an address at the Hub, of the first file that names any.
// They are the bases of the model that was converted, which may itself be what the card calls its base.
std::vector<NamedBase> bases_in_headers(const RepositoryFacts& facts);

// Whether the header says that its model is `id`, or was converted from it: by `general.source.*` or
// `general.repo_url`, or by a `general.name` or `general.basename` that is most of the id's name.
bool is_model_of_header(const RepositoryFacts& facts, std::string_view id);

}  // namespace cardwarden::around
