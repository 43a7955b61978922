// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a record keeps of the repository that was audited, and how a replay tells what has changed since.
// Format: docs/formats/record.md.

#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "cli/audit_repository.h"
#include "record/statement.h"
#include "store/store.h"

namespace cardwarden::cli {

// Files that the auditor vouched for; empty: none.
struct VouchedFiles {
  std::string allowed_signers;
  std::string model_key;
};

struct DescribedRepository {
  StatementSubject subject;            // the commit
  std::string json;                    // canonical: the member "repository" of the run
  std::vector<std::string> documents;  // that it names by digest
};
// `name`: what the record calls the repository. Reads every file of the commit that is no LFS pointer.
Result<DescribedRepository> describe_repository(const RepositoryToAudit& opened, const std::string& name,
                                                const VouchedFiles& vouched);

// The commit that a description names.
Result<std::string> recorded_commit(const nlohmann::json& recorded);

// What the repository of now has other than the recorded one, a sentence each, at most kMaxChanges and one
// that counts the rest. Files are told apart while the store keeps the recorded manifest.
constexpr std::size_t kMaxChanges = 20;
Result<std::vector<std::string>> repository_changes(Store& store, const nlohmann::json& recorded,
                                                    const DescribedRepository& now);

}  // namespace cardwarden::cli
