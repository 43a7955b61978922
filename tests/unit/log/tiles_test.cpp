// SPDX-License-Identifier: Apache-2.0
#include "log/tiles.h"

#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>

#include "log/leaf.h"
#include "log/proof_file.h"

using namespace cardwarden;
using namespace cardwarden::tlog;

TEST_CASE("tiles: the paths of the specification, there and back") {
  const std::pair<TileId, const char*> samples[] = {
      {{false, 0, 0, 256}, "tile/0/000"},
      {{false, 0, 1000, 256}, "tile/0/x001/000"},
      {{false, 3, 1234067, 256}, "tile/3/x001/x234/067"},
      {{false, 1, 5, 17}, "tile/1/005.p/17"},
      {{true, 0, 1234067, 1}, "tile/entries/x001/x234/067.p/1"},
      {{true, 0, 999, 256}, "tile/entries/999"},
  };
  for (const auto& [tile, path] : samples) {
    CHECK(tile_path(tile) == path);
    CHECK(parse_tile_path(path).value() == tile);
  }
  for (const char* path : {"",
                           "tile",
                           "tile/0",
                           "tile/0/",
                           "tile/0/0",
                           "tile/0/0000",
                           "tile/0/x000/000",
                           "tile/0/001/000",
                           "tile/0/x001",
                           "tile/0/000.p/0",
                           "tile/0/000.p/256",
                           "tile/0/000.p/01",
                           "tile/0/000.p",
                           "tile/00/000",
                           "tile/8/000",
                           "tile/-1/000",
                           "tile/0/000/",
                           "/tile/0/000",
                           "tile/0/../000",
                           "tile/entries/00a",
                           "tile/0/x000/x000/001",
                           "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
                           "tile/data/000",
                           "checkpoint"}) {
    INFO(path);
    CHECK_FALSE(parse_tile_path(path).has_value());
  }
}

TEST_CASE("tiles: a log of 256 and one of 70,000 leaves have the tiles of the specification") {
  const auto widths = [](std::uint64_t size) {
    std::map<std::string, std::pair<std::size_t, std::uint32_t>> out;  // full tiles, width of the partial one
    for (const TileId& tile : tiles_of(size)) {
      auto& [full, partial] = out[tile.entries ? "entries" : std::to_string(tile.level)];
      if (tile.width == kTileWidth) ++full;
      if (tile.width != kTileWidth) partial = tile.width;
    }
    return out;
  };
  using Widths = std::map<std::string, std::pair<std::size_t, std::uint32_t>>;
  CHECK(widths(0).empty());
  CHECK(widths(256) == Widths{{"entries", {1, 0}}, {"0", {1, 0}}, {"1", {0, 1}}});
  CHECK(widths(70000) == Widths{{"entries", {273, 112}}, {"0", {273, 112}}, {"1", {1, 17}}, {"2", {0, 1}}});
}

TEST_CASE("tiles: what a growing log adds, together with what it had, is what it has") {
  for (const std::uint64_t from : {0U, 1U, 255U, 256U, 257U, 700U}) {
    for (const std::uint64_t size : {700U, 701U, 768U, 1025U}) {
      std::set<std::string> before;
      for (const TileId& tile : tiles_of(from)) before.insert(tile_path(tile));
      std::set<std::string> expected;
      for (const TileId& tile : tiles_of(size)) {
        if (before.count(tile_path(tile)) == 0) expected.insert(tile_path(tile));
      }
      std::set<std::string> added;
      for (const TileId& tile : tiles_of(size, from)) added.insert(tile_path(tile));
      CHECK(added == expected);
    }
  }
}

TEST_CASE("tiles: an entry of a level is the root of a full tile below") {
  CompactRange range;
  std::vector<Node> nodes;
  std::map<NodeId, Hash> stored;
  for (int i = 0; i < 600; ++i) range.append(leaf_hash(std::to_string(i)), nodes);
  for (const Node& node : nodes) stored[node.id] = node.hash;
  const auto hashes = [&stored](const TileId& tile) {
    std::vector<Hash> out;
    for (const NodeId id : tile_nodes(tile)) out.push_back(stored.at(id));
    return out;
  };
  const std::vector<Hash> above = hashes({false, 1, 0, 2});
  for (std::uint64_t index = 0; index < 2; ++index) {
    CompactRange tile;
    std::vector<Node> ignored;
    for (const Hash& hash : hashes({false, 0, index, 256})) tile.append(hash, ignored);
    CHECK(tile.root() == above[index]);
  }
  const std::string bytes = tile_bytes(above);
  CHECK(bytes.size() == 64);
  CHECK(parse_tile(bytes, 2).value() == above);
  CHECK_FALSE(parse_tile(bytes, 1).has_value());
  CHECK_FALSE(parse_tile(bytes.substr(1), 2).has_value());
  CHECK_FALSE(parse_tile("", 0).has_value());
}

