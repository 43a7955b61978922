// SPDX-License-Identifier: Apache-2.0
#include "repository/blob_source.h"

#include "repository/repository.h"

namespace cardwarden {

BlobSource blobs_of(const Repository& repository) {
  BlobSource out;
  out.size = [&repository](const ObjectId& id) -> Result<std::uint64_t> {
    const auto header = repository.header(id);
    if (!header) return header.error();
    return header->size;
  };
  out.read = [&repository](const ObjectId& id, std::uint64_t max_bytes) {
    return repository.read_blob(id, max_bytes);
  };
  return out;
}

}  // namespace cardwarden
