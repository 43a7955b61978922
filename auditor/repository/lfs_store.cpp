// SPDX-License-Identifier: Apache-2.0
#include "repository/lfs_store.h"

#include "base/files.h"

namespace cardwarden {

LfsContent local_lfs_store(const Repository& repository) {
  return [folder = repository.git_folder() +
                   "lfs/objects/"](const LfsPointer& pointer) -> std::optional<ByteSource> {
    // The oid is 64 hexadecimal digits: parse_lfs_pointer() accepts nothing else.
    if (pointer.oid.size() != 64) return std::nullopt;
    const std::string path =
        folder + pointer.oid.substr(0, 2) + "/" + pointer.oid.substr(2, 2) + "/" + pointer.oid;
    const auto size = regular_file_size(path);
    if (!size || *size != pointer.size) return std::nullopt;
    return ByteSource{*size, [path](std::uint64_t offset, std::size_t count) {
                        return read_file_part(path, offset, count);
                      }};
  };
}

}  // namespace cardwarden
