// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <algorithm>

namespace cardwarden::rules {
namespace {

constexpr std::size_t kMaxSets = 50;  // reported; a repository of checkpoints says the same many times

bool has_twin(const WeightFacts& weights, const WeightSet& set) {
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

std::vector<Finding> repository_pickle_twin(const Subject& subject) {
  const WeightFacts& weights = *subject.repository->weights;
  std::vector<Finding> findings;
  for (const WeightSet& set : weights.sets) {
    if (!is_pickle_format(set.format) || set.role == WeightRole::training_state) continue;
    if (is_plain_array(weights, set) || has_twin(weights, set) != true) continue;
    const WeightFile& file = weights.files[set.files.front()];
    findings.push_back(file_finding(
        Outcome::violated,
        {file.path, 0,
         "format " + std::string(to_string(file.format)) +
             (file.by_magic ? ", by its first bytes" : ", by its name")},
        file.path + " can run code when it is loaded; the same folder has the weights as safetensors.",
        "Remove the pickle, so that no loader takes it by mistake.", file.path));
    if (findings.size() >= kMaxSets) break;
  }
  return findings;
}

}  // namespace cardwarden::rules
