// SPDX-License-Identifier: Apache-2.0
#pragma once
// The keys of this machine, in the folder "keys" of the state folder: NAME.pem is the private key under its
// passphrase, NAME.json what is public about it. The folder belongs to its owner alone, since whoever could
// write a key there would be trusted.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/private_key.h"
#include "log/note.h"
#include "store/store.h"

namespace cardwarden::cli {

struct KeyFacts {
  std::string name;    // of the files: 1 to 64 of a-z, 0-9, "-", "_" and "."
  std::string role;    // "record", "log", "cosign"
  std::string origin;  // what the log or witness goes by in checkpoints; empty for a record key
  PublicKey key;
  std::uint64_t valid_from = 0;  // POSIX seconds
  std::optional<std::uint64_t> valid_to;
  std::optional<std::uint64_t> revoked_at;
};

class KeyFolder {
 public:
  // A folder that is not there yet holds no keys. One that others may use is refused.
  static Result<KeyFolder> open(const std::string& state);

  const std::string& path() const { return path_; }
  Result<std::vector<KeyFacts>> list() const;  // sorted by name
  // The key of that name, or ErrorCode::not_found with what to do.
  Result<KeyFacts> find(const std::string& name) const;
  // The private key, checked to be the one whose public half stands in the facts.
  Result<PrivateKey> unlock(const KeyFacts& facts, std::string_view passphrase) const;

  // Writes a new key; a name that is taken is an error. The private key is there before its facts are.
  Done add(const KeyFacts& facts, std::string_view pem) const;
  Done update(const KeyFacts& facts) const;
  Done rename(const std::string& from, const std::string& to) const;
  std::string file(const std::string& name, std::string_view extension) const;

 private:
  explicit KeyFolder(std::string path) : path_(std::move(path)) {}
  Result<KeyFacts> read(const std::string& name) const;

  std::string path_;
};

Done check_key_name(std::string_view name);

// How a log or witness publishes its key.
Result<tlog::NoteKey> note_key_of(const KeyFacts& facts);
StoredKey stored_key(const KeyFacts& facts);

}  // namespace cardwarden::cli
