// SPDX-License-Identifier: Apache-2.0
#pragma once
// The Merkle tree from the side of whoever keeps it: growing, roots and proofs. Only complete subtrees are
// stored, by level and index; they never change, so appending writes new hashes and touches no old one.
// Pure, but for the reader of hashes that is handed in.

#include <cstdint>
#include <functional>
#include <vector>

#include "log/merkle.h"

namespace cardwarden::tlog {

// The root of the complete subtree over leaves [index * 2^level, (index + 1) * 2^level).
struct NodeId {
  std::uint32_t level = 0;  // 0: leaf hashes
  std::uint64_t index = 0;
  friend bool operator==(const NodeId&, const NodeId&) = default;
  friend bool operator<(const NodeId& a, const NodeId& b) {
    return a.level != b.level ? a.level < b.level : a.index < b.index;
  }
};

struct Node {
  NodeId id;
  Hash hash{};
};

// The right edge of a tree: all that is needed to append to it and to know its root, in log2(size) hashes.
class CompactRange {
 public:
  CompactRange() = default;
  // `hashes` are the complete subtrees that make up a tree of `size` leaves, the largest first; see
  // edge_nodes().
  static Result<CompactRange> from(std::uint64_t size, std::vector<Hash> hashes);

  // Takes a leaf in and adds its hash and the parents that it completes to `out`, children first.
  void append(const Hash& leaf, std::vector<Node>& out);

  std::uint64_t size() const { return size_; }
  const std::vector<Hash>& hashes() const { return hashes_; }
  Hash root() const;

 private:
  std::uint64_t size_ = 0;
  std::vector<Hash> hashes_;
};

// The complete subtrees that make up a tree of `size` leaves, the largest first.
std::vector<NodeId> edge_nodes(std::uint64_t size);

// Reads a stored hash. An error of it comes back from the functions below as it is.
using NodeReader = std::function<Result<Hash>(NodeId)>;

Result<CompactRange> read_range(std::uint64_t size, const NodeReader& read);
Result<Hash> root_at(std::uint64_t size, const NodeReader& read);
Result<Proof> inclusion_proof(std::uint64_t index, std::uint64_t size, const NodeReader& read);
// 0 < old_size <= new_size; empty when they are equal.
Result<Proof> consistency_proof(std::uint64_t old_size, std::uint64_t new_size, const NodeReader& read);

}  // namespace cardwarden::tlog
