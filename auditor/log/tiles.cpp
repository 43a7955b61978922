// SPDX-License-Identifier: Apache-2.0
#include "log/tiles.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "log/checkpoint.h"

namespace cardwarden::tlog {
namespace {

constexpr std::size_t kMaxPathBytes = 64;  // level, seven groups and a width need fewer

Error bad_path() { return {ErrorCode::format, "The path is not the one of a tile (C2SP tlog-tiles)."}; }

std::string index_path(std::uint64_t index) {
  std::string digits = std::to_string(index);
  digits.insert(0, (3 - digits.size() % 3) % 3, '0');
  std::string out;
  for (std::size_t at = 0; at < digits.size(); at += 3) {
    const bool last = at + 3 == digits.size();
    out += (last ? "" : "x") + digits.substr(at, 3) + (last ? "" : "/");
  }
  return out;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// How many nodes of the tile level a tree has. Only full tiles below count, so that no hash ever changes.
std::uint64_t nodes_at(std::uint64_t size, std::uint32_t level) { return size >> (kTileLevels * level); }

void add_tiles(std::vector<TileId>& out, bool entries, std::uint32_t level, std::uint64_t nodes,
               std::uint64_t before) {
  for (std::uint64_t index = before / kTileWidth; index * kTileWidth < nodes; ++index) {
    const std::uint64_t width = std::min<std::uint64_t>(kTileWidth, nodes - index * kTileWidth);
    if (nodes > before) out.push_back({entries, level, index, static_cast<std::uint32_t>(width)});
  }
}

}  // namespace

std::string tile_path(const TileId& tile) {
  std::string out = "tile/" + (tile.entries ? std::string("entries") : std::to_string(tile.level)) + "/";
  out += index_path(tile.index);
  if (tile.width != kTileWidth) out += ".p/" + std::to_string(tile.width);
  return out;
}

Result<TileId> parse_tile_path(std::string_view path) {
  if (path.size() > kMaxPathBytes) return bad_path();
  const std::string whole(path);
  const std::vector<std::string_view> parts = text::split(path, '/');
  if (parts.size() < 3 || parts[0] != "tile") return bad_path();
  TileId out;
  out.entries = parts[1] == "entries";
  if (!out.entries) {
    const auto level = parse_decimal(parts[1]);
    if (!level || *level > kMaxTileLevel) return bad_path();
    out.level = static_cast<std::uint32_t>(*level);
  }
  std::size_t end = parts.size();
  std::string digits;
  std::string_view last = parts[end - 1];
  const std::string_view before = parts[end - 2];
  if (before.size() > 2 && before.substr(before.size() - 2) == ".p") {
    const auto width = parse_decimal(last);
    if (!width || *width == 0 || *width >= kTileWidth) return bad_path();
    out.width = static_cast<std::uint32_t>(*width);
    last = before.substr(0, before.size() - 2);
    --end;
  }
  for (std::size_t i = 2; i < end; ++i) {
    std::string_view group = i + 1 == end ? last : parts[i];
    if (i + 1 != end) {
      if (group.empty() || group.front() != 'x') return bad_path();
      group.remove_prefix(1);
    }
    if (group.size() != 3 || !is_number(group)) return bad_path();
    digits += group;
  }
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.empty() ? 0 : digits.size() - 1));
  const auto index = parse_decimal(digits);
  if (!index) return bad_path();
  out.index = *index;
  if (tile_path(out) != whole) return bad_path();  // one tile, one path
  return out;
}

std::vector<TileId> tiles_of(std::uint64_t size, std::uint64_t from) {
  std::vector<TileId> out;
  add_tiles(out, true, 0, size, from);
  for (std::uint32_t level = 0; level <= kMaxTileLevel; ++level) {
    add_tiles(out, false, level, nodes_at(size, level), nodes_at(from, level));
  }
  return out;
}

std::vector<NodeId> tile_nodes(const TileId& tile) {
  std::vector<NodeId> out;
  for (std::uint32_t i = 0; i < tile.width; ++i) {
    out.push_back({tile.level * kTileLevels, tile.index * kTileWidth + i});
  }
  return out;
}

std::string tile_bytes(const std::vector<Hash>& hashes) {
  std::string out;
  for (const Hash& hash : hashes) out += bytes_of(hash);
  return out;
}

Result<std::vector<Hash>> parse_tile(std::string_view bytes, std::uint32_t width) {
  if (width == 0 || width > kTileWidth || bytes.size() != std::size_t{width} * kHashBytes) {
    return Error(ErrorCode::format,
                 "The tile does not have the " + std::to_string(width) + " hashes of its path.");
  }
  std::vector<Hash> out;
  for (std::size_t at = 0; at < bytes.size(); at += kHashBytes) {
    out.push_back(hash_from_bytes(bytes.substr(at, kHashBytes)).value());
  }
  return out;
}

Result<std::string> bundle_bytes(const std::vector<std::string>& entries) {
  std::string out;
  for (const std::string& entry : entries) {
    if (entry.size() > kMaxEntryBytes) {
      return Error(ErrorCode::too_large,
                   "An entry has more than " + std::to_string(kMaxEntryBytes) + " bytes (kMaxEntryBytes).");
    }
    out.push_back(static_cast<char>(entry.size() >> 8U));
    out.push_back(static_cast<char>(entry.size() & 0xffU));
    out += entry;
  }
  return out;
}

Result<std::vector<std::string>> parse_bundle(std::string_view bytes, std::uint32_t width) {
  const Error bad(ErrorCode::format,
                  "The bundle does not have the " + std::to_string(width) + " entries of its path.");
  if (width == 0 || width > kTileWidth) return bad;
  std::vector<std::string> out;
  while (!bytes.empty()) {
    if (bytes.size() < 2 || out.size() == width) return bad;
    const std::size_t size =
        std::size_t{static_cast<unsigned char>(bytes[0])} << 8U | static_cast<unsigned char>(bytes[1]);
    bytes.remove_prefix(2);
    if (bytes.size() < size) return bad;
    out.emplace_back(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  if (out.size() != width) return bad;
  return out;
}

}  // namespace cardwarden::tlog
