// SPDX-License-Identifier: Apache-2.0
#pragma once
// Secrets in the text files of a commit. Read are files that git has itself (no LFS, no links, no
// submodules), the smallest first, but for
//   - README.md of the root, which governance/secret-in-card reads,
//   - formats of weights, pictures, sound, archives and tables of bytes, known by their endings,
//   - vocabularies (tokenizer.json, vocab.*, merges.txt), which are long lists of pieces of words,
//   - what lies in a folder of tests or fixtures, where keys are made up to be used,
//   - files with a zero byte in their first kTextProbeBytes, as git tells text from binary.
// A bound that is hit is said in `unread`. Pure but for the blobs that are handed in; nothing fails.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "repository/blob_source.h"
#include "repository/snapshot.h"

namespace cardwarden {

struct SecretLimits {
  std::uint64_t file_bytes = 4U << 20U;  // of one file, as SnapshotLimits::text_bytes
  std::uint64_t all_bytes = 64U << 20U;  // of all files that are read
  std::size_t files = 5000;              // files that are read
};
constexpr std::size_t kTextProbeBytes = 8000;  // FIRST_FEW_BYTES of git's xdiff-interface.c

struct FileSecret {
  std::string path;
  std::uint32_t line = 0;  // 1-based
  std::string named;       // "a GitHub token (ghp_…)"
  std::string shown;       // "ghp_…"
  std::string words;       // the secret: for masking, shown to nobody
};

struct SecretFiles {
  std::vector<FileSecret> secrets;  // in the order of the paths, then of the text
  std::vector<Note> unread;         // what could not be looked through, and why; at most one for each reason
};

// Which files would be read, before one is opened.
struct SecretSearch {
  std::vector<const SnapshotFile*> files;  // of the snapshot, which outlives the search; the smallest first
  std::vector<Note> unread;

  // A digest of what the answer depends on: equal searches of any repository have equal answers.
  std::string digest() const;
};
SecretSearch plan_secret_search(const Snapshot& snapshot, const SecretLimits& limits = {});

SecretFiles search_secrets(const BlobSource& blobs, const SecretSearch& search,
                           const SecretLimits& limits = {});

}  // namespace cardwarden
