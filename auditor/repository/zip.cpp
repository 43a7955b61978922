// SPDX-License-Identifier: Apache-2.0
#include "repository/zip.h"

#include <zlib.h>

#include <algorithm>

namespace cardwarden {
namespace {

Error bad(std::string what) {
  return {ErrorCode::format, "The ZIP archive is malformed: " + std::move(what) + "."};
}

std::uint64_t little(std::string_view bytes, std::size_t at, std::size_t width) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < width; ++i) {
    out |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[at + i])) << (8U * i);
  }
  return out;
}

struct Directory {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
  std::uint64_t members = 0;
};

constexpr std::uint64_t kFull16 = 0xFFFFU;
constexpr std::uint64_t kFull32 = 0xFFFFFFFFU;

// The end record stands at the end, before a comment of at most 65,535 bytes.
Result<Directory> find_directory(const ByteSource& source) {
  constexpr std::uint64_t kEnd = 22;
  constexpr std::uint64_t kLocator = 20;
  if (source.size < kEnd) return bad("it has fewer than 22 bytes");
  const std::uint64_t window = std::min<std::uint64_t>(source.size, kEnd + kFull16 + kLocator);
  const auto tail = source.read(source.size - window, static_cast<std::size_t>(window));
  if (!tail) return tail.error();
  std::size_t at = tail->size() - kEnd;
  while (tail->compare(at, 4, "PK\x05\x06") != 0) {
    if (at == 0) return bad("the end of its directory is not there");
    --at;
  }
  Directory out{little(*tail, at + 16, 4), little(*tail, at + 12, 4), little(*tail, at + 10, 2)};
  if (out.offset != kFull32 && out.bytes != kFull32 && out.members != kFull16) return out;
  if (at < kLocator || tail->compare(at - kLocator, 4, "PK\x06\x07") != 0) return out;
  constexpr std::size_t kEnd64 = 56;
  const std::uint64_t end64 = little(*tail, at - kLocator + 8, 8);
  if (source.size < kEnd64 || end64 > source.size - kEnd64)
    return bad("its ZIP64 record lies outside the file");
  const auto record = source.read(end64, kEnd64);
  if (!record) return record.error();
  if (record->compare(0, 4, "PK\x06\x06") != 0) return bad("its ZIP64 record is not there");
  return Directory{little(*record, 48, 8), little(*record, 40, 8), little(*record, 32, 8)};
}

// The ZIP64 extra field gives those of size, packed size and offset that the entry leaves full, in this
// order.
void read_extra(std::string_view extra, ZipMember& member) {
  while (extra.size() >= 4) {
    const std::uint64_t id = little(extra, 0, 2);
    const std::uint64_t bytes = little(extra, 2, 2);
    extra.remove_prefix(4);
    if (bytes > extra.size()) return;
    if (id == 1) {
      std::size_t at = 0;
      for (std::uint64_t* field : {&member.size, &member.packed, &member.offset}) {
        if (*field != kFull32 || at + 8 > bytes) continue;
        *field = little(extra, at, 8);
        at += 8;
      }
      return;
    }
    extra.remove_prefix(static_cast<std::size_t>(bytes));
  }
}

Result<std::string> inflate_all(std::string_view packed, std::uint64_t max_bytes) {
  z_stream stream = {};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return Error(ErrorCode::io, "zlib cannot start.");
  // zlib does not write through next_in.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string out;
  char buffer[65536];
  int code = Z_OK;
  while (code == Z_OK && out.size() <= max_bytes) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer);
    stream.avail_out = sizeof buffer;
    code = inflate(&stream, Z_NO_FLUSH);
    out.append(buffer, sizeof buffer - stream.avail_out);
  }
  inflateEnd(&stream);
  if (out.size() > max_bytes) {
    return Error(ErrorCode::too_large,
                 "A member of the ZIP archive unpacks to more than " + std::to_string(max_bytes) + " bytes.");
  }
  if (code != Z_STREAM_END) return bad("a member does not unpack");
  return out;
}

}  // namespace

Result<std::vector<ZipMember>> read_zip_directory(const ByteSource& source) {
  const auto directory = find_directory(source);
  if (!directory) return directory.error();
  if (directory->members > kMaxZipMembers || directory->bytes > kMaxZipDirectory) {
    return Error(ErrorCode::too_large, "The ZIP archive has " + std::to_string(directory->members) +
                                           " members in a directory of " + std::to_string(directory->bytes) +
                                           " bytes; the bounds are " + std::to_string(kMaxZipMembers) +
                                           " (kMaxZipMembers) and " + std::to_string(kMaxZipDirectory) +
                                           " (kMaxZipDirectory).");
  }
  if (directory->offset > source.size || directory->bytes > source.size - directory->offset) {
    return bad("its directory lies outside the file");
  }
  const auto bytes = source.read(directory->offset, static_cast<std::size_t>(directory->bytes));
  if (!bytes) return bytes.error();
  std::vector<ZipMember> out;
  std::size_t at = 0;
  constexpr std::size_t kEntry = 46;
  for (std::uint64_t i = 0; i < directory->members; ++i) {
    if (bytes->size() - at < kEntry || bytes->compare(at, 4, "PK\x01\x02") != 0) {
      return bad("an entry of its directory is not there");
    }
    const std::string_view entry = std::string_view(*bytes).substr(at);
    const auto name = static_cast<std::size_t>(little(entry, 28, 2));
    const auto extra = static_cast<std::size_t>(little(entry, 30, 2));
    const auto comment = static_cast<std::size_t>(little(entry, 32, 2));
    if (entry.size() < kEntry + name + extra + comment) return bad("an entry of its directory is cut");
    ZipMember member;
    member.encrypted = (little(entry, 8, 2) & 1U) != 0;
    member.method = static_cast<std::uint16_t>(little(entry, 10, 2));
    member.packed = little(entry, 20, 4);
    member.size = little(entry, 24, 4);
    member.offset = little(entry, 42, 4);
    member.name = std::string(entry.substr(kEntry, name));
    read_extra(entry.substr(kEntry + name, extra), member);
    out.push_back(std::move(member));
    at += kEntry + name + extra + comment;
  }
  return out;
}

Result<std::string> read_zip_member(const ByteSource& source, const ZipMember& member,
                                    std::uint64_t max_bytes) {
  constexpr std::uint64_t kLocal = 30;
  if (member.encrypted) return bad("a member is encrypted");
  if (member.method != 0 && member.method != 8) {
    return bad("a member is packed by method " + std::to_string(member.method));
  }
  if (member.packed > max_bytes || member.size > max_bytes) {
    return Error(ErrorCode::too_large, "A member of the ZIP archive has " + std::to_string(member.size) +
                                           " bytes; the bound is " + std::to_string(max_bytes) + ".");
  }
  if (source.size < kLocal || member.offset > source.size - kLocal)
    return bad("a member lies outside the file");
  const auto local = source.read(member.offset, kLocal);
  if (!local) return local.error();
  if (local->compare(0, 4, "PK\x03\x04") != 0) return bad("a member does not stand where the directory says");
  const std::uint64_t data = member.offset + kLocal + little(*local, 26, 2) + little(*local, 28, 2);
  if (data > source.size || member.packed > source.size - data) return bad("a member lies outside the file");
  auto packed = source.read(data, static_cast<std::size_t>(member.packed));
  if (!packed || member.method == 0) return packed;
  return inflate_all(*packed, max_bytes);
}

}  // namespace cardwarden
