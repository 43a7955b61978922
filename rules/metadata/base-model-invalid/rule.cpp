// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <array>

#include "engine/metadata.h"

namespace cardwarden::rules {
namespace {

constexpr std::array<std::string_view, 4> kRelations = {"adapter", "merge", "quantized", "finetune"};

}  // namespace

std::vector<Finding> metadata_base_model_invalid(const Subject& subject) {
  if (subject.card.kind != Kind::model) return {};
  std::vector<Finding> out;
  const metadata::Value base = metadata::select_one(subject.card, "base_model");
  for (const metadata::Value& value : metadata::one_or_many(base)) {
    if (metadata::full(out)) break;
    if (value.blank() && base.node->is_sequence()) {
      out.push_back(violated(value.span.empty() ? base.span : value.span, "An entry of base_model is empty.",
                             "Write the id of the model, owner/name, or remove the entry.", value.path));
    }
    metadata::expect_repository_id(value, "model", out);
  }
  metadata::expect_listed(metadata::select_one(subject.card, "base_model_relation"),
                          {"a relation to a base model", kRelations}, out);
  return out;
}

}  // namespace cardwarden::rules
