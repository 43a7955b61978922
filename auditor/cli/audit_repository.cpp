// SPDX-License-Identifier: Apache-2.0
#include "cli/audit_repository.h"

#include <algorithm>

#include "base/files.h"
#include "cli/version.h"
#include "policy/pipeline.h"
#include "repository/lfs_store.h"

namespace cardwarden::cli {
namespace {

// Files without secrets need not be read again. Secrets themselves are kept nowhere.
SecretFiles read_secrets(const Repository& repository, const Snapshot& snapshot, ResultCache* cache) {
  const SecretSearch search = plan_secret_search(snapshot);
  const std::string key = "no-secrets\n" + std::string(kVersion) + "\n" + std::string(kCommit) + "\n" +
                          (cache != nullptr ? search.digest() : std::string());
  if (cache != nullptr && cache->get(key)) return {{}, search.unread};
  SecretFiles out = search_secrets(blobs_of(repository), search);
  const bool all_read = out.unread.size() == search.unread.size();
  if (cache != nullptr && out.secrets.empty() && all_read) cache->put(key, "none");
  return out;
}

}  // namespace

Result<AuditSources> read_audit_sources(const std::string& allowed_signers, const std::string& model_key) {
  AuditSources out;
  if (!allowed_signers.empty()) {
    const auto text = read_whole_file(allowed_signers);
    if (!text) return text.error();
    auto signers = parse_allowed_signers(*text, allowed_signers);
    if (!signers) return signers.error();
    out.signers = *std::move(signers);
  }
  if (!model_key.empty()) {
    auto key = read_whole_file(model_key);
    if (!key) return key.error();
    out.model_key = *std::move(key);
  }
  return out;
}

Result<RepositoryToAudit> read_repository(const NamedRepository& named, const std::string& ref,
                                          const AuditSources& sources, ResultCache* cache) {
  const Repository* const repository = &named.repository;
  const auto commit = repository->resolve(ref);
  if (!commit) return commit.error();
  auto snapshot = read_snapshot(*repository, *commit);
  if (!snapshot) return snapshot.error();
  auto signature = check_commit_signature(*repository, *commit, sources.signers);
  if (!signature) return signature.error();

  RepositoryToAudit out;
  out.path = named.path;
  out.folder = folder_of(*repository);
  out.name = named.name;
  out.kind = named.kind;
  out.fetched = named.fetched;
  out.snapshot = std::make_unique<Snapshot>(std::move(*snapshot));
  out.weights =
      std::make_unique<WeightFacts>(read_weights(*repository, *out.snapshot, local_lfs_store(*repository)));
  // A history that cannot be read leaves out the rules that need one; the snapshot stands all the same.
  auto history = read_history(*repository, *commit);
  if (history) {
    out.history = std::make_unique<History>(std::move(*history));
  } else {
    out.snapshot->notes.push_back({"", "The history cannot be read: " + history.error().text()});
  }
  out.facts.snapshot = out.snapshot.get();
  out.facts.weights = out.weights.get();
  out.facts.history = out.history.get();
  out.secrets = std::make_unique<SecretFiles>(read_secrets(*repository, *out.snapshot, cache));
  out.facts.secrets = out.secrets.get();
  out.facts.commit_signature = std::move(*signature);
  for (const TextFile& one : out.snapshot->signatures) {
    out.facts.model_signatures.push_back(
        check_model_signature(*repository, *out.snapshot, one, sources.model_key));
  }
  return out;
}

std::string card_policy_path(const Session& session, const RepositoryToAudit& opened) {
  constexpr const char* kCardPath = "README.md";
  if (opened.fetched) return kCardPath;
  const std::string whole = opened.folder + kCardPath;
  std::string known = session.policy_path(whole);
  return known == whole ? std::string(kCardPath) : known;
}

bool needs_timeline(const Policy& policy, const RuleBook& book) {
  const std::vector<std::string> needed = needed_rules(policy);
  return std::any_of(needed.begin(), needed.end(), [&](const std::string& id) {
    const Rule* rule = book.find(id);
    return rule != nullptr && rule->needs_timeline;
  });
}

Done add_timeline(RepositoryToAudit& opened, const RuleBook& book, const ReadingOptions& options,
                  ResultCache* cache) {
  if (!opened.history) return Nothing{};
  auto repository = Repository::open(options.repository);
  if (!repository) return repository.error();
  CardReader reader(book, *repository, options, cache);
  for (const CardRevision& revision : opened.history->revisions) {
    if (revision.blob) reader.add(*revision.blob);
  }
  for (const ObjectId& blob : blobs_of(*opened.history)) reader.add(blob);
  auto read = reader.finish();
  if (!read) return read.error();
  opened.readings = std::make_unique<Readings>(std::move(read->readings));
  opened.timeline = std::make_unique<Timeline>(make_timeline(*opened.history, *opened.readings));
  opened.facts.timeline = opened.timeline.get();
  return Nothing{};
}

}  // namespace cardwarden::cli
