// SPDX-License-Identifier: Apache-2.0
#pragma once
// The small repository that a case of a rule describes, made in memory, without git. Weights are described by
// their tensors and cost their headers only. Format: docs/formats/rule.md.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/yaml.h"
#include "engine/repository_facts.h"
#include "engine/secret_files.h"

namespace cardwarden {

constexpr std::size_t kMaxCaseFiles = 1000;
constexpr std::size_t kMaxCaseTensors = 1000;  // of one file

// What `repository`, `commit` and `history` of a case say, read and ready to be looked at.
class CaseRepository {
 public:
  // `files` may be null, then the card stands alone at its commit; so may the others. `card` is the README.md
  // unless `files` has one. An error's `where` is empty; its span is given through `wrong`.
  static Result<std::shared_ptr<const CaseRepository>> make(std::string_view card, const yaml::Node* files,
                                                            const yaml::Node* commit,
                                                            const yaml::Node* history, Span& wrong);

  const RepositoryFacts& facts() const { return facts_; }
  // The card as earlier revisions of `history` have it, by blob; empty where the case gives no texts.
  const std::vector<std::pair<ObjectId, std::string>>& revisions() const { return revisions_; }

 private:
  CaseRepository() = default;
  Snapshot snapshot_;
  WeightFacts weights_;
  SecretFiles secrets_;
  std::optional<History> history_;
  std::vector<std::pair<ObjectId, std::string>> revisions_;
  RepositoryFacts facts_;
};

}  // namespace cardwarden
