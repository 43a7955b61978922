// SPDX-License-Identifier: Apache-2.0
#include "repository/repository.h"

#include <git2.h>

#include <algorithm>
#include <cstring>

#include "base/files.h"
#include "repository/git_library.h"

namespace cardwarden {
namespace {

template <typename T, void (*Free)(T*)>
struct Freer {
  void operator()(T* object) const { Free(object); }
};
template <typename T, void (*Free)(T*)>
using Owned = std::unique_ptr<T, Freer<T, Free>>;

std::string last_words() {
  const git_error* error = git_error_last();
  return error != nullptr && error->message != nullptr ? error->message : "no reason was given";
}

Error git_error_of(int code, const std::string& what, std::string where) {
  const bool missing = code == GIT_ENOTFOUND;
  return {missing ? ErrorCode::not_found : ErrorCode::format, what + ": " + last_words() + ".",
          std::move(where)};
}

git_oid oid_of(const ObjectId& id) {
  git_oid out;
  std::memcpy(out.id, id.bytes.data(), id.bytes.size());
  return out;
}

ObjectId id_of(const git_oid& oid) {
  ObjectId out;
  std::memcpy(out.bytes.data(), oid.id, out.bytes.size());
  return out;
}

bool type_of(git_object_t type, ObjectType& out) {
  switch (type) {
    case GIT_OBJECT_COMMIT:
      out = ObjectType::commit;
      return true;
    case GIT_OBJECT_TREE:
      out = ObjectType::tree;
      return true;
    case GIT_OBJECT_BLOB:
      out = ObjectType::blob;
      return true;
    case GIT_OBJECT_TAG:
      out = ObjectType::tag;
      return true;
    default:
      return false;
  }
}

std::vector<ObjectId> read_shallow(const std::string& git_folder) {
  std::vector<ObjectId> out;
  const auto text = read_whole_file(git_folder + "shallow", kMaxShallowBytes);
  if (!text) return out;
  std::string_view rest = *text;
  while (rest.size() >= 40) {
    if (const auto id = ObjectId::from_hex(rest.substr(0, 40))) out.push_back(*id);
    const std::size_t end = rest.find('\n');
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  std::sort(out.begin(), out.end());
  return out;
}

// Whether a remote has promised to send later what a clone filter left out.
bool has_promisor(git_repository* repository) {
  git_config* config = nullptr;
  if (git_repository_config_snapshot(&config, repository) < 0) return false;
  const Owned<git_config, git_config_free> owned(config);
  // Names are compared here: libgit2 1.5 loses memory with every name that it compares with a pattern.
  git_config_iterator* made = nullptr;
  if (git_config_iterator_new(&made, config) < 0) return false;
  const Owned<git_config_iterator, git_config_iterator_free> iterator(made);
  git_config_entry* entry = nullptr;
  while (git_config_next(&entry, made) == 0) {
    const std::string_view name = entry->name;
    constexpr std::string_view kHead = "remote.";
    constexpr std::string_view kTail = ".promisor";
    if (name.size() > kHead.size() + kTail.size() && name.substr(0, kHead.size()) == kHead &&
        name.substr(name.size() - kTail.size()) == kTail) {
      return true;
    }
  }
  return false;
}

}  // namespace

struct Repository::Handle {
  Owned<git_repository, git_repository_free> repository;
  Owned<git_odb, git_odb_free> store;
  std::string git_folder;
  std::string work_folder;
  std::vector<ObjectId> shallow;
  bool is_shallow = false;
  bool is_partial = false;
  bool has_alternates = false;
};

Repository::Repository(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
Repository::Repository(Repository&&) noexcept = default;
Repository& Repository::operator=(Repository&&) noexcept = default;
Repository::~Repository() = default;

Result<Repository> Repository::open(const std::string& path) {
  use_git_library();
  auto handle = std::make_unique<Handle>();
  git_repository* repository = nullptr;
  int code = git_repository_open_ext(&repository, path.c_str(), GIT_REPOSITORY_OPEN_CROSS_FS, nullptr);
  if (code < 0) {
    if (code == GIT_ENOTFOUND) {
      return Error(ErrorCode::not_found,
                   "Expected a git repository or a path inside one; there is none here or above.", path);
    }
    return git_error_of(code, "The repository cannot be opened", path);
  }
  handle->repository.reset(repository);
  git_odb* store = nullptr;
  code = git_repository_odb(&store, repository);
  if (code < 0) return git_error_of(code, "The object store of the repository cannot be opened", path);
  handle->store.reset(store);
  handle->git_folder = git_repository_commondir(repository);
  if (const char* folder = git_repository_workdir(repository)) handle->work_folder = folder;
  handle->is_shallow = git_repository_is_shallow(repository) == 1;
  if (handle->is_shallow) handle->shallow = read_shallow(handle->git_folder);
  if (const auto alternates =
          read_whole_file(handle->git_folder + "objects/info/alternates", kMaxShallowBytes)) {
    handle->has_alternates = alternates->find_first_not_of(" \t\r\n") != std::string::npos;
  }
  handle->is_partial = has_promisor(repository);
  return Repository(std::move(handle));
}

const std::string& Repository::git_folder() const { return handle_->git_folder; }
const std::string& Repository::work_folder() const { return handle_->work_folder; }
bool Repository::is_bare() const { return git_repository_is_bare(handle_->repository.get()) == 1; }
bool Repository::is_shallow() const { return handle_->is_shallow; }
bool Repository::is_partial() const { return handle_->is_partial; }
bool Repository::has_alternates() const { return handle_->has_alternates; }
const std::vector<ObjectId>& Repository::shallow_commits() const { return handle_->shallow; }

Result<ObjectId> Repository::resolve(const std::string& revision) const {
  if (revision.empty() || revision.size() > kMaxRevisionBytes) {
    return Error(ErrorCode::usage, "Expected a revision of 1 to " + std::to_string(kMaxRevisionBytes) +
                                       " bytes (kMaxRevisionBytes); this one has " +
                                       std::to_string(revision.size()) + ".");
  }
  for (const char* refused : {":", "^{/", "@{", "\n"}) {
    if (revision.find(refused) != std::string::npos) {
      return Error(
          ErrorCode::usage,
          "Expected a branch, tag or commit; '" + std::string(refused) + "' in a revision is not read.",
          revision);
    }
  }
  git_object* found = nullptr;
  int code = git_revparse_single(&found, handle_->repository.get(), revision.c_str());
  if (code < 0) {
    if (code == GIT_EAMBIGUOUS) {
      return Error(ErrorCode::usage, "More than one object has this short id; write more digits of it.",
                   revision);
    }
    if (code == GIT_ENOTFOUND && revision == "HEAD") {
      return Error(ErrorCode::not_found, "The repository has no commit yet.", handle_->git_folder);
    }
    return Error(code == GIT_ENOTFOUND ? ErrorCode::not_found : ErrorCode::usage,
                 "Expected a branch, tag or commit of the repository: " + last_words() + ".", revision);
  }
  const Owned<git_object, git_object_free> object(found);
  git_object* commit = nullptr;
  code = git_object_peel(&commit, found, GIT_OBJECT_COMMIT);
  if (code < 0) return Error(ErrorCode::usage, "The revision names an object that is no commit.", revision);
  const Owned<git_object, git_object_free> owned(commit);
  return id_of(*git_object_id(commit));
}

bool Repository::contains(const ObjectId& id) const {
  const git_oid oid = oid_of(id);
  return git_odb_exists_ext(handle_->store.get(), &oid, GIT_ODB_LOOKUP_NO_REFRESH) == 1;
}

Result<ObjectHeader> Repository::header(const ObjectId& id) const {
  const git_oid oid = oid_of(id);
  std::size_t size = 0;
  git_object_t type = GIT_OBJECT_INVALID;
  const int code = git_odb_read_header(&size, &type, handle_->store.get(), &oid);
  if (code < 0) return git_error_of(code, "The object cannot be read", id.hex());
  ObjectHeader out;
  out.size = size;
  if (!type_of(type, out.type))
    return Error(ErrorCode::format, "The object has no type that git knows.", id.hex());
  return out;
}

namespace {

Error wrong_type(ObjectType expected, ObjectType found, const ObjectId& id) {
  return {
      ErrorCode::format,
      "Expected a " + std::string(to_string(expected)) + ", found a " + std::string(to_string(found)) + ".",
      id.hex()};
}

}  // namespace

struct Repository::Read {
  Owned<git_odb_object, git_odb_object_free> object;
  ObjectType type = ObjectType::blob;
  std::string_view bytes() const {
    return {static_cast<const char*>(git_odb_object_data(object.get())), git_odb_object_size(object.get())};
  }
};

Result<Repository::Read> Repository::read_object(const ObjectId& id, std::uint64_t max_bytes) const {
  const auto about = header(id);
  if (!about) return about.error();
  if (about->size > max_bytes) {
    return Error(ErrorCode::too_large,
                 "The " + std::string(to_string(about->type)) + " has " + std::to_string(about->size) +
                     " bytes; the bound is " + std::to_string(max_bytes) + ".",
                 id.hex());
  }
  const git_oid oid = oid_of(id);
  git_odb_object* read = nullptr;
  const int code = git_odb_read(&read, handle_->store.get(), &oid);
  if (code < 0) return git_error_of(code, "The object cannot be read", id.hex());
  Read out;
  out.object.reset(read);
  if (!type_of(git_odb_object_type(read), out.type)) {
    return Error(ErrorCode::format, "The object has no type that git knows.", id.hex());
  }
  return out;
}

Result<Object> Repository::read(const ObjectId& id, std::uint64_t max_bytes, Verify verify) const {
  const auto object = read_object(id, max_bytes);
  if (!object) return object.error();
  Object out{object->type, std::string(object->bytes())};
  if (verify == Verify::yes) {
    git_oid hashed;
    if (git_odb_hash(&hashed, out.bytes.data(), out.bytes.size(), git_odb_object_type(object->object.get())) <
            0 ||
        id_of(hashed) != id) {
      return Error(ErrorCode::format,
                   "The object is damaged: its bytes do not have the id it is stored under.", id.hex());
    }
  }
  return out;
}

Result<std::string> Repository::read_as(ObjectType type, const ObjectId& id, std::uint64_t max_bytes,
                                        Verify verify) const {
  auto object = read(id, max_bytes, verify);
  if (!object) return object.error();
  if (object->type != type) return wrong_type(type, object->type, id);
  return std::move(object->bytes);
}

Result<SharedBytes> Repository::borrow(ObjectType type, const ObjectId& id, std::uint64_t max_bytes) const {
  auto object = read_object(id, max_bytes);
  if (!object) return object.error();
  if (object->type != type) return wrong_type(type, object->type, id);
  const std::string_view bytes = object->bytes();
  return SharedBytes{std::shared_ptr<const void>(std::shared_ptr<git_odb_object>(std::move(object->object))),
                     bytes};
}

Result<ObjectId> Repository::blob_at(const ObjectId& commit, std::string_view path) const {
  constexpr std::uint64_t kMaxCommitBytes = 16U << 20U;
  constexpr std::uint64_t kMaxTreeBytes = 64U << 20U;
  const auto bytes = read_as(ObjectType::commit, commit, kMaxCommitBytes);
  if (!bytes) return bytes.error();
  const auto parsed = parse_commit(*bytes);
  if (!parsed) return parsed.error();
  const Error absent(ErrorCode::not_found, "There is no such file at commit " + commit.hex() + ".",
                     std::string(path));
  ObjectId at = parsed->tree;
  for (std::string_view rest = path; !rest.empty();) {
    const std::size_t slash = rest.find('/');
    const std::string_view name = rest.substr(0, slash);
    const bool last = slash == std::string_view::npos;
    rest.remove_prefix(last ? rest.size() : slash + 1);
    const auto tree = read_as(ObjectType::tree, at, kMaxTreeBytes);
    if (!tree) return tree.error();
    std::string_view entries = *tree;
    std::optional<TreeEntry> found;
    while (const auto entry = next_entry(entries)) {
      if (entry->name != name) continue;
      found = entry;
      break;
    }
    if (!found) return absent;
    const EntryKind kind = found->kind();
    at = found->id;
    if (last && (kind == EntryKind::file || kind == EntryKind::executable)) return at;
    if (kind != EntryKind::folder) return absent;
  }
  return absent;
}

Result<std::optional<ObjectId>> Repository::staged_blob(const std::string& path) const {
  git_index* index = nullptr;
  if (git_repository_index(&index, handle_->repository.get()) < 0) {
    return Error(ErrorCode::io, "The index cannot be read.", handle_->git_folder);
  }
  const Owned<git_index, git_index_free> owned(index);
  const git_index_entry* entry = git_index_get_bypath(index, path.c_str(), GIT_INDEX_STAGE_NORMAL);
  if (entry == nullptr) return std::optional<ObjectId>{};
  return ObjectId::from_bytes({reinterpret_cast<const char*>(entry->id.id), sizeof entry->id.id});
}

Result<std::vector<Reference>> Repository::references(std::string_view prefix) const {
  git_reference_iterator* made = nullptr;
  const std::string glob = std::string(prefix) + "*";
  int code = git_reference_iterator_glob_new(&made, handle_->repository.get(), glob.c_str());
  if (code < 0) return git_error_of(code, "The references cannot be read", handle_->git_folder);
  const Owned<git_reference_iterator, git_reference_iterator_free> iterator(made);
  std::vector<Reference> out;
  git_reference* next = nullptr;
  while ((code = git_reference_next(&next, made)) == 0) {
    const Owned<git_reference, git_reference_free> reference(next);
    git_reference* target = nullptr;
    if (git_reference_resolve(&target, next) < 0) continue;  // it names nothing: as good as absent
    const Owned<git_reference, git_reference_free> resolved(target);
    if (out.size() >= kMaxReferences) {
      return Error(
          ErrorCode::too_large,
          "The repository has more than " + std::to_string(kMaxReferences) + " references (kMaxReferences).",
          handle_->git_folder);
    }
    out.push_back({git_reference_name(next), id_of(*git_reference_target(target))});
  }
  if (code != GIT_ITEROVER) return git_error_of(code, "The references cannot be read", handle_->git_folder);
  std::sort(out.begin(), out.end(), [](const Reference& a, const Reference& b) { return a.name < b.name; });
  return out;
}

}  // namespace cardwarden
