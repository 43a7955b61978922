// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "engine/gguf_query.h"

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

bool is_one_family(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b) {
  return std::any_of(a.begin(), a.end(),
                     [&b](std::string_view one) { return std::find(b.begin(), b.end(), one) != b.end(); });
}

// A header names the base of the model that was converted, which is one step further than the base of a card
// about a conversion. So names alone refute only a relation that is declared to be no conversion; else the
// names must say different families.
bool header_refutes(const Subject& subject, const yaml::Node& declared, const std::string& named) {
  const yaml::Node* relation = field(subject.card, "base_model_relation");
  if (relation != nullptr && (relation->text == "finetune" || relation->text == "adapter")) return true;
  const auto card = around::families_in(declared.text);
  const auto file = around::families_in(named);
  return !card.empty() && !file.empty() && !is_one_family(card, file);
}

std::vector<Finding> compare_headers(const Subject& subject, const std::vector<const yaml::Node*>& declared) {
  const auto named = around::bases_in_headers(*subject.repository);
  if (named.empty()) return {};
  for (const yaml::Node* base : declared) {
    if (around::is_model_of_header(*subject.repository, base->text)) return {};
    for (const around::NamedBase& one : named) {
      if (around::same_model(base->text, one.id) || !header_refutes(subject, *base, one.id)) return {};
    }
  }
  const yaml::Node& base = *declared.front();
  return {refuted(around::evidence_of(base), named.front().quote,
                  "The front matter names " + text::excerpt(base.text, 100) +
                      " as the base model, but the header of " + named.front().quote.path + " names " +
                      text::excerpt(named.front().id, 100) + ".",
                  kRemedy, "base_model")};
}

}  // namespace

std::vector<Finding> repository_base_model_conflict(const Subject& subject) {
  const auto declared = around::declared_bases(subject.card);
  if (declared.empty()) return {};
  const auto named = around::base_in_files(*subject.repository);
  if (!named || !named->adapter) {
    auto findings = compare_families(subject, declared);
    return findings.empty() ? compare_headers(subject, declared) : findings;
  }
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
