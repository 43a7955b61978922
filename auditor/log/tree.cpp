// SPDX-License-Identifier: Apache-2.0
#include "log/tree.h"

#include <algorithm>
#include <bit>
#include <string>

namespace cardwarden::tlog {
namespace {

Error out_of_tree(std::string message) { return {ErrorCode::not_found, std::move(message)}; }

// The hash over leaves [begin, begin + count), where `begin` is a multiple of the power of two at or above
// `count`.
Result<Hash> hash_over(std::uint64_t begin, std::uint64_t count, const NodeReader& read) {
  if (std::has_single_bit(count)) {
    const auto level = static_cast<std::uint32_t>(std::countr_zero(count));
    return read({level, begin >> level});
  }
  const std::uint64_t left = largest_power_below(count);
  auto first = hash_over(begin, left, read);
  if (!first) return first;
  auto rest = hash_over(begin + left, count - left, read);
  if (!rest) return rest;
  return node_hash(*first, *rest);
}

// A subtree that a proof names.
struct Range {
  std::uint64_t begin;
  std::uint64_t count;
};

Result<Proof> hashes_over(const std::vector<Range>& ranges, const NodeReader& read) {
  Proof out;
  for (const Range& range : ranges) {
    auto hash = hash_over(range.begin, range.count, read);
    if (!hash) return hash.error();
    out.push_back(*hash);
  }
  return out;
}

}  // namespace

Result<CompactRange> CompactRange::from(std::uint64_t size, std::vector<Hash> hashes) {
  if (hashes.size() != static_cast<std::size_t>(std::popcount(size))) {
    return Error(ErrorCode::format, "A tree of " + std::to_string(size) + " leaves has " +
                                        std::to_string(std::popcount(size)) + " hashes at its edge, not " +
                                        std::to_string(hashes.size()) + ".");
  }
  CompactRange out;
  out.size_ = size;
  out.hashes_ = std::move(hashes);
  return out;
}

void CompactRange::append(const Hash& leaf, std::vector<Node>& out) {
  NodeId id{0, size_};
  Hash hash = leaf;
  out.push_back({id, hash});
  while ((id.index & 1U) != 0) {
    hash = node_hash(hashes_.back(), hash);
    hashes_.pop_back();
    id = {id.level + 1, id.index >> 1U};
    out.push_back({id, hash});
  }
  hashes_.push_back(hash);
  ++size_;
}

Hash CompactRange::root() const {
  if (hashes_.empty()) return empty_root();
  Hash root = hashes_.back();
  for (std::size_t i = hashes_.size() - 1; i > 0; --i) root = node_hash(hashes_[i - 1], root);
  return root;
}

std::vector<NodeId> edge_nodes(std::uint64_t size) {
  std::vector<NodeId> out;
  for (std::uint32_t level = 64; level-- > 0;) {
    // The subtree of this level ends where the higher bits of the size end.
    if ((size >> level & 1U) != 0) out.push_back({level, (size >> level) - 1});
  }
  return out;
}

Result<CompactRange> read_range(std::uint64_t size, const NodeReader& read) {
  std::vector<Hash> hashes;
  for (const NodeId id : edge_nodes(size)) {
    auto hash = read(id);
    if (!hash) return hash.error();
    hashes.push_back(*hash);
  }
  return CompactRange::from(size, std::move(hashes));
}

Result<Hash> root_at(std::uint64_t size, const NodeReader& read) {
  return read_range(size, read).transform([](const CompactRange& range) { return range.root(); });
}

Result<Proof> inclusion_proof(std::uint64_t index, std::uint64_t size, const NodeReader& read) {
  if (index >= size) {
    return out_of_tree("Leaf " + std::to_string(index) + " is not in a tree of " + std::to_string(size) +
                       " leaves.");
  }
  std::vector<Range> siblings;  // from the root down
  std::uint64_t begin = 0;
  std::uint64_t count = size;
  while (count > 1) {
    const std::uint64_t left = largest_power_below(count);
    if (index - begin < left) {
      siblings.push_back({begin + left, count - left});
      count = left;
    } else {
      siblings.push_back({begin, left});
      begin += left;
      count -= left;
    }
  }
  std::reverse(siblings.begin(), siblings.end());
  return hashes_over(siblings, read);
}

Result<Proof> consistency_proof(std::uint64_t old_size, std::uint64_t new_size, const NodeReader& read) {
  if (old_size == 0 || old_size > new_size) {
    return out_of_tree("There is no proof from " + std::to_string(old_size) + " leaves to " +
                       std::to_string(new_size) + ".");
  }
  std::vector<Range> parts;
  std::uint64_t begin = 0;
  std::uint64_t count = new_size;
  std::uint64_t old_count = old_size;
  while (old_count != count) {
    const std::uint64_t left = largest_power_below(count);
    if (old_count <= left) {
      parts.push_back({begin + left, count - left});
      count = left;
    } else {
      parts.push_back({begin, left});
      begin += left;
      count -= left;
      old_count -= left;
    }
  }
  // What is left is a subtree of both trees. When it is the whole old tree, the verifier has its root.
  if (begin != 0) parts.push_back({begin, count});
  std::reverse(parts.begin(), parts.end());
  return hashes_over(parts, read);
}

}  // namespace cardwarden::tlog
