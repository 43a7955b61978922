// SPDX-License-Identifier: Apache-2.0
#pragma once
// A repository of this machine, read once for an audit: what stands at a commit and what led to it.

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/readings.h"
#include "engine/repository_facts.h"

namespace cardwarden::cli {

// What the user vouches for.
struct AuditSources {
  std::vector<AllowedSigner> signers;
  std::string model_key;  // PEM; may be empty
};

// Owns what `facts` points to; may be moved.
struct RepositoryToAudit {
  std::string folder;  // of the working tree, else of the bare repository; with a slash at its end
  std::unique_ptr<Snapshot> snapshot;
  std::unique_ptr<WeightFacts> weights;
  std::unique_ptr<History> history;    // null where it cannot be read
  std::unique_ptr<Readings> readings;  // null without a timeline
  std::unique_ptr<Timeline> timeline;
  RepositoryFacts facts;
};

// `path` and `ref` as Repository::open() and Repository::resolve() take them.
Result<RepositoryToAudit> read_repository(const std::string& path, const std::string& ref,
                                          const AuditSources& sources);

// Reads every revision of the card for the rules that see the timeline. Nothing where nobody read a history.
// `options.repository` is the path; `cache` may be null. An Error is a rule author's mistake.
Done add_timeline(RepositoryToAudit& opened, const RuleBook& book, const ReadingOptions& options,
                  ResultCache* cache);

}  // namespace cardwarden::cli
