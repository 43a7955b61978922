// SPDX-License-Identifier: Apache-2.0
#include "repository/snapshot.h"

#include <algorithm>

#include "base/text.h"

namespace cardwarden {
namespace {

bool ends_with(std::string_view s, std::string_view end) {
  return s.size() >= end.size() && s.substr(s.size() - end.size()) == end;
}

bool starts_with(std::string_view s, std::string_view start) { return s.substr(0, start.size()) == start; }

// Lists the files below a tree, folders opened from a stack of our own.
class TreeLister {
 public:
  TreeLister(const Repository& repository, const SnapshotLimits& limits, Snapshot& out)
      : repository_(repository), limits_(limits), out_(out) {}

  void list(const ObjectId& root) {
    open_.push_back({"", root, 0});
    while (!open_.empty() && !out_.truncated) {
      const Folder folder = std::move(open_.back());
      open_.pop_back();
      list_one(folder);
    }
    std::sort(out_.files.begin(), out_.files.end(),
              [](const SnapshotFile& a, const SnapshotFile& b) { return a.path < b.path; });
  }

 private:
  struct Folder {
    std::string path;  // with a '/' at its end, empty for the root
    ObjectId id;
    std::size_t depth = 0;
  };

  void stop(const std::string& path, const std::string& why) {
    out_.truncated = true;
    out_.notes.push_back({path, "The listing stops here: " + why + "."});
  }

  void list_one(const Folder& folder) {
    if (++trees_ > limits_.trees) {
      return stop(folder.path, "there are more than " + std::to_string(limits_.trees) +
                                   " folders (SnapshotLimits::trees)");
    }
    const auto bytes = repository_.read_as(ObjectType::tree, folder.id, limits_.tree_bytes);
    if (!bytes) {
      out_.notes.push_back({folder.path, "The folder cannot be read: " + bytes.error().text()});
      return;
    }
    tree_bytes_ += bytes->size();
    if (tree_bytes_ > limits_.all_tree_bytes) {
      return stop(folder.path, "the folders have more than " + std::to_string(limits_.all_tree_bytes) +
                                   " bytes (SnapshotLimits::all_tree_bytes)");
    }
    std::string_view rest = *bytes;
    while (!rest.empty()) {
      const auto entry = next_entry(rest);
      if (!entry) {
        out_.notes.push_back({folder.path, "The folder is malformed; what follows in it is not read."});
        return;
      }
      if (!add(folder, *entry)) return;
    }
  }

  bool add(const Folder& folder, const TreeEntry& entry) {
    std::string path = folder.path + std::string(entry.name);
    if (entry.kind() == EntryKind::folder) {
      if (folder.depth + 1 >= limits_.depth) {
        stop(path, "folders nest deeper than " + std::to_string(limits_.depth) + " (SnapshotLimits::depth)");
        return false;
      }
      open_.push_back({path + "/", entry.id, folder.depth + 1});
      return true;
    }
    if (out_.files.size() >= limits_.files) {
      stop(path, "there are more than " + std::to_string(limits_.files) + " files (SnapshotLimits::files)");
      return false;
    }
    SnapshotFile file;
    file.path = std::move(path);
    file.mode = entry.mode;
    file.kind = entry.kind();
    file.blob = entry.id;
    out_.files.push_back(std::move(file));
    return true;
  }

  const Repository& repository_;
  const SnapshotLimits& limits_;
  Snapshot& out_;
  std::vector<Folder> open_;
  std::size_t trees_ = 0;
  std::uint64_t tree_bytes_ = 0;
};

// Sizes and pointers. Only blobs small enough to be a pointer are read.
void measure(const BlobSource& blobs, Snapshot& out) {
  constexpr std::uint64_t kMinPointerBytes = 100;  // a version, an oid and a size have more
  std::size_t missing = 0;
  for (SnapshotFile& file : out.files) {
    if (file.kind == EntryKind::submodule) continue;
    const auto size = blobs.size(file.blob);
    if (!size) {
      file.missing = true;
      ++missing;
      continue;
    }
    file.size = *size;
    if (!file.is_regular() || file.size < kMinPointerBytes || file.size > kMaxPointerBytes) continue;
    const auto bytes = blobs.read(file.blob, kMaxPointerBytes);
    if (bytes) file.lfs = parse_lfs_pointer(*bytes);
  }
  if (missing > 0) {
    out.notes.push_back({"", "The content of " + text::plural(missing, "file", "files") +
                                 " is not in the repository (a partial or damaged clone)."});
  }
}

class KnownFiles {
 public:
  KnownFiles(const BlobSource& blobs, const SnapshotLimits& limits, Snapshot& out)
      : blobs_(blobs), limits_(limits), out_(out) {}

