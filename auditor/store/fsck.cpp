// SPDX-License-Identifier: Apache-2.0
#include "store/fsck.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/text.h"
#include "log/checkpoint.h"
#include "log/leaf.h"

namespace cardwarden {
namespace {

constexpr std::uint32_t kPage = 256;  // records in memory at a time; an envelope can have megabytes

class Fsck {
 public:
  Fsck(Store& store, const FsckInput& input) : store_(store), input_(input) {}

  Result<FsckReport> run() {
    if (auto done = read_checkpoints(); !done) return done.error();
    if (auto done = rebuild(); !done) return done.error();
    for (const auto& [size, heads] : heads_) {
      if (size > range_.size()) {
        problem("A checkpoint is of " + std::to_string(size) + " entries and the store has " +
                std::to_string(range_.size()) + ": entries were lost or a backup was restored.");
      }
    }
    if (auto done = documents(); !done) return done.error();
    if (auto done = keys(); !done) return done.error();
    out_.records = range_.size();
    // A checkpoint is stored before it is handed out. A store that is smaller than it is said to be so above.
    if (out_.kept_size && !kept_is_stored_ && *out_.kept_size <= range_.size())
      problem("The checkpoint from outside is not among those that are stored.");
    out_.root = range_.root();
    return std::move(out_);
  }

 private:
  void problem(std::string what) {
    if (out_.problems.size() < kMaxProblems) out_.problems.push_back(std::move(what));
  }

  // The signed head, whichever key of the log has signed it.
  Result<tlog::Checkpoint> open(std::string_view note) {
    if (input_.log_keys.empty()) {
      return tlog::parse_note(note).and_then(
          [](const tlog::Note& parsed) { return tlog::parse_checkpoint_text(parsed.text); });
    }
    Error last(ErrorCode::format, "");
    for (const tlog::NoteKey& key : input_.log_keys) {
      auto opened = tlog::open_checkpoint(note, key);
      if (opened) {
        signed_by(key);
        return std::move(opened->checkpoint);
      }
      last = opened.error();
    }
    return last;
  }

  void signed_by(const tlog::NoteKey& key) {
    const std::string text = tlog::vkey_text(key);
    const bool known =
        std::any_of(out_.signers.begin(), out_.signers.end(),
                    [&text](const tlog::NoteKey& one) { return tlog::vkey_text(one) == text; });
    if (!known) out_.signers.push_back(key);
  }

  Done read_checkpoints() {
    const auto stored = store_.checkpoints();
    if (!stored) return stored.error();
    out_.checkpoints = stored->size();
    std::uint64_t before = 0;
    for (std::size_t i = 0; i < stored->size(); ++i) {
      const StoredCheckpoint& one = (*stored)[i];
      const std::string name = "Checkpoint " + std::to_string(i);
      const auto head = open(one.note);
      if (!head) {
        problem(name + " is not good: " + head.error().message);
        continue;
      }
      if (head->size != one.size)
        problem(name + " is stored under another size than the one that was signed.");
      if (head->size < before) problem(name + " is of a smaller log than the one before.");
      before = head->size;
      heads_[head->size].push_back({name, head->root});
    }
    if (input_.log_keys.empty())
      out_.unchecked.push_back("No key of the log was given: signatures of checkpoints.");
    if (!input_.kept) {
      out_.unchecked.push_back("No checkpoint from outside was given: whether an older backup was restored.");
      return Nothing{};
    }
    const auto kept = open(*input_.kept);
    if (!kept) {
      problem("The checkpoint from outside is not good: " + kept.error().message);
    } else {
      out_.kept_size = kept->size;
      const auto same = heads_.find(kept->size);
      kept_is_stored_ =
          same != heads_.end() && std::any_of(same->second.begin(), same->second.end(),
                                              [&kept](const auto& head) { return head.root == kept->root; });
      heads_[kept->size].push_back({"The checkpoint from outside", kept->root});
    }
    return Nothing{};
  }

  void compare_heads() {
    const auto at = heads_.find(range_.size());
    if (at == heads_.end()) return;
    for (const auto& [name, root] : at->second) {
      if (root == range_.root()) continue;
      problem(name + " of " + std::to_string(range_.size()) +
              " entries has another root than the stored records give.");
    }
  }

