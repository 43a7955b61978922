// SPDX-License-Identifier: Apache-2.0
#pragma once
// Git objects as values: ids, trees, commits and tags, parsed from the bytes that were hashed. Nothing here
// knows a repository; all input is hostile and a malformed object is an Error (ErrorCode::format), never a
// crash. Parsing reads each byte once. Free functions; safe from any thread.

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace cardwarden {

// A SHA-1 object id. Repositories with SHA-256 ids are refused when they are opened.
struct ObjectId {
  std::array<std::uint8_t, 20> bytes{};

  std::string hex() const;  // 40 lower-case hexadecimal digits
  bool is_zero() const { return *this == ObjectId{}; }
  static std::optional<ObjectId> from_hex(std::string_view hex);       // exactly 40 digits
  static std::optional<ObjectId> from_bytes(std::string_view twenty);  // exactly 20 bytes
  friend bool operator==(const ObjectId&, const ObjectId&) = default;
  friend bool operator<(const ObjectId& a, const ObjectId& b) {
    return std::memcmp(a.bytes.data(), b.bytes.data(), a.bytes.size()) < 0;
  }
};

struct ObjectIdHash {
  std::size_t operator()(const ObjectId& id) const;
};

enum class ObjectType : std::uint8_t { commit, tree, blob, tag };
std::string_view to_string(ObjectType type);

// What a tree entry is, from its mode. `odd` is a mode that git does not write today.
enum class EntryKind : std::uint8_t { file, executable, symlink, submodule, folder, odd };
std::string_view to_string(EntryKind kind);

struct TreeEntry {
  std::uint32_t mode = 0;
  std::string_view name;  // points into the tree's bytes; any bytes but NUL and '/'
  ObjectId id;

  EntryKind kind() const;
};

// Takes the next entry off `rest`. No value when the bytes are no tree entry.
std::optional<TreeEntry> next_entry(std::string_view& rest);
Result<std::vector<TreeEntry>> parse_tree(std::string_view bytes);

// Who and when, as the object says; nobody checks either.
struct Person {
  std::string name;
  std::string email;
  std::int64_t time = 0;  // seconds since 1970-01-01 UTC
  int zone_minutes = 0;   // east of UTC
  bool time_valid = false;
};

// The armor of a signature decides its kind (gitformat-signature(5)).
enum class SignatureKind : std::uint8_t { none, ssh, pgp, x509, unknown };
std::string_view to_string(SignatureKind kind);
SignatureKind signature_kind(std::string_view armor);

struct Commit {
  ObjectId tree;
  std::vector<ObjectId> parents;
  Person author;
  Person committer;
  std::string message;
  std::string signature;  // armor, unfolded; empty when there is none
  SignatureKind signature_kind = SignatureKind::none;
};

struct Tag {
  ObjectId target;
  ObjectType target_type = ObjectType::commit;
  std::string name;
  Person tagger;
  std::string message;    // without the signature
  std::string signature;  // armor; empty when there is none
  SignatureKind signature_kind = SignatureKind::none;
};

constexpr std::size_t kMaxParents = 1024;  // of a commit; the largest merge of the Linux kernel has 66

Result<Commit> parse_commit(std::string_view bytes);
Result<Tag> parse_tag(std::string_view bytes);

// The bytes that a commit's signature covers: the object without every header whose name begins with
// "gpgsig".
std::string signed_bytes_of_commit(std::string_view bytes);
// The bytes that a tag's signature covers: everything before the armor.
std::string_view signed_bytes_of_tag(std::string_view bytes);

}  // namespace cardwarden
