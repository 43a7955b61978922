// SPDX-License-Identifier: Apache-2.0
#pragma once
// The files of a repository at one commit, and what the known ones among them say. No file is checked out;
// LFS pointers stay pointers. A bound that is hit, an object that is missing and a known file that cannot be
// read are facts of the snapshot (`notes`, `truncated`), not errors: only a commit that cannot be read is an
// Error.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "repository/blob_source.h"
#include "repository/lfs.h"
#include "repository/license_text.h"
#include "repository/model_files.h"
#include "repository/repository.h"

namespace cardwarden {

struct SnapshotLimits {
  std::size_t files = 200'000;  // entries of all trees; the largest repositories of the Hub have 100,000
  std::size_t trees = 50'000;   // folders
  std::size_t depth = 64;       // of folders
  std::uint64_t tree_bytes = 64U << 20U;  // of one tree
  std::uint64_t all_tree_bytes = 512U << 20U;
  std::uint64_t commit_bytes = 16U << 20U;  // of a commit object
  std::uint64_t text_bytes = 4U << 20U;     // of a known text file; an index of shards may have index_bytes
  std::uint64_t index_bytes = 64U << 20U;
  std::uint64_t card_bytes = 16U << 20U;  // of README.md
  std::size_t known_files = 2000;         // known files read in all
};

struct SnapshotFile {
  std::string path;  // from the root, '/' between folders; any bytes
  std::uint32_t mode = 0;
  EntryKind kind = EntryKind::file;
  ObjectId blob;           // of a submodule: the commit it names
  std::uint64_t size = 0;  // bytes of the blob; of a submodule 0
  bool missing = false;    // the object is not in the repository (a partial or damaged clone)
  std::optional<LfsPointer> lfs;

  std::string_view name() const;    // after the last '/'
  std::string_view folder() const;  // before it, without the '/'; empty at the root
  std::uint64_t content_size() const { return lfs ? lfs->size : size; }  // of what a user gets, in bytes
  bool is_regular() const { return kind == EntryKind::file || kind == EntryKind::executable; }
};

enum class LicenseRole : std::uint8_t { license, notice, use_policy };

struct LicenseFile {
  std::string path;
  LicenseRole role = LicenseRole::license;
  std::string text;
  LicenseReading reading;  // its spans are in `text`
};

struct TextFile {
  std::string path;
  ObjectId blob;
  std::string bytes;
};

// Something that could not be read as it should, in words. Never a judgement.
struct Note {
  std::string path;
  std::string message;
};

struct Snapshot {
  ObjectId commit_id;
  Commit commit;
  std::vector<SnapshotFile> files;  // sorted by path, byte by byte
  bool truncated = false;           // a bound of SnapshotLimits was hit while the trees were read
  std::vector<Note> notes;

  std::optional<TextFile> card;  // README.md of the root
  std::vector<LfsPattern> lfs_patterns;
  std::vector<LicenseFile> licenses;
  std::vector<ModelConfig> configs;
  std::vector<GenerationConfig> generation_configs;
  std::vector<TokenizerConfig> tokenizer_configs;
  std::vector<AdapterConfig> adapter_configs;
  std::vector<ShardIndex> shard_indexes;
  std::vector<NamedNumber> results;
  std::vector<EvalResult> eval_results;
  std::vector<Citation> citations;
  std::vector<TextFile> signatures;  // model.sig and other *.sig that are JSON

  const SnapshotFile* find(std::string_view path) const;
};

Result<Snapshot> read_snapshot(const Repository& repository, const ObjectId& commit,
                               const SnapshotLimits& limits = {});

// Sizes, pointers and known files of a snapshot whose `files` are listed and sorted.
void read_known_files(const BlobSource& blobs, const SnapshotLimits& limits, Snapshot& out);

}  // namespace cardwarden