  void check(const StoredRecord& stored) {
    const std::string name = "Record " + std::to_string(stored.index);
    const auto fresh = index_record(stored.envelope);
    const Hash id = fresh ? fresh->id : sha256(stored.envelope);
    if (id != stored.id) problem(name + " has another digest than its id: its bytes were changed.");
    if (!fresh) {
      problem(name + " is no envelope: " + fresh.error().message);
    } else if (!(fresh->index == stored.fields)) {
      problem(name + " is indexed as something that it does not say.");
    }
    // The tree is over the bytes; an id that was changed must not hide them.
    range_.append(tlog::leaf_hash(tlog::leaf_data(id)), nodes_);
    compare_heads();
  }

  Done rebuild() {
    const auto size = store_.size();
    if (!size) return size.error();
    compare_heads();
    std::uint64_t nodes = 0;
    while (range_.size() < *size) {
      const auto page = store_.records(range_.size(), kPage);
      if (!page) return page.error();
      if (page->empty() || page->front().index != range_.size()) {
        problem("Record " + std::to_string(range_.size()) + " is missing.");
        return Nothing{};
      }
      for (const StoredRecord& record : *page) {
        if (record.index != range_.size()) break;
        check(record);
      }
      nodes += nodes_.size();
      if (auto done = compare_nodes(); !done) return done;
    }
    const auto stored = store_.node_count();
    if (!stored) return stored.error();
    if (*stored != nodes) {
      problem("The store has " + std::to_string(*stored) + " hashes of the tree and needs " +
              std::to_string(nodes) + ".");
    }
    return Nothing{};
  }

  // The new hashes of each level stand side by side in the tree.
  Done compare_nodes() {
    std::sort(nodes_.begin(), nodes_.end(),
              [](const tlog::Node& a, const tlog::Node& b) { return a.id < b.id; });
    for (std::size_t begin = 0; begin < nodes_.size();) {
      std::size_t end = begin;
      while (end < nodes_.size() && nodes_[end].id.level == nodes_[begin].id.level) ++end;
      const tlog::NodeId first = nodes_[begin].id;
      const auto stored = store_.nodes(first.level, first.index, static_cast<std::uint32_t>(end - begin));
      if (!stored) return stored.error();
      for (std::size_t i = begin; i < end; ++i) {
        if (i - begin < stored->size() && (*stored)[i - begin] == nodes_[i].hash) continue;
        problem("The hash at level " + std::to_string(first.level) + ", place " +
                std::to_string(nodes_[i].id.index) + " is missing or not the one that the records give.");
      }
      begin = end;
    }
    nodes_.clear();
    return Nothing{};
  }

  Done documents() {
    std::optional<Hash> after;
    for (;;) {
      const auto page = store_.documents(after, kPage);
      if (!page) return page.error();
      if (page->empty()) return Nothing{};
      for (const Hash& id : *page) {
        ++out_.documents;
        const auto bytes = store_.document(id);
        if (!bytes) return bytes.error();
        if (sha256(*bytes) != id) problem("Document " + hex(id) + " has other bytes than its name says.");
        const auto passages = store_.passages(id);
        if (!passages) return passages.error();
        if (*passages != passages_of(*bytes))
          problem("Document " + hex(id) + " is searched by other words than it holds.");
      }
      after = page->back();
    }
  }

  Done keys() {
    const auto stored = store_.keys();
    if (!stored) return stored.error();
    for (const StoredKey& key : *stored) {
      const auto parsed = PublicKey::from_spki(key.spki);
      if (!parsed || key_id(*parsed) != key.id) {
        problem("The key " + text::printable(key.id) + " has other bytes than its id says.");
      }
    }
    return Nothing{};
  }

  struct Head {
    std::string name;
    Hash root{};
  };

  Store& store_;
  const FsckInput& input_;
  FsckReport out_;
  bool kept_is_stored_ = false;
  tlog::CompactRange range_;
  std::vector<tlog::Node> nodes_;
  std::map<std::uint64_t, std::vector<Head>> heads_;
};

}  // namespace

Result<FsckReport> fsck(Store& store, const FsckInput& input) { return Fsck(store, input).run(); }

}  // namespace cardwarden
