// SPDX-License-Identifier: Apache-2.0
#include "record/snapshot_manifest.h"

#include <utility>

#include "base/text.h"

namespace cardwarden {
namespace {

Error about(const SnapshotFile& file, const Error& why) {
  return {why.code, "The digest of " + text::printable(file.path) + " cannot be made: " + why.message};
}

Result<Hash> digest_of(const Repository& repository, const SnapshotFile& file) {
  if (file.lfs) return hash_from_hex(file.lfs->oid);
  // What a submodule holds is in another repository; its commit is all that stands here.
  if (file.kind == EntryKind::submodule) return sha256(file.blob.hex() + "\n");
  const auto bytes = repository.read_blob(file.blob, kMaxManifestBlobBytes);
  if (!bytes) return bytes.error();
  return sha256(*bytes);
}

}  // namespace

Result<std::vector<ManifestEntry>> snapshot_manifest(const Repository& repository, const Snapshot& snapshot) {
  if (snapshot.truncated) {
    return Error(ErrorCode::too_large,
                 "The commit has more files than were read, so that no digest can stand for all of them.");
  }
  std::uint64_t bytes = 0;
  std::vector<ManifestEntry> out;
  out.reserve(snapshot.files.size());
  for (const SnapshotFile& file : snapshot.files) {
    bytes += file.lfs ? 0 : file.size;
    if (bytes > kMaxManifestBytes) {
      return Error(ErrorCode::too_large, "The files of the commit have more than " +
                                             std::to_string(kMaxManifestBytes) +
                                             " bytes beside LFS (kMaxManifestBytes).");
    }
    auto digest = digest_of(repository, file);
    if (!digest) return about(file, digest.error());
    out.push_back({file.path, *digest});
  }
  return out;
}

Result<StatementSubject> commit_subject(const std::string& name, const Snapshot& snapshot,
                                        const Hash& manifest) {
  if (name.empty()) return Error(ErrorCode::usage, "A repository in a record has a name.");
  const std::string commit = snapshot.commit_id.hex();
  return StatementSubject{
      name + "@" + commit,
      {{"sha256", hex(manifest)}, {"gitCommit", commit}, {"gitTree", snapshot.commit.tree.hex()}}};
}

}  // namespace cardwarden
