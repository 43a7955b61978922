// SPDX-License-Identifier: Apache-2.0
#pragma once
// A repository of this machine, read once for an audit: what stands at a commit and what led to it.

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/readings.h"
#include "cli/repository_argument.h"
#include "cli/session.h"
#include "engine/repository_facts.h"
#include "engine/secret_files.h"
#include "policy/policy.h"

namespace cardwarden::cli {

// What the user vouches for.
struct AuditSources {
  std::vector<AllowedSigner> signers;
  std::string model_key;  // PEM; may be empty
};

// From files; an empty path is nothing vouched for.
Result<AuditSources> read_audit_sources(const std::string& allowed_signers, const std::string& model_key);

// Owns what `facts` points to; may be moved.
struct RepositoryToAudit {
  std::string path;          // for Repository::open()
  std::string folder;        // folder_of() it
  std::string name;          // as a person calls it
  std::optional<Kind> kind;  // what its address or its folders say
  bool fetched = false;      // it stands in the cache: `path` and `folder` mean nothing to a reader
  std::unique_ptr<Snapshot> snapshot;
  std::unique_ptr<WeightFacts> weights;
  std::unique_ptr<History> history;    // null where it cannot be read
  std::unique_ptr<Readings> readings;  // null without a timeline
  std::unique_ptr<Timeline> timeline;
  std::unique_ptr<SecretFiles> secrets;
  RepositoryFacts facts;
};

// `ref` as Repository::resolve() takes it. `cache` may be null; it remembers commits without secrets.
Result<RepositoryToAudit> read_repository(const NamedRepository& named, const std::string& ref,
                                          const AuditSources& sources, ResultCache* cache = nullptr);

// What policies, fingerprints, records and waivers know the card by: its path below the configuration's
// folder, the same as `check` gives the card of a working tree; elsewhere the path in the repository, so that
// it does not depend on the machine.
std::string card_policy_path(const Session& session, const RepositoryToAudit& opened);

// Whether a rule that is on sees the timeline.
bool needs_timeline(const Policy& policy, const RuleBook& book);

// Reads every revision of the card for the rules that see the timeline. Nothing where nobody read a history.
// `options.repository` is `opened.path`; `cache` may be null. An Error is a rule author's mistake.
Done add_timeline(RepositoryToAudit& opened, const RuleBook& book, const ReadingOptions& options,
                  ResultCache* cache);

}  // namespace cardwarden::cli
