// SPDX-License-Identifier: Apache-2.0
#pragma once
// The members of a ZIP archive (also ZIP64), as torch.save writes one. Names are only names: nothing is
// unpacked to a disk. Members are stored or deflated; other methods and encryption are errors. The only door
// to zlib.

#include <cstdint>
#include <string>
#include <vector>

#include "repository/byte_source.h"

namespace cardwarden {

constexpr std::uint64_t kMaxZipMembers = 100'000;
constexpr std::uint64_t kMaxZipDirectory = 64U << 20U;  // bytes of the central directory

struct ZipMember {
  std::string name;
  std::uint16_t method = 0;  // 0 stored, 8 deflated
  bool encrypted = false;
  std::uint64_t packed = 0;  // bytes
  std::uint64_t size = 0;    // bytes when unpacked, as the directory says
  std::uint64_t offset = 0;  // of its local header
};

Result<std::vector<ZipMember>> read_zip_directory(const ByteSource& source);
Result<std::string> read_zip_member(const ByteSource& source, const ZipMember& member,
                                    std::uint64_t max_bytes);

}  // namespace cardwarden
