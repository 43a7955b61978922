// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "engine/repository_query.h"

namespace cardwarden::rules {
namespace {

constexpr const char* kRemedy =
    "Use an architecture that the library has, or say in the card why the code is needed and pin its "
    "revision.";

// "modeling_x.Model" is code where modeling_x.py lies beside the configuration,
// "owner/name--modeling_x.Model" always.
bool runs_code(const Snapshot& snapshot, const std::string& config, const std::string& entry) {
  if (entry.find("--") != std::string::npos) return true;
  const std::string folder = config.substr(0, config.size() - std::string("config.json").size());
  return snapshot.find(folder + entry.substr(0, entry.find('.')) + ".py") != nullptr;
}

// Types that once came with code and that the library has had for long (transformers 4.46, October 2024),
// with the names of its own classes for them.
struct Native {
  std::string_view model_type, classes;
};
constexpr Native kNative[] = {{"bloom", "bloom"},
                              {"cohere", "cohere"},
                              {"falcon", "falcon"},
                              {"gemma", "gemma"},
                              {"gpt_bigcode", "gptbigcode"},
                              {"llama", "llama"},
                              {"mistral", "mistral"},
                              {"mixtral", "mixtral"},
                              {"mpt", "mpt"},
                              {"olmo", "olmo"},
                              {"persimmon", "persimmon"},
                              {"phi", "phi"},
                              {"phi3", "phi3"},
                              {"qwen2", "qwen2"},
                              {"stablelm", "stablelm"},
                              {"starcoder2", "starcoder2"}};
constexpr std::string_view kHeads[] = {"config",
                                       "model",
                                       "forcausallm",
                                       "forsequenceclassification",
                                       "fortokenclassification",
                                       "forquestionanswering"};

// Without trust_remote_code the loader takes its own class, and the code beside the configuration is left
// over.
bool has_native_class(const ModelConfig& config, const std::string& entry) {
  if (!config.model_type || entry.find("--") != std::string::npos) return false;
  const std::string name = text::lower_ascii(entry.substr(entry.rfind('.') + 1));
  return std::any_of(std::begin(kNative), std::end(kNative), [&](const Native& one) {
    if (one.model_type != config.model_type->value || name.rfind(one.classes, 0) != 0) return false;
    return std::find(std::begin(kHeads), std::end(kHeads),
                     std::string_view(name).substr(one.classes.size())) != std::end(kHeads);
  });
}

// The card's words that no code of a repository is needed.
const Said* denial(const Subject& subject, const std::vector<Said>& asked) {
  for (const Said& said : asked) {
    if (subject.phrases.in(subject.phrases.unit(said), "not-asked")) return &said;
  }
  return nullptr;
}

}  // namespace

std::vector<Finding> repository_remote_code_required(const Subject& subject) {
  const Snapshot& snapshot = *subject.repository->snapshot;
  const auto asked = subject.phrases.said("asked");
  const auto at = std::find_if(asked.begin(), asked.end(), [&](const Said& said) {
    return !subject.phrases.in(subject.phrases.unit(said), "not-asked");
  });
  const bool card_asks = at != asked.end();
  for (const ModelConfig& config : snapshot.configs) {
    for (const TextFact& entry : config.remote_code) {
      if (!card_asks &&
          (!runs_code(snapshot, config.path, entry.value) || has_native_class(config, entry.value)))
        continue;
      if (const Said* denied = card_asks ? nullptr : denial(subject, asked)) {
        return {refuted(subject.phrases.evidence(*denied), around::quote(config.path, entry),
                        "The card says that no code of a repository is needed, but " + config.path +
                            " sends the loader to " + text::excerpt(entry.value, 100) + ".",
                        kRemedy, "remote-code")};
      }
      Finding finding = file_finding(
          Outcome::violated, around::quote(config.path, entry),
          config.path + " sends the loader to code of a repository: " + text::excerpt(entry.value, 100) + ".",
          kRemedy, "remote-code");
      if (card_asks) finding.evidence.push_back(subject.phrases.evidence(*at));
      return {finding};
    }
  }
  if (!card_asks) return {};
  const Evidence evidence = subject.phrases.evidence(*at);
  Finding finding =
      violated(evidence.words, "The card tells readers to run code of a repository.", kRemedy, "remote-code");
  finding.evidence = {evidence};
  return {finding};
}

}  // namespace cardwarden::rules
