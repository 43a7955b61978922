// SPDX-License-Identifier: Apache-2.0
#include "cli/audit_repository.h"

#include "repository/lfs_store.h"

namespace cardwarden::cli {

Result<RepositoryToAudit> read_repository(const std::string& path, const std::string& ref,
                                          const AuditSources& sources) {
  auto repository = Repository::open(path);
  if (!repository) return repository.error();
  const auto commit = repository->resolve(ref);
  if (!commit) return commit.error();
  auto snapshot = read_snapshot(*repository, *commit);
  if (!snapshot) return snapshot.error();
  auto signature = check_commit_signature(*repository, *commit, sources.signers);
  if (!signature) return signature.error();

  RepositoryToAudit out;
  out.folder = repository->is_bare() ? repository->git_folder() : repository->work_folder();
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
  out.facts.commit_signature = std::move(*signature);
  for (const TextFile& one : out.snapshot->signatures) {
    out.facts.model_signatures.push_back(
        check_model_signature(*repository, *out.snapshot, one, sources.model_key));
  }
  return out;
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
