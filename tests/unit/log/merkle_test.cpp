// SPDX-License-Identifier: Apache-2.0
// The tree of eight leaves that transparency-dev/merkle publishes, and every proof in it, right and spoiled.
#include "log/merkle.h"

#include <array>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "log/tree.h"

using namespace cardwarden;
using namespace cardwarden::tlog;

namespace {

const std::vector<std::string> kLeaves = {
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};

const std::vector<std::string> kRoots = {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                                         "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                         "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                         "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                         "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                         "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                         "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                         "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

// Hashes of complete subtrees, computed from the leaves alone.
struct Tree {
  std::vector<Hash> leaves;

  Hash over(std::uint64_t begin, std::uint64_t count) const {
    if (count == 0) return empty_root();
    if (count == 1) return leaves.at(begin);
    const std::uint64_t left = largest_power_below(count);
    return node_hash(over(begin, left), over(begin + left, count - left));
  }
  NodeReader reader() const {
    return [this](NodeId id) -> Result<Hash> {
      const std::uint64_t count = std::uint64_t{1} << id.level;
      if ((id.index + 1) * count > leaves.size()) return Error(ErrorCode::not_found, "no such node");
      return over(id.index * count, count);
    };
  }
};

Tree published() {
  Tree tree;
  for (const std::string& leaf : kLeaves) tree.leaves.push_back(leaf_hash(bytes_from_hex(leaf).value()));
  return tree;
}

Tree numbered(std::size_t size) {
  Tree tree;
  for (std::size_t i = 0; i < size; ++i) tree.leaves.push_back(leaf_hash(std::to_string(i)));
  return tree;
}

// Every proof that differs from `proof` in one way: a bit, a hash left out, doubled, put in, or swapped.
std::vector<Proof> spoiled(const Proof& proof, const std::vector<Hash>& strangers) {
  std::vector<Proof> out;
  for (std::size_t i = 0; i < proof.size(); ++i) {
    for (std::size_t bit = 0; bit < 8 * kHashBytes; ++bit) {
      Proof other = proof;
      other[i][bit / 8] = static_cast<unsigned char>(other[i][bit / 8] ^ (1U << (bit % 8)));
      out.push_back(other);
    }
    Proof dropped = proof;
    dropped.erase(dropped.begin() + static_cast<std::ptrdiff_t>(i));
    out.push_back(dropped);
    for (std::size_t j = i + 1; j < proof.size(); ++j) {
      if (proof[i] == proof[j]) continue;
      Proof swapped = proof;
      std::swap(swapped[i], swapped[j]);
      out.push_back(swapped);
    }
  }
  for (std::size_t i = 0; i <= proof.size(); ++i) {
    for (const Hash& stranger : strangers) {
      Proof inserted = proof;
      inserted.insert(inserted.begin() + static_cast<std::ptrdiff_t>(i), stranger);
      out.push_back(inserted);
    }
  }
  Proof doubled = proof;
  doubled.insert(doubled.end(), proof.begin(), proof.end());
  if (!proof.empty()) out.push_back(doubled);
  return out;
}

Hash flip(Hash hash, std::size_t bit) {
  hash[bit / 8] = static_cast<unsigned char>(hash[bit / 8] ^ (1U << (bit % 8)));
  return hash;
}

}  // namespace

TEST_CASE("tree: leaf and node hashes of the published hasher vectors") {
  CHECK(hex(leaf_hash("L123456")) == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
  // The vector hashes two texts that are no hashes, so it is spelled out.
  CHECK(hex(sha256_of({std::string_view("\x01", 1), "N123", "N456"})) ==
        "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb");
  CHECK(hex(leaf_hash("")) == kRoots[1]);
  CHECK(node_hash(leaf_hash("a"), leaf_hash("b")) ==
        sha256("\x01" + std::string(bytes_of(leaf_hash("a"))) + std::string(bytes_of(leaf_hash("b")))));
}

TEST_CASE("tree: the published roots of 0 to 8 leaves, by growing and by reading") {
  const Tree tree = published();
  CompactRange range;
  std::vector<Node> nodes;
  for (std::size_t size = 0; size <= 8; ++size) {
    CAPTURE(size);
    CHECK(hex(range.root()) == kRoots[size]);
    CHECK(hex(root_at(size, tree.reader()).value()) == kRoots[size]);
    CHECK(hex(tree.over(0, size)) == kRoots[size]);
    if (size < 8) range.append(tree.leaves[size], nodes);
  }
  CHECK(nodes.size() == 15);
}

TEST_CASE("tree: what growing gives out are exactly the complete subtrees, each once, children first") {
  const Tree tree = numbered(200);
  CompactRange range;
  std::vector<Node> nodes;
  for (const Hash& leaf : tree.leaves) range.append(leaf, nodes);
  std::size_t expected = 0;
  for (std::size_t count = 200; count > 0; count >>= 1U) expected += count;
  CHECK(nodes.size() == expected);
  std::vector<NodeId> seen;
  for (const Node& node : nodes) {
    CHECK(node.hash == tree.reader()(node.id).value());
    CHECK(std::find(seen.begin(), seen.end(), node.id) == seen.end());
    if (node.id.level > 0) {
      CHECK(std::find(seen.begin(), seen.end(), NodeId{node.id.level - 1, 2 * node.id.index + 1}) !=
            seen.end());
    }
    seen.push_back(node.id);
  }
  CHECK(read_range(200, tree.reader()).value().root() == range.root());
  CHECK_FALSE(CompactRange::from(200, {Hash{}}).has_value());
}

TEST_CASE("inclusion: every leaf of every tree up to 70 leaves is proven, and no other leaf by its proof") {
  const Tree tree = numbered(70);
  for (std::uint64_t size = 1; size <= 70; ++size) {
    const Hash root = tree.over(0, size);
    for (std::uint64_t index = 0; index < size; ++index) {
      const Proof proof = inclusion_proof(index, size, tree.reader()).value();
      CHECK(verify_inclusion(tree.leaves[index], index, size, proof, root).has_value());
      CHECK_FALSE(verify_inclusion(tree.leaves[(index + 1) % 70], index, size, proof, root).has_value());
      for (std::uint64_t other = 0; other < size; ++other) {
        if (other != index)
          CHECK_FALSE(verify_inclusion(tree.leaves[index], other, size, proof, root).has_value());
      }
    }
  }
  CHECK_FALSE(inclusion_proof(3, 3, tree.reader()).has_value());
  CHECK_FALSE(inclusion_proof(0, 0, tree.reader()).has_value());
}

TEST_CASE("inclusion: every spoiled proof, root, leaf, index and size of the published tree fails") {
  const Tree tree = published();
  std::size_t trials = 0;
  for (std::uint64_t size = 1; size <= 8; ++size) {
    const Hash root = tree.over(0, size);
    const std::vector<Hash> strangers = {root, tree.leaves[0], empty_root(), Hash{}};
    for (std::uint64_t index = 0; index < size; ++index) {
      const Hash& leaf = tree.leaves[index];
      const Proof proof = inclusion_proof(index, size, tree.reader()).value();
      REQUIRE(verify_inclusion(leaf, index, size, proof, root).has_value());
      for (const Proof& other : spoiled(proof, strangers)) {
        ++trials;
        CHECK_FALSE(verify_inclusion(leaf, index, size, other, root).has_value());
      }
      for (std::size_t bit = 0; bit < 256; ++bit) {
        trials += 2;
        CHECK_FALSE(verify_inclusion(leaf, index, size, proof, flip(root, bit)).has_value());
        CHECK_FALSE(verify_inclusion(flip(leaf, bit), index, size, proof, root).has_value());
      }
      for (const std::uint64_t other : {index - 1, index + 1, index ^ 2U, index + size, ~std::uint64_t{0}}) {
        ++trials;
        CHECK_FALSE(verify_inclusion(leaf, other, size, proof, root).has_value());
      }
      // The hash of an inner node is the one of no leaf.
      if (!proof.empty()) {
        const Hash inner = index % 2 == 0 ? node_hash(leaf, proof[0]) : node_hash(proof[0], leaf);
        CHECK_FALSE(verify_inclusion(inner, index / 2, size, Proof(proof.begin() + 1, proof.end()), root)
                        .has_value());
      }
    }
  }
  CHECK_FALSE(verify_inclusion(empty_root(), 0, 0, {}, empty_root()).has_value());
  CHECK_FALSE(verify_inclusion({}, 18446744073709551615U, 18446744073709551615U, {}, {}).has_value());
  CHECK(verify_inclusion({}, 0, 1, Proof(66), {}).error().message.find("kMaxProofHashes") !=
        std::string::npos);
  CHECK(trials > 18'000);
}

TEST_CASE("inclusion: a wrong size fails wherever the shape of the path differs") {
  // The hash of a size is not in the root (the checkpoint signs it), so a size that gives the leaf the same
  // path cannot fail here. Every other size must.
  const Tree tree = numbered(16);
  for (std::uint64_t size = 1; size <= 16; ++size) {
    for (std::uint64_t index = 0; index < size; ++index) {
      const Proof proof = inclusion_proof(index, size, tree.reader()).value();
      for (const std::uint64_t other : {size - 1, size + 1, size * 2, size / 2}) {
        if (other == size) continue;
        const bool accepted =
            verify_inclusion(tree.leaves[index], index, other, proof, tree.over(0, size)).has_value();
        if (accepted) {
          // Then the path through a tree of that size is the same: as many hashes, on the same sides.
          REQUIRE(index < other);
          const Tree longer = numbered(40);
          CHECK(inclusion_proof(index, other, longer.reader()).value().size() == proof.size());
        }
      }
      CHECK_FALSE(verify_inclusion(tree.leaves[index], index, index, proof, tree.over(0, size)).has_value());
    }
  }
}

TEST_CASE("consistency: every pair of sizes up to 70 is proven, and no root of another size by its proof") {
  const Tree tree = numbered(70);
  for (std::uint64_t size = 1; size <= 70; ++size) {
    for (std::uint64_t old = 1; old <= size; ++old) {
      const Proof proof = consistency_proof(old, size, tree.reader()).value();
      CAPTURE(old, size);
      CHECK(verify_consistency(old, size, tree.over(0, old), tree.over(0, size), proof).has_value());
      if (old > 1)
        CHECK_FALSE(
            verify_consistency(old, size, tree.over(0, old - 1), tree.over(0, size), proof).has_value());
      CHECK_FALSE(
          verify_consistency(old, size, tree.over(0, old), tree.over(0, size - 1), proof).has_value());
    }
  }
  CHECK_FALSE(consistency_proof(0, 3, tree.reader()).has_value());
  CHECK_FALSE(consistency_proof(4, 3, tree.reader()).has_value());
}

TEST_CASE("consistency: every spoiled proof, root and size of the published tree fails") {
  const Tree tree = published();
  std::size_t trials = 0;
  for (std::uint64_t size = 1; size <= 8; ++size) {
    for (std::uint64_t old = 1; old <= size; ++old) {
      const Hash old_root = tree.over(0, old);
      const Hash new_root = tree.over(0, size);
      const Proof proof = consistency_proof(old, size, tree.reader()).value();
      REQUIRE(verify_consistency(old, size, old_root, new_root, proof).has_value());
      CAPTURE(old, size);
      for (const Proof& other : spoiled(proof, {old_root, new_root, empty_root(), Hash{}})) {
        ++trials;
        CHECK_FALSE(verify_consistency(old, size, old_root, new_root, other).has_value());
      }
      for (std::size_t bit = 0; bit < 256; ++bit) {
        trials += 2;
        CHECK_FALSE(verify_consistency(old, size, flip(old_root, bit), new_root, proof).has_value());
        CHECK_FALSE(verify_consistency(old, size, old_root, flip(new_root, bit), proof).has_value());
      }
      if (old != size) CHECK_FALSE(verify_consistency(old, size, new_root, old_root, proof).has_value());
      CHECK_FALSE(verify_consistency(old, old - 1, old_root, new_root, proof).has_value());
      CHECK_FALSE(verify_consistency(0, size, old_root, new_root, proof).has_value());
      CHECK_FALSE(verify_consistency(size + 1, size, old_root, new_root, proof).has_value());
    }
  }
  CHECK_FALSE(verify_consistency(0, 0, empty_root(), empty_root(), {}).has_value());
  CHECK(trials > 30'000);
}
