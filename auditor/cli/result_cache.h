// SPDX-License-Identifier: Apache-2.0
#pragma once
// Results of earlier runs, kept in a folder of files, one an entry. The key says all that the value depends
// on (blob, digest of rules or policy, version of the tool), so an entry is never wrong, only unused. A file
// holds its key and the digest of its bytes: one that is damaged, cut short or of another key is as if it
// were not there. Files are written beside and renamed, so any number of processes may share the folder.
// Losing the folder costs time and nothing else; that is why nothing here is ever an Error.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cardwarden::cli {

constexpr std::uint64_t kMaxCacheBytes = 256U << 20U;     // of all entries; the oldest go first
constexpr std::uint64_t kMaxCacheEntryBytes = 4U << 20U;  // larger values are not kept

class ResultCache {
 public:
  explicit ResultCache(std::string folder, std::uint64_t max_bytes = kMaxCacheBytes)
      : folder_(std::move(folder)), max_bytes_(max_bytes) {}
  ResultCache(const ResultCache&) = delete;
  ResultCache& operator=(const ResultCache&) = delete;
  ~ResultCache();  // brings the folder under its bound when something was written

  std::optional<std::string> get(std::string_view key) const;
  void put(std::string_view key, std::string_view value);

 private:
  std::string path_of(std::string_view key) const;

  std::string folder_;
  std::uint64_t max_bytes_;
  std::uint64_t written_ = 0;  // entries of this process
};

// "$XDG_CACHE_HOME/cardwarden/results", else below $HOME; nothing when the environment names neither.
std::optional<std::string> default_cache_folder();

}  // namespace cardwarden::cli
