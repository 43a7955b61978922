// SPDX-License-Identifier: Apache-2.0
#pragma once
// A log as static files: tiles of hashes and bundles of entries. Specification: C2SP tlog-tiles; ours:
// docs/formats/log.md. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "log/tree.h"

namespace cardwarden::tlog {

constexpr std::uint32_t kTileWidth = 256;       // hashes of a full tile, entries of a full bundle
constexpr std::uint32_t kTileLevels = 8;        // levels of the tree that a level of tiles spans
constexpr std::uint32_t kMaxTileLevel = 7;      // 256^8 leaves are all there can be
constexpr std::size_t kMaxEntryBytes = 65'535;  // its length is written in 16 bits

struct TileId {
  bool entries = false;     // a bundle of entries; `level` is then 0
  std::uint32_t level = 0;  // of tiles
  std::uint64_t index = 0;
  std::uint32_t width = kTileWidth;  // 1 to 256; below 256 the tile is partial
  friend bool operator==(const TileId&, const TileId&) = default;
};

// "tile/<level>/<index>[.p/<width>]", "tile/entries/<index>[.p/<width>]"; the index in groups of three
// digits.
std::string tile_path(const TileId& tile);
Result<TileId> parse_tile_path(std::string_view path);

// All tiles of hashes and bundles of a log with `size` leaves, full ones and the partial ones at its edge,
// that a log with `from` leaves (from <= size) did not have yet.
std::vector<TileId> tiles_of(std::uint64_t size, std::uint64_t from = 0);

// The hashes that stand in a tile, in order.
std::vector<NodeId> tile_nodes(const TileId& tile);
std::string tile_bytes(const std::vector<Hash>& hashes);
Result<std::vector<Hash>> parse_tile(std::string_view bytes, std::uint32_t width);

// Each entry behind its length in two bytes, big-endian.
Result<std::string> bundle_bytes(const std::vector<std::string>& entries);
Result<std::vector<std::string>> parse_bundle(std::string_view bytes, std::uint32_t width);

}  // namespace cardwarden::tlog
