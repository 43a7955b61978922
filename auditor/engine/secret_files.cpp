// SPDX-License-Identifier: Apache-2.0
#include "engine/secret_files.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "crypto/bytes.h"
#include "evidence/secrets.h"
#include "repository/weights.h"

namespace cardwarden {
namespace {

bool is_one_of(std::string_view name, const std::string_view* begin, const std::string_view* end) {
  return std::find(begin, end, name) != end;
}

std::string_view ending(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
}

// Formats that are no text, so that they do not use up the bounds.
bool is_binary_name(const SnapshotFile& file, std::string_view name) {
  static constexpr std::string_view kEndings[] = {
      "7z",  "arrow", "avi",   "bmp",  "bz2", "class", "dll",     "dylib",   "exe",   "feather", "flac",
      "gif", "gz",    "h5",    "hdf5", "ico", "jar",   "jpeg",    "jpg",     "lmdb",  "m4a",     "mkv",
      "mov", "mp3",   "mp4",   "ogg",  "orc", "otf",   "p12",     "parquet", "pdf",   "png",     "pyc",
      "rar", "so",    "spm",   "tar",  "tif", "tiff",  "ttf",     "wasm",    "wav",   "webm",    "webp",
      "whl", "woff",  "woff2", "xz",   "zip", "zst",   "msgpack", "npy",     "model", "db",      "sqlite"};
  return weight_format_of(file.path).has_value() ||
         is_one_of(ending(name), std::begin(kEndings), std::end(kEndings));
}

// Lists of pieces of words, as tokenizers have them.
bool is_vocabulary(std::string_view name) {
  static constexpr std::string_view kNames[] = {"tokenizer.json", "merges.txt", "vocab", "dict.txt",
                                                "bpe.codes"};
  static constexpr std::string_view kEndings[] = {"vocab", "bpe", "tiktoken"};
  return is_one_of(name, std::begin(kNames), std::end(kNames)) || name.substr(0, 6) == "vocab." ||
         is_one_of(ending(name), std::begin(kEndings), std::end(kEndings));
}

bool is_for_tests(std::string_view folder) {
  static constexpr std::string_view kFolders[] = {
      "test",      "tests",        "testing",  "__tests__", "fixture",   "fixtures",      "test_data",
      "test-data", "__fixtures__", "testdata", "mocks",     "__mocks__", "test_fixtures", "test-fixtures"};
  for (const std::string_view part : text::split(folder, '/')) {
    if (is_one_of(part, std::begin(kFolders), std::end(kFolders))) return true;
  }
  return false;
}

// What is written by hand or by programs as text. Only these are missed where they are too large: what has
// another ending and is so large is rarely text.
bool is_text_name(std::string_view name) {
  static constexpr std::string_view kEndings[] = {
      "bat",  "c",     "cfg", "conf", "cpp", "csv",  "env", "h",   "html", "ini", "ipynb", "js",
      "json", "jsonl", "log", "lua",  "md",  "pem",  "php", "pl",  "ps1",  "py",  "r",     "rb",
      "rs",   "rst",   "sh",  "sql",  "tex", "toml", "ts",  "tsv", "txt",  "xml", "yaml",  "yml"};
  return is_one_of(ending(name), std::begin(kEndings), std::end(kEndings));
}

std::string mebibytes(std::uint64_t bytes) { return std::to_string(bytes >> 20U) + " MiB"; }

// One note for a reason, with the first path that it concerns.
class Unread {
 public:
  explicit Unread(std::vector<Note>& notes) : notes_(notes) {}
  void add(const SnapshotFile& file) {
    if (count_++ == 0) first_ = file.path;
  }
  void tell(const std::string& why) {
    if (count_ == 0) return;
    notes_.push_back(
        {first_, text::plural(count_, "text file is", "text files are") + " not looked through: " + why});
  }

 private:
  std::vector<Note>& notes_;
  std::string first_;
  std::size_t count_ = 0;
};

}  // namespace

SecretSearch plan_secret_search(const Snapshot& snapshot, const SecretLimits& limits) {
  SecretSearch out;
  Unread large(out.unread);
  Unread missing(out.unread);
  for (const SnapshotFile& file : snapshot.files) {
    if (!file.is_regular() || file.lfs || file.path == "README.md") continue;
    const std::string name = text::lower_ascii(file.name());
    if (is_binary_name(file, name) || is_vocabulary(name) || is_for_tests(text::lower_ascii(file.folder())))
      continue;
    if (file.missing) {
      if (is_text_name(name)) missing.add(file);
    } else if (file.size > limits.file_bytes) {
      if (is_text_name(name)) large.add(file);
    } else if (file.size > 0) {
      out.files.push_back(&file);
    }
  }
  if (snapshot.truncated)
    out.unread.push_back({"", "Files are not looked through: the listing of the commit ends early."});
  std::stable_sort(out.files.begin(), out.files.end(),
                   [](const SnapshotFile* a, const SnapshotFile* b) { return a->size < b->size; });
  std::uint64_t bytes = 0;
  std::size_t taken = 0;
  while (taken < out.files.size() && taken < limits.files &&
         bytes + out.files[taken]->size <= limits.all_bytes)
    bytes += out.files[taken++]->size;
  Unread many(out.unread);
  for (std::size_t i = taken; i < out.files.size(); ++i) many.add(*out.files[i]);
  large.tell("a file may have " + mebibytes(limits.file_bytes) + " (SecretLimits::file_bytes).");
  many.tell(taken == limits.files
                ? "at most " + std::to_string(limits.files) + " are read (SecretLimits::files)."
                : "at most " + mebibytes(limits.all_bytes) + " are read in all (SecretLimits::all_bytes).");
  missing.tell("the clone does not have them.");
  out.files.resize(taken);
  return out;
}

std::string SecretSearch::digest() const {
  std::string all;
  for (const SnapshotFile* file : files) all += file->blob.hex() + "\n";
  return sha256_hex(all);
}

SecretFiles search_secrets(const BlobSource& blobs, const SecretSearch& search, const SecretLimits& limits) {
  SecretFiles out;
  out.unread = search.unread;
  Unread broken(out.unread);
  for (const SnapshotFile* file : search.files) {
    const auto bytes = blobs.read(file->blob, limits.file_bytes);
    if (!bytes) {
      broken.add(*file);
      continue;
    }
    if (bytes->find('\0') < kTextProbeBytes) continue;
    const std::vector<Secret> found = find_secrets(*bytes);
    if (found.empty()) continue;
    const LineIndex lines(*bytes);
    for (const Secret& secret : found) {
      out.secrets.push_back({file->path, lines.line_of(secret.span.begin), named_secret(*bytes, secret),
                             shown_secret(*bytes, secret), std::string(secret.span.of(*bytes))});
    }
  }
  broken.tell("their objects cannot be read.");
  std::stable_sort(out.secrets.begin(), out.secrets.end(),
                   [](const FileSecret& a, const FileSecret& b) { return a.path < b.path; });
  return out;
}

}  // namespace cardwarden
