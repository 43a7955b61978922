// SPDX-License-Identifier: Apache-2.0
#pragma once
// A git repository on this machine, read only: its object store, its references and, where asked, what is
// staged; never its working tree.
// Nothing is checked out, no hook, filter or configuration of the user is run or read, and replace references
// are not followed, so the bytes are those that were committed. The only door to libgit2.
//
// The repository is hostile. Objects are read whole up to a bound that the caller names; a missing object is
// ErrorCode::not_found, one over the bound ErrorCode::too_large, a damaged one ErrorCode::format. One thread
// at a time for one Repository; several Repositories may be used from several threads.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "repository/object.h"

namespace cardwarden {

struct Object {
  ObjectType type = ObjectType::blob;
  std::string bytes;
};

struct ObjectHeader {
  ObjectType type = ObjectType::blob;
  std::uint64_t size = 0;  // bytes when unpacked
};

// Bytes that stay where the store unpacked them, for as long as `owner` lives.
struct SharedBytes {
  std::shared_ptr<const void> owner;
  std::string_view bytes;
};

struct Reference {
  std::string name;  // "refs/tags/v1.0"
  ObjectId id;       // of a tag object, where the tag is annotated
};

constexpr std::size_t kMaxRevisionBytes = 512;   // of a revision as a user writes it
constexpr std::size_t kMaxReferences = 100'000;  // the largest repositories of the Hub have a few thousand
constexpr std::size_t kMaxShallowBytes = 16U << 20U;  // of the file that lists where a shallow clone ends

// Whether bytes that were read are hashed again and compared with the id. A history walk trusts the store.
enum class Verify : std::uint8_t { no, yes };

class Repository {
 public:
  // `path` is a working tree, a bare repository, or a file or folder inside one. Owners of files are not
  // compared with the user (git's "dubious ownership"): that check keeps configuration from starting
  // programs, and nothing here starts any.
  static Result<Repository> open(const std::string& path);
  Repository(Repository&&) noexcept;
  Repository& operator=(Repository&&) noexcept;
  ~Repository();

  const std::string& git_folder() const;   // the common folder, with a slash at its end
  const std::string& work_folder() const;  // with a slash at its end; empty when bare
  bool is_bare() const;
  bool is_shallow() const;
  bool is_partial() const;      // objects may be absent by a clone filter
  bool has_alternates() const;  // objects are also read from another folder of this machine
  const std::vector<ObjectId>& shallow_commits() const;  // sorted; their parents are cut off

  // A branch, tag, object id (also short) or an expression such as "HEAD~3", peeled to a commit. Searches of
  // messages (":/text", "^{/text}") and reflog dates are refused.
  Result<ObjectId> resolve(const std::string& revision) const;

  bool contains(const ObjectId& id) const;
  Result<ObjectHeader> header(const ObjectId& id) const;
  Result<Object> read(const ObjectId& id, std::uint64_t max_bytes, Verify verify = Verify::yes) const;
  // As read(), and it must be of the type.
  Result<std::string> read_as(ObjectType type, const ObjectId& id, std::uint64_t max_bytes,
                              Verify verify = Verify::yes) const;
  // As read_as() without verifying or copying, for walks over many objects.
  Result<SharedBytes> borrow(ObjectType type, const ObjectId& id, std::uint64_t max_bytes) const;
  Result<std::string> read_blob(const ObjectId& id, std::uint64_t max_bytes) const {
    return read_as(ObjectType::blob, id, max_bytes);
  }

  // The blob of a file at a commit; ErrorCode::not_found where the commit has no such file.
  Result<ObjectId> blob_at(const ObjectId& commit, std::string_view path) const;
  // The blob that is staged for the next commit; nothing where the index has no such file, or only sides of a
  // conflict. The index is read each time.
  Result<std::optional<ObjectId>> staged_blob(const std::string& path) const;

  // References below a prefix ("refs/tags/"), sorted by name. Symbolic references are followed.
  Result<std::vector<Reference>> references(std::string_view prefix) const;

 private:
  struct Handle;
  struct Read;
  Result<Read> read_object(const ObjectId& id, std::uint64_t max_bytes) const;
  explicit Repository(std::unique_ptr<Handle> handle);
  std::unique_ptr<Handle> handle_;
};

}  // namespace cardwarden