TEST_CASE("bundle: the published bytes of one, two, three; and what is not a bundle") {
  const std::string bytes = bundle_bytes({"one", "two", "three"}).value();
  CHECK(hex(bytes) == "00036f6e65000374776f00057468726565");
  CHECK(parse_bundle(bytes, 3).value() == std::vector<std::string>{"one", "two", "three"});
  CHECK(bundle_bytes({std::string(65535, 'x'), ""}).has_value());
  CHECK(bundle_bytes({std::string(65536, 'x')}).error().code == ErrorCode::too_large);
  CHECK_FALSE(parse_bundle(bytes, 2).has_value());
  CHECK_FALSE(parse_bundle(bytes, 4).has_value());
  CHECK_FALSE(parse_bundle(bytes, 0).has_value());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_FALSE(parse_bundle(bytes.substr(0, size), 3).has_value());
}

TEST_CASE("leaf: its bytes are canonical, and only they are read") {
  const std::string data = leaf_data(sha256("envelope"));
  CHECK(data == R"({"envelopeSha256":")" + hex(sha256("envelope")) + R"(","kind":"cardwarden/record/v1"})");
  CHECK(parse_leaf_data(data).value() == sha256("envelope"));
  for (std::size_t at = 0; at < data.size(); ++at) {
    std::string other = data;
    other[at] = '*';
    CHECK_FALSE(parse_leaf_data(other).has_value());
    CHECK_FALSE(parse_leaf_data(data.substr(0, at)).has_value());
  }
  CHECK_FALSE(parse_leaf_data(data + " ").has_value());
}

TEST_CASE("proof file: the vector of docs/formats/log.md, there and back") {
  const std::string checkpoint =
      "audit.example/log1\n3\nrra8/idLcKFPsGel5VeCZNsPqbUa9eC6FZFY8yngbnc=\n\n"
      "\xE2\x80\x94 audit.example/log1 "
      "W1k9nAd7Dhl3ZwdB48XMB/GIYdKvFw03W4p3JxYWR0N8DfLF1YGqzQNIx+58090DvgRJzeeXdVbs3GGb0yDBiudimQ0=\n";
  const std::string text =
      "c2sp.org/tlog-proof@v1\nindex 2\n+sVCA+fMaWzw38tCySodnbr3CtnmIfS9jZhmLwDjwSU=\n\n" + checkpoint;
  const auto file = parse_proof_file(text);
  REQUIRE(file.has_value());
  CHECK(file->index == 2);
  CHECK(file->checkpoint == checkpoint);
  CHECK(verify_inclusion(
            leaf_hash("\x10"), 2, 3, file->proof,
            hash_from_hex("aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77").value())
            .has_value());
  CHECK(proof_file_text(*file) == text);
  const std::string extra = "c2sp.org/tlog-proof@v1\nextra aGk=\nindex 0\n\n" + checkpoint;
  CHECK(parse_proof_file(extra).value().extra == "hi");
  CHECK(proof_file_text(parse_proof_file(extra).value()) == extra);
  for (const std::string& other : {std::string(), text.substr(1), "c2sp.org/tlog-proof@v1\n\n" + checkpoint,
                                   "c2sp.org/tlog-proof@v1\nindex 02\n\n" + checkpoint,
                                   "c2sp.org/tlog-proof@v1\nindex 2\nAAAA\n\n" + checkpoint,
                                   "c2sp.org/tlog-proof@v1\nindex 2\nextra aGk=\n\n" + checkpoint,
                                   std::string("c2sp.org/tlog-proof@v1\nindex 2\n\nno note\n")}) {
    INFO(other.substr(0, 80));
    CHECK_FALSE(parse_proof_file(other).has_value());
  }
}
