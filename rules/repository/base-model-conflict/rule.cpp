// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "engine/repository_query.h"

namespace cardwarden::rules {
namespace {

constexpr const char* kRemedy = "Correct the one that is wrong.";

// What the name of every declared base says, if config.json is of none of those families.
std::vector<Finding> compare_families(const Subject& subject,
                                      const std::vector<const yaml::Node*>& declared) {
  const ModelConfig* config = around::root_config(*subject.repository);
  if (config == nullptr || !config->model_type) return {};
  const auto family = around::family_of_type(config->model_type->value);
  if (!family) return {};
  for (const yaml::Node* base : declared) {
    const auto named = around::families_in(base->text);
    if (named.empty() || std::find(named.begin(), named.end(), *family) != named.end()) return {};
  }
  const yaml::Node& base = *declared.front();
  return {refuted(around::evidence_of(base), around::quote(config->path, *config->model_type),
                  "The base model " + text::excerpt(base.text, 100) +
                      " is of another family than the model_type " +
                      text::excerpt(config->model_type->value, 60) + " of config.json.",
                  kRemedy, "base_model")};
}

}  // namespace

std::vector<Finding> repository_base_model_conflict(const Subject& subject) {
  const auto declared = around::declared_bases(subject.card);
  if (declared.empty()) return {};
  const auto named = around::base_in_files(*subject.repository);
  if (!named || !named->adapter) return compare_families(subject, declared);
  for (const yaml::Node* base : declared) {
    if (around::same_model(base->text, named->id)) return {};
  }
  const yaml::Node& base = *declared.front();
  return {refuted(around::evidence_of(base), named->quote,
                  "The front matter names " + text::excerpt(base.text, 100) + " as the base model, but " +
                      named->quote.path + " names " + text::excerpt(named->id, 100) + ".",
                  kRemedy, "base_model")};
}

}  // namespace cardwarden::rules
