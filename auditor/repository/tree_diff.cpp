// SPDX-License-Identifier: Apache-2.0
#include "repository/tree_diff.h"

#include <algorithm>
#include <cstring>
#include <optional>

namespace cardwarden {
namespace {

constexpr std::size_t kMaxPathBytes = 8192;  // of a path in a tree; Linux opens none over 4,096

bool is_folder(std::uint32_t mode) { return (mode & 0170000U) == 0040000U; }

// Trees are sorted by name, a folder as if its name ended with '/'.
int compare_names(const TreeEntry& a, const TreeEntry& b) {
  const std::size_t common = std::min(a.name.size(), b.name.size());
  const int order = std::memcmp(a.name.data(), b.name.data(), common);
  if (order != 0) return order;
  const auto next = [common](const TreeEntry& entry) {
    if (entry.name.size() > common) return static_cast<int>(static_cast<unsigned char>(entry.name[common]));
    return is_folder(entry.mode) ? static_cast<int>('/') : 0;
  };
  return next(a) - next(b);
}

// The number of bytes that both begin with.
std::size_t common_bytes(std::string_view a, std::string_view b) {
  constexpr std::size_t kBlock = 1024;
  const std::size_t size = std::min(a.size(), b.size());
  std::size_t at = 0;
  while (at + kBlock <= size && std::memcmp(a.data() + at, b.data() + at, kBlock) == 0) at += kBlock;
  while (at < size && a[at] == b[at]) ++at;
  return at;
}

// Drops the entries that both trees begin with.
void drop_common(std::string_view& a, std::string_view& b) {
  const std::size_t differ = common_bytes(a, b);
  std::string_view rest = a;
  std::size_t kept = 0;
  while (!rest.empty()) {
    const void* zero = std::memchr(rest.data(), 0, rest.size());
    if (zero == nullptr) break;
    const std::size_t entry = static_cast<std::size_t>(static_cast<const char*>(zero) - rest.data()) + 21;
    if (kept + entry > differ || entry > rest.size()) break;
    kept += entry;
    rest.remove_prefix(entry);
  }
  a.remove_prefix(kept);
  b.remove_prefix(kept);
}

Error malformed(const ObjectId& tree) { return {ErrorCode::format, "The tree is malformed.", tree.hex()}; }

class Differ {
 public:
  Differ(TreeCache& cache, std::size_t max_depth, const TreeVisitor& visit)
      : cache_(cache), max_depth_(max_depth), visit_(visit) {}

  Done run(const ObjectId& before, const ObjectId& after) {
    open_.push_back({"", before, after, 0});
    while (!open_.empty()) {
      const Pair pair = std::move(open_.back());
      open_.pop_back();
      auto done = compare(pair);
      if (!done) return done;
    }
    return Nothing{};
  }

 private:
  struct Pair {
    std::string folder;  // with a '/' at its end
    ObjectId before;
    ObjectId after;
    std::size_t depth = 0;
  };

  Result<SharedBytes> bytes_of(const ObjectId& id) {
    if (id.is_zero()) return SharedBytes{};
    return cache_.get(id);
  }

  Done compare(const Pair& pair) {
    const auto before = bytes_of(pair.before);
    if (!before) return before.error();
    const auto after = bytes_of(pair.after);
    if (!after) return after.error();
    std::string_view a = before->bytes;
    std::string_view b = after->bytes;
    drop_common(a, b);
    std::optional<TreeEntry> from;
    std::optional<TreeEntry> to;
    for (;;) {
      if (!from && !to && a == b) return Nothing{};
      if (!from && !a.empty()) {
        from = next_entry(a);
        if (!from) return malformed(pair.before);
      }
      if (!to && !b.empty()) {
        to = next_entry(b);
        if (!to) return malformed(pair.after);
      }
      if (!from && !to) return Nothing{};
      const int order = !from ? 1 : !to ? -1 : compare_names(*from, *to);
      if (order == 0 && from->id == to->id && from->mode == to->mode) {
        from.reset();
        to.reset();
        continue;
      }
      auto done = report(pair, order <= 0 ? &*from : nullptr, order >= 0 ? &*to : nullptr);
      if (!done) return done;
      if (order <= 0) from.reset();
      if (order >= 0) to.reset();
    }
  }

  Done report(const Pair& pair, const TreeEntry* from, const TreeEntry* to) {
    const std::string path = pair.folder + std::string(from != nullptr ? from->name : to->name);
    if (path.size() > kMaxPathBytes) {
      return Error(ErrorCode::too_large, "A path of a tree has more than " + std::to_string(kMaxPathBytes) +
                                             " bytes (kMaxPathBytes).");
    }
    const bool from_folder = from != nullptr && is_folder(from->mode);
    const bool to_folder = to != nullptr && is_folder(to->mode);
    if (from_folder || to_folder) {
      if (pair.depth + 1 >= max_depth_) {
        return Error(ErrorCode::too_large,
                     "Folders nest deeper than " + std::to_string(max_depth_) + " (HistoryLimits::depth).");
      }
      open_.push_back(
          {path + "/", from_folder ? from->id : ObjectId{}, to_folder ? to->id : ObjectId{}, pair.depth + 1});
    }
    TreeChange change;
    change.path = path;
    if (from != nullptr && !from_folder) {
      change.old_mode = from->mode;
      change.old_id = from->id;
    }
    if (to != nullptr && !to_folder) {
      change.new_mode = to->mode;
      change.new_id = to->id;
    }
    if (change.old_mode != 0 || change.new_mode != 0) visit_(std::move(change));
    return Nothing{};
  }

  TreeCache& cache_;
  std::size_t max_depth_;
  const TreeVisitor& visit_;
  std::vector<Pair> open_;
};

}  // namespace

Result<SharedBytes> TreeCache::get(const ObjectId& id) {
  const auto known = by_id_.find(id);
  if (known != by_id_.end()) {
    kept_.splice(kept_.begin(), kept_, known->second);
    return kept_.front().tree;
  }
  auto read = repository_.borrow(ObjectType::tree, id, max_tree_bytes_);
  if (!read) return read.error();
  bytes_ += read->bytes.size();
  kept_.push_front({id, *read});
  by_id_[id] = kept_.begin();
  while (bytes_ > max_cached_bytes_ && kept_.size() > 1) {
    bytes_ -= kept_.back().tree.bytes.size();
    by_id_.erase(kept_.back().id);
    kept_.pop_back();
  }
  return read;
}

Done diff_trees(TreeCache& cache, const ObjectId& before, const ObjectId& after, std::size_t max_depth,
                const TreeVisitor& visit) {
  if (before == after) return Nothing{};
  return Differ(cache, max_depth, visit).run(before, after);
}

}  // namespace cardwarden