  void read() {
    for (const SnapshotFile& file : out_.files) {
      if (file.is_regular() && !file.missing) read_one(file);
    }
    // Folders before what is inside them: the innermost pattern decides.
    std::stable_sort(out_.lfs_patterns.begin(), out_.lfs_patterns.end(), [](const auto& a, const auto& b) {
      return std::count(a.file.begin(), a.file.end(), '/') < std::count(b.file.begin(), b.file.end(), '/');
    });
  }

 private:
  // The text of a known file, if it is in git and within the bound.
  std::optional<std::string> text(const SnapshotFile& file, std::uint64_t bound) {
    if (file.lfs) {
      note(file, "The file is kept in LFS and is not read.");
      return std::nullopt;
    }
    if (++count_ > limits_.known_files) {
      if (count_ == limits_.known_files + 1) {
        note(file, "This and later known files are not read: there are more than " +
                       std::to_string(limits_.known_files) + " (SnapshotLimits::known_files).");
      }
      return std::nullopt;
    }
    auto bytes = blobs_.read(file.blob, bound);
    if (!bytes) {
      note(file, bytes.error().text());
      return std::nullopt;
    }
    return std::move(*bytes);
  }

  void note(const SnapshotFile& file, std::string message) {
    out_.notes.push_back({file.path, std::move(message)});
  }

  template <typename T>
  void keep(const SnapshotFile& file, std::uint64_t bound, std::vector<T>& to,
            Result<T> (*reader)(std::string_view, std::string_view)) {
    const auto bytes = text(file, bound);
    if (!bytes) return;
    auto read = reader(*bytes, file.path);
    if (!read) return note(file, read.error().text());
    to.push_back(std::move(*read));
  }

  template <typename T>
  void keep_all(const SnapshotFile& file, std::vector<T>& to,
                Result<std::vector<T>> (*reader)(std::string_view, std::string_view)) {
    const auto bytes = text(file, limits_.text_bytes);
    if (!bytes) return;
    auto read = reader(*bytes, file.path);
    if (!read) return note(file, read.error().text());
    std::move(read->begin(), read->end(), std::back_inserter(to));
  }

  void keep_license(const SnapshotFile& file, LicenseRole role) {
    auto bytes = text(file, limits_.text_bytes);
    if (!bytes) return;
    LicenseFile out{file.path, role, std::move(*bytes), {}};
    if (out.text.size() > kMaxLicenseBytes) {
      note(file,
           "Only the first " + std::to_string(kMaxLicenseBytes) + " bytes are compared (kMaxLicenseBytes).");
    }
    out.reading = read_license(out.text);
    out_.licenses.push_back(std::move(out));
  }

  // Names of licence files, as people write them; code and pictures are none.
  bool read_as_license(const SnapshotFile& file) {
    const std::string name = text::lower_ascii(file.name());
    const std::size_t dot = name.rfind('.');
    const std::string end = dot == std::string::npos ? "" : name.substr(dot);
    if (end == ".py" || end == ".png" || end == ".jpg" || end == ".json" || end == ".yaml" || end == ".yml" ||
        end == ".pdf" || end == ".js") {
      return false;
    }
    const auto starts = [&name](std::string_view start) { return starts_with(name, start); };
    const bool whole = starts("license") || starts("licence") || starts("copying") || starts("unlicense") ||
                       starts("mit-license") || starts("model_license") || starts("model-license") ||
                       starts("license-") || ends_with(name, "_license") || ends_with(name, "_license.txt") ||
                       ends_with(name, "-license") || ends_with(name, "-license.md");
    if (whole) {
      keep_license(file, LicenseRole::license);
    } else if (name == "notice" || name == "notice.txt" || name == "notice.md") {
      keep_license(file, LicenseRole::notice);
    } else if (starts("use_policy") || starts("use-policy") || starts("acceptable_use")) {
      keep_license(file, LicenseRole::use_policy);
    } else {
      return false;
    }
    return true;
  }

