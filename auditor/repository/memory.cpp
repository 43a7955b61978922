// SPDX-License-Identifier: Apache-2.0
#include "repository/memory.h"

#include <algorithm>

#include "crypto/bytes.h"

namespace cardwarden {
namespace {

ObjectId id_of(std::string_view bytes) { return *ObjectId::from_hex(sha256_hex(bytes).substr(0, 40)); }

std::string pointer_text(std::string_view oid, std::uint64_t size) {
  return "version https://git-lfs.github.com/spec/v1\noid sha256:" + std::string(oid) + "\nsize " +
         std::to_string(size) + "\n";
}

}  // namespace

void MemoryRepository::add(std::string path, std::string bytes) {
  blobs_[id_of(bytes)] = bytes;
  files_[std::move(path)] = std::move(bytes);
}

void MemoryRepository::add_pointer(std::string path, std::uint64_t size, std::string_view seed) {
  add(std::move(path), pointer_text(sha256_hex(seed), size));
}

void MemoryRepository::add_stored(std::string path, std::string begin, std::uint64_t size) {
  const std::string oid = sha256_hex(begin);
  add(std::move(path), pointer_text(oid, size));
  stored_[oid] = {std::move(begin), size};
}

BlobSource MemoryRepository::blobs() const {
  const auto find = [this](const ObjectId& id) -> Result<std::string_view> {
    const auto at = blobs_.find(id);
    if (at == blobs_.end()) return Error{ErrorCode::not_found, "there is no such file", id.hex()};
    return std::string_view(at->second);
  };
  BlobSource out;
  out.size = [find](const ObjectId& id) -> Result<std::uint64_t> {
    const auto bytes = find(id);
    if (!bytes) return bytes.error();
    return std::uint64_t{bytes->size()};
  };
  out.read = [find](const ObjectId& id, std::uint64_t max_bytes) -> Result<std::string> {
    const auto bytes = find(id);
    if (!bytes) return bytes.error();
    if (bytes->size() > max_bytes) {
      return Error{ErrorCode::too_large, "the file has more than " + std::to_string(max_bytes) + " bytes",
                   id.hex()};
    }
    return std::string(*bytes);
  };
  return out;
}

LfsContent MemoryRepository::stored() const {
  return [this](const LfsPointer& pointer) -> std::optional<ByteSource> {
    const auto at = stored_.find(pointer.oid);
    if (at == stored_.end()) return std::nullopt;
    const Stored& one = at->second;
    return ByteSource{one.size, [&one](std::uint64_t offset, std::size_t count) -> Result<std::string> {
                        std::string out(count, '\0');
                        if (offset < one.begin.size()) {
                          const auto from = static_cast<std::size_t>(offset);
                          one.begin.copy(out.data(), std::min(count, one.begin.size() - from), from);
                        }
                        return out;
                      }};
  };
}

Snapshot MemoryRepository::snapshot() const {
  Snapshot out;
  for (const auto& [path, bytes] : files_) {
    SnapshotFile file;
    file.path = path;
    file.mode = 0100644;
    file.blob = id_of(bytes);
    out.files.push_back(std::move(file));
  }
  read_known_files(blobs(), {}, out);
  return out;
}

}  // namespace cardwarden
