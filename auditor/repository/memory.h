// SPDX-License-Identifier: Apache-2.0
#pragma once
// A repository in memory, for cases of rules: files with their bytes, and files of the LFS store that have a
// size and a beginning, so that weights of any size cost nothing. Ids are made of the content, and are not
// those that git would give.

#include <map>
#include <string>
#include <string_view>

#include "repository/snapshot.h"
#include "repository/weights.h"

namespace cardwarden {

class MemoryRepository {
 public:
  void add(std::string path, std::string bytes);  // a later file of the same path takes its place
  // A pointer to a file of `size` bytes; its id is made of `seed`.
  void add_pointer(std::string path, std::uint64_t size, std::string_view seed);
  // The same with the content at hand: `begin`, and zeros up to `size`.
  void add_stored(std::string path, std::string begin, std::uint64_t size);

  // The functions borrow the object.
  BlobSource blobs() const;
  LfsContent stored() const;
  Snapshot snapshot() const;  // of a commit without author and time

 private:
  struct Stored {
    std::string begin;
    std::uint64_t size = 0;
  };
  std::map<std::string, std::string, std::less<>> files_;  // path → bytes
  std::map<ObjectId, std::string> blobs_;
  std::map<std::string, Stored, std::less<>> stored_;  // LFS oid → content
};

}  // namespace cardwarden
