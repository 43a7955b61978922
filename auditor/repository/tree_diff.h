// SPDX-License-Identifier: Apache-2.0
#pragma once
// What differs between two trees: files, found by comparing ids and opening only the folders whose ids
// differ. Trees that were read stay in a cache, since the tree of a commit is next compared with that of its
// child.

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "repository/repository.h"

namespace cardwarden {

class TreeCache {
 public:
  TreeCache(const Repository& repository, std::uint64_t max_tree_bytes, std::uint64_t max_cached_bytes)
      : repository_(repository), max_tree_bytes_(max_tree_bytes), max_cached_bytes_(max_cached_bytes) {}

  // The bytes of the tree; they live as long as their owner, whatever the cache does.
  Result<SharedBytes> get(const ObjectId& id);

 private:
  struct Kept {
    ObjectId id;
    SharedBytes tree;
  };
  const Repository& repository_;
  std::uint64_t max_tree_bytes_;
  std::uint64_t max_cached_bytes_;
  std::uint64_t bytes_ = 0;
  std::list<Kept> kept_;  // most recently used first
  std::unordered_map<ObjectId, std::list<Kept>::iterator, ObjectIdHash> by_id_;
};

struct TreeChange {
  std::string path;
  std::uint32_t old_mode = 0;  // 0: the file was not there
  std::uint32_t new_mode = 0;  // 0: the file is not there
  ObjectId old_id;
  ObjectId new_id;
};

// Called for each file that differs, folders in the order of trees. A folder that became a file gives changes
// of both. Submodules and links count as files.
using TreeVisitor = std::function<void(TreeChange&& change)>;

// Nothing where a zero id stands for an empty tree. `max_depth` bounds folders in folders.
Done diff_trees(TreeCache& cache, const ObjectId& before, const ObjectId& after, std::size_t max_depth,
                const TreeVisitor& visit);

}  // namespace cardwarden
