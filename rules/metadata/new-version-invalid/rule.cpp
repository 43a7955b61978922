// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include "engine/metadata.h"

namespace cardwarden::rules {

std::vector<Finding> metadata_new_version_invalid(const Subject& subject) {
  if (subject.card.kind != Kind::model) return {};
  std::vector<Finding> out;
  const metadata::Value value = metadata::select_one(subject.card, "new_version");
  if (!value.exists() || value.blank()) return out;
  if (!value.node->is_scalar()) {
    out.push_back(violated(value.span, "new_version is not the id of one model.", "Write one id, owner/name.",
                           value.path));
    return out;
  }
  metadata::expect_repository_id(value, "model", out);
  return out;
}

}  // namespace cardwarden::rules
