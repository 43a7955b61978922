// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include "engine/metadata.h"

namespace cardwarden::rules {
namespace {

void check(const Card& card, std::string_view key, std::string_view what, std::vector<Finding>& out) {
  const metadata::Value field = metadata::select_one(card, key);
  for (const metadata::Value& value : metadata::one_or_many(field)) {
    if (metadata::full(out)) break;
    if (value.blank() && field.node->is_sequence()) {
      out.push_back(violated(value.span.empty() ? field.span : value.span,
                             "An entry of " + std::string(key) + " is empty. The Hub refuses such a list.",
                             "Write the id of the " + std::string(what) + ", or remove the entry.",
                             value.path));
    }
    metadata::expect_repository_id(value, what, out);
  }
}

}  // namespace

std::vector<Finding> metadata_dataset_reference_invalid(const Subject& subject) {
  std::vector<Finding> out;
  if (subject.card.kind != Kind::dataset) check(subject.card, "datasets", "data set", out);
  if (subject.card.kind == Kind::space) check(subject.card, "models", "model", out);
  return out;
}

}  // namespace cardwarden::rules
