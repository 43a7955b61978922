// SPDX-License-Identifier: Apache-2.0
#include "cli/result_cache.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <vector>

#include "base/files.h"
#include "crypto/bytes.h"

namespace cardwarden::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "cardwarden-result/1\n";
constexpr std::string_view kSuffix = ".result";

std::string entry_text(std::string_view key, std::string_view value) {
  std::string rest = std::to_string(key.size()) + "\n" + std::string(key);
  rest += value;
  return std::string(kMagic) + sha256_hex(rest) + "\n" + rest;
}

// The value of an entry, when it is whole and of this key.
std::optional<std::string> value_of(std::string_view text, std::string_view key) {
  constexpr std::size_t kDigest = 64;
  if (text.substr(0, kMagic.size()) != kMagic) return std::nullopt;
  text.remove_prefix(kMagic.size());
  if (text.size() <= kDigest || text[kDigest] != '\n') return std::nullopt;
  const std::string_view digest = text.substr(0, kDigest);
  const std::string_view rest = text.substr(kDigest + 1);
  if (sha256_hex(rest) != digest) return std::nullopt;
  const std::string head = std::to_string(key.size()) + "\n" + std::string(key);
  if (rest.substr(0, head.size()) != head) return std::nullopt;
  return std::string(rest.substr(head.size()));
}

}  // namespace

std::string ResultCache::path_of(std::string_view key) const {
  const std::string name = sha256_hex(key);
  return folder_ + "/" + name.substr(0, 2) + "/" + name.substr(2) + std::string(kSuffix);
}

std::optional<std::string> ResultCache::get(std::string_view key) const {
  const auto text = read_whole_file(path_of(key), kMaxCacheEntryBytes + 4096);
  return text ? value_of(*text, key) : std::nullopt;
}

void ResultCache::put(std::string_view key, std::string_view value) {
  if (value.size() > kMaxCacheEntryBytes) return;
  const std::string path = path_of(key);
  std::error_code error;
  fs::create_directories(fs::path(path).parent_path(), error);
  static std::atomic<unsigned> writings{0};  // threads of this process may write one entry at once
  const std::string temporary =
      path + "." + std::to_string(::getpid()) + "-" + std::to_string(writings.fetch_add(1));
  std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
  out << entry_text(key, value);
  out.close();
  if (out.fail() || std::rename(temporary.c_str(), path.c_str()) != 0) {
    std::remove(temporary.c_str());
    return;
  }
  ++written_;
}

ResultCache::~ResultCache() {
  if (written_ == 0) return;
  struct File {
    fs::file_time_type time;
    std::uint64_t size = 0;
    fs::path path;
  };
  std::vector<File> files;
  std::uint64_t all = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder_, error), end; !error && at != end; at.increment(error)) {
    std::error_code gone;  // another process may take files away meanwhile
    if (!at->is_regular_file(gone) || at->path().string().find(kSuffix) == std::string::npos) continue;
    File file{at->last_write_time(gone), at->file_size(gone), at->path()};
    if (gone) continue;
    all += file.size;
    files.push_back(std::move(file));
  }
  if (all <= max_bytes_) return;
  std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.time < b.time; });
  for (const File& file : files) {
    if (all <= max_bytes_ / 2) break;  // so that not every run tidies up
    fs::remove(file.path, error);
    all -= file.size;
  }
}

std::optional<std::string> default_cache_folder() {
  const Host host = system_host();
  const auto absolute = [&](const char* name) -> std::optional<std::string> {
    auto folder = host.environment(name);
    return folder && folder->substr(0, 1) == "/" ? folder : std::nullopt;
  };
  if (const auto folder = absolute("XDG_CACHE_HOME")) return *folder + "/cardwarden/results";
  if (const auto folder = absolute("HOME")) return *folder + "/.cache/cardwarden/results";
  return std::nullopt;
}

}  // namespace cardwarden::cli
