// SPDX-License-Identifier: Apache-2.0
#include "log/merkle.h"

#include <bit>
#include <string>

namespace cardwarden::tlog {
namespace {

Error wrong(std::string message) { return {ErrorCode::format, std::move(message)}; }

Done check_length(const Proof& proof) {
  if (proof.size() <= kMaxProofHashes) return Nothing{};
  return Error(ErrorCode::too_large,
               "The proof has more than " + std::to_string(kMaxProofHashes) + " hashes (kMaxProofHashes).");
}

// Where the path from a leaf stands: the index of its subtree on a level, and of the level's last subtree.
struct Path {
  std::uint64_t node;
  std::uint64_t last;

  bool on_the_right() const { return (node & 1U) != 0 || node == last; }
  void up() {
    node >>= 1U;
    last >>= 1U;
  }
  // A subtree without a neighbour on its right is its own parent, so levels pass without a hash.
  void skip_alone() {
    while ((node & 1U) == 0 && node != 0) up();
  }
};

}  // namespace

Hash leaf_hash(std::string_view data) { return sha256_of({std::string_view("\x00", 1), data}); }

Hash node_hash(const Hash& left, const Hash& right) {
  return sha256_of({std::string_view("\x01", 1), bytes_of(left), bytes_of(right)});
}

Hash empty_root() { return sha256({}); }

std::uint64_t largest_power_below(std::uint64_t n) { return std::bit_floor(n - 1); }

Done verify_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size, const Proof& proof,
                      const Hash& root) {
  if (auto length = check_length(proof); !length) return length;
  if (index >= size) {
    return wrong("Index " + std::to_string(index) + " is not in a tree of " + std::to_string(size) +
                 " leaves.");
  }
  Path path{index, size - 1};
  Hash hash = leaf;
  for (const Hash& sibling : proof) {
    if (path.last == 0) return wrong("The inclusion proof has more hashes than the tree has levels.");
    if (path.on_the_right()) {
      hash = node_hash(sibling, hash);
      path.skip_alone();
    } else {
      hash = node_hash(hash, sibling);
    }
    path.up();
  }
  if (path.last != 0) return wrong("The inclusion proof has fewer hashes than it needs.");
  if (hash != root) return wrong("The inclusion proof does not lead to the root of the tree.");
  return Nothing{};
}

Done verify_consistency(std::uint64_t old_size, std::uint64_t new_size, const Hash& old_root,
                        const Hash& new_root, const Proof& proof) {
  if (auto length = check_length(proof); !length) return length;
  if (old_size == 0) return wrong("Consistency with an empty tree says nothing.");
  if (old_size > new_size) {
    return wrong("The tree had " + std::to_string(old_size) + " leaves and now has fewer, " +
                 std::to_string(new_size) + ".");
  }
  if (old_size == new_size) {
    if (!proof.empty()) return wrong("Between trees of one size the consistency proof is empty.");
    if (old_root != new_root) return wrong("Two trees of one size have different roots.");
    return Nothing{};
  }
  if (proof.empty()) return wrong("The consistency proof has no hashes.");

  Path path{old_size - 1, new_size - 1};
  while ((path.node & 1U) != 0) path.up();
  // A complete old tree is a subtree of the new one, and its root is where the proof begins.
  const bool complete = std::has_single_bit(old_size);
  Hash old_hash = complete ? old_root : proof.front();
  Hash new_hash = old_hash;
  for (std::size_t i = complete ? 0 : 1; i < proof.size(); ++i) {
    if (path.last == 0) return wrong("The consistency proof has more hashes than the tree has levels.");
    if (path.on_the_right()) {
      old_hash = node_hash(proof[i], old_hash);
      new_hash = node_hash(proof[i], new_hash);
      path.skip_alone();
    } else {
      new_hash = node_hash(new_hash, proof[i]);
    }
    path.up();
  }
  if (path.last != 0) return wrong("The consistency proof has fewer hashes than it needs.");
  if (old_hash != old_root) return wrong("The consistency proof does not lead to the old root.");
  if (new_hash != new_root) return wrong("The consistency proof does not lead to the new root.");
  return Nothing{};
}

}  // namespace cardwarden::tlog
