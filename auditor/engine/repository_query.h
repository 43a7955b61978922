// SPDX-License-Identifier: Apache-2.0
#pragma once
// Questions that several rules ask of the files around a card. Pure; nothing fails, what is not there is not
// returned.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/rule.h"

namespace cardwarden::around {

// What a file says, as a quote of a finding.
template <typename T>
FileQuote quote(const std::string& path, const Fact<T>& fact) {
  return {path, fact.line, fact.quote};
}

// config.json of the root; nullptr where there is none.
const ModelConfig* root_config(const RepositoryFacts& facts);

// A base model that a file names: the adapter's configuration first, then `_name_or_path` of config.json
// where it is an id of the Hub with an owner, then the header of a GGUF file. Folders of a machine are no
// ids.
struct NamedBase {
  std::string id;
  FileQuote quote;
  bool adapter = false;  // an adapter cannot work without it; others may name the author's own model
};
std::optional<NamedBase> base_in_files(const RepositoryFacts& facts);

// "owner/name", or one of the few old ids without an owner ("gpt2"). Not a path.
bool is_hub_id(std::string_view text);

// Ids that name the same weights: another owner (an organisation that was renamed, a mirror) or the endings
// of quantised copies do not count.
bool same_model(std::string_view a, std::string_view b);

// The base models of the front matter that are ids.
std::vector<const yaml::Node*> declared_bases(const Card& card);

std::vector<std::string_view> families_in(std::string_view text);
std::optional<std::string_view> family_of_type(std::string_view model_type);

// Weights in a format that can run code when it is loaded, with or without safetensors of the same part in
// the same folder. States of training and plain arrays are left out; of many the first kMaxPickleSets are
// given, because a repository of checkpoints says the same many times.
constexpr std::size_t kMaxPickleSets = 50;
std::vector<const WeightFile*> files_that_run_code(const WeightFacts& weights, bool with_safetensors);

// The format of a file of weights, and how it is known.
FileQuote quote_format(const WeightFile& file);

// A node of the front matter as evidence: its value.
Evidence evidence_of(const yaml::Node& node);

}  // namespace cardwarden::around
