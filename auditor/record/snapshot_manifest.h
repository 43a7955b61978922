// SPDX-License-Identifier: Apache-2.0
#pragma once
// The SHA-256 of every file of a snapshot, so that a record about a commit does not rest on SHA-1 alone.
// Every blob is read and hashed under its git name and anew; of an LFS pointer the digest is the one it
// names. Format: docs/formats/record.md.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "record/statement.h"
#include "repository/repository.h"
#include "repository/snapshot.h"

namespace cardwarden {

constexpr std::uint64_t kMaxManifestBlobBytes = 512U
                                                << 20U;  // of one file in git; the Hub wants LFS from 10 MB
constexpr std::uint64_t kMaxManifestBytes = std::uint64_t{16} << 30U;  // of all files in git together

// One entry a file. Fails for a snapshot that was cut off, for an object that is missing or damaged, and over
// the bounds: a digest over less than the whole would say more than it knows.
Result<std::vector<ManifestEntry>> snapshot_manifest(const Repository& repository, const Snapshot& snapshot);

// The subject that stands for the commit: "NAME@" and its 40 digits.
Result<StatementSubject> commit_subject(const std::string& name, const Snapshot& snapshot,
                                        const Hash& manifest);

}  // namespace cardwarden