  void read_one(const SnapshotFile& file) {
    const std::string_view name = file.name();
    if (file.path == "README.md") {
      auto bytes = text(file, limits_.card_bytes);
      if (bytes) out_.card = TextFile{file.path, file.blob, std::move(*bytes)};
    } else if (name == ".gitattributes") {
      const auto bytes = text(file, kMaxAttributeBytes);
      if (!bytes) return;
      for (LfsPattern& one : parse_lfs_patterns(*bytes, file.path)) {
        if (out_.lfs_patterns.size() < kMaxAttributePatterns) out_.lfs_patterns.push_back(std::move(one));
      }
    } else if (name == "config.json") {
      keep(file, limits_.text_bytes, out_.configs, read_model_config);
    } else if (name == "generation_config.json") {
      keep(file, limits_.text_bytes, out_.generation_configs, read_generation_config);
    } else if (name == "tokenizer_config.json") {
      keep(file, limits_.text_bytes, out_.tokenizer_configs, read_tokenizer_config);
    } else if (name == "adapter_config.json") {
      keep(file, limits_.text_bytes, out_.adapter_configs, read_adapter_config);
    } else if (ends_with(name, ".safetensors.index.json") || ends_with(name, ".bin.index.json")) {
      keep(file, limits_.index_bytes, out_.shard_indexes, read_shard_index);
    } else if (name == "all_results.json" || name == "eval_results.json" || name == "train_results.json" ||
               name == "trainer_state.json") {
      keep_all(file, out_.results, read_results);
    } else if (file.folder() == ".eval_results" && (ends_with(name, ".yaml") || ends_with(name, ".yml"))) {
      keep_all(file, out_.eval_results, read_eval_results);
    } else if (name == "CITATION.cff") {
      keep(file, limits_.text_bytes, out_.citations, read_citation);
    } else if (ends_with(name, ".sig")) {
      auto bytes = text(file, limits_.index_bytes);
      const std::string_view start =
          bytes ? text::trim(std::string_view(*bytes).substr(0, 64)) : std::string_view();
      if (name == "model.sig" || starts_with(start, "{")) {
        if (bytes) out_.signatures.push_back({file.path, file.blob, std::move(*bytes)});
      }
    } else {
      read_as_license(file);
    }
  }

  const BlobSource& blobs_;
  const SnapshotLimits& limits_;
  Snapshot& out_;
  std::size_t count_ = 0;
};

}  // namespace

std::string_view SnapshotFile::name() const {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string_view(path) : std::string_view(path).substr(slash + 1);
}

std::string_view SnapshotFile::folder() const {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string_view() : std::string_view(path).substr(0, slash);
}

const SnapshotFile* Snapshot::find(std::string_view path) const {
  const auto at =
      std::lower_bound(files.begin(), files.end(), path,
                       [](const SnapshotFile& file, std::string_view wanted) { return file.path < wanted; });
  return at != files.end() && at->path == path ? &*at : nullptr;
}

void read_known_files(const BlobSource& blobs, const SnapshotLimits& limits, Snapshot& out) {
  measure(blobs, out);
  KnownFiles(blobs, limits, out).read();
}

Result<Snapshot> read_snapshot(const Repository& repository, const ObjectId& commit,
                               const SnapshotLimits& limits) {
  const auto bytes = repository.read_as(ObjectType::commit, commit, limits.commit_bytes);
  if (!bytes) return bytes.error();
  auto parsed = parse_commit(*bytes);
  if (!parsed) return parsed.error();
  Snapshot out;
  out.commit_id = commit;
  out.commit = std::move(*parsed);
  TreeLister(repository, limits, out).list(out.commit.tree);
  read_known_files(blobs_of(repository), limits, out);
  return out;
}

}  // namespace cardwarden
