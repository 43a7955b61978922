// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where the bytes of the files of a snapshot come from: a git repository, or memory. What reads files by
// their ids is written against this, so that it is the same for both.

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "repository/object.h"

namespace cardwarden {

struct BlobSource {
  std::function<Result<std::uint64_t>(const ObjectId& id)> size;  // bytes; not_found where it is not here
  std::function<Result<std::string>(const ObjectId& id, std::uint64_t max_bytes)> read;
};

class Repository;
BlobSource blobs_of(const Repository& repository);  // borrows the repository

}  // namespace cardwarden
