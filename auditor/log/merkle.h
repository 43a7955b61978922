// SPDX-License-Identifier: Apache-2.0
#pragma once
// The Merkle tree of RFC 6962 section 2.1, from the side of whoever verifies: hashes, and proofs checked
// against roots. Pure; proofs come from strangers, and a wrong one is an Error that says what did not fit.

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/bytes.h"

namespace cardwarden::tlog {

using Proof = std::vector<Hash>;

// A path in a tree of 2^64 leaves has no more hashes; a consistency proof one more than the path.
constexpr std::size_t kMaxProofHashes = 65;

Hash leaf_hash(std::string_view data);                // SHA-256(0x00 || data)
Hash node_hash(const Hash& left, const Hash& right);  // SHA-256(0x01 || left || right)
Hash empty_root();                                    // SHA-256 of nothing
std::uint64_t largest_power_below(std::uint64_t n);   // the k of RFC 6962: k < n <= 2k, for n > 1

// The leaf with hash `leaf` is at `index` of the tree with `size` leaves and `root`. `proof` from the leaf
// up.
Done verify_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size, const Proof& proof,
                      const Hash& root);

// The tree with `new_size` leaves begins with all leaves of the tree with `old_size`. An old size of 0 is an
// error, since a proof from an empty tree says nothing.
Done verify_consistency(std::uint64_t old_size, std::uint64_t new_size, const Hash& old_root,
                        const Hash& new_root, const Proof& proof);

}  // namespace cardwarden::tlog
