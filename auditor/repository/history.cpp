// SPDX-License-Identifier: Apache-2.0
#include "repository/history.h"

#include <algorithm>
#include <queue>
#include <set>
#include <unordered_map>

#include "base/text.h"
#include "crypto/bytes.h"
#include "repository/rename.h"
#include "repository/tree_diff.h"
#include "repository/weight_file.h"

namespace cardwarden {
namespace {

std::string_view name_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool is_regular(std::uint32_t mode) { return (mode & 0170000U) == 0100000U; }

bool is_weight(std::string_view path) {
  return weight_format_of(path).has_value() && weight_role_of(name_of(path)) != WeightRole::training_state;
}

std::string subject_of(std::string_view message) {
  while (!message.empty() && message.front() == '\n') message.remove_prefix(1);
  return std::string(message.substr(0, std::min(message.find('\n'), kMaxSubjectBytes)));
}

CommitFacts facts_of(const ObjectId& id, const Commit& commit, std::size_t order) {
  CommitFacts out;
  out.id = id;
  out.order = order;
  out.parents = commit.parents;
  out.author = commit.author;
  out.committer = commit.committer;
  out.subject = commit.message;
  out.signature = commit.signature_kind;
  return out;
}

// What one commit has that a parent had not, as far as histories need it.
struct Differences {
  std::vector<TreeChange> cards;  // of the paths that are followed
  std::vector<TreeChange> weights;
  std::vector<TreeChange> removed;  // texts that the card may have been before a renaming
};

class Walker {
 public:
  Walker(const Repository& repository, const HistoryOptions& options, History& out)
      : repository_(repository),
        options_(options),
        limits_(options.limits),
        out_(out),
        trees_(repository, limits_.tree_bytes, limits_.cached_tree_bytes) {
    paths_.push_back(options.card);
  }

  Done walk(const ObjectId& tip) {
    const auto read = commit_of(tip);
    if (!read) return read.error();
    push(tip, 0);
    while (!queue_.empty()) {
      const Entry entry = queue_.top();
      queue_.pop();
      State& state = states_.at(entry.id);
      state.queued = false;
      const std::vector<std::size_t> fresh = std::move(state.fresh);
      state.fresh.clear();
      const bool first_visit = !state.visited;
      state.visited = true;
      if (first_visit && ++out_.commits > limits_.commits) {
        return stop("more than " + std::to_string(limits_.commits) + " commits (HistoryLimits::commits)");
      }
      if (first_visit) state.order = out_.commits;
      visit(entry.id, fresh, first_visit);
      if (full_) return Nothing{};
    }
    return Nothing{};
  }

  bool visited(const ObjectId& id) const {
    const auto at = states_.find(id);
    return at != states_.end() && at->second.visited;
  }

 private:
  struct State {
    Commit commit;
    bool loaded = false;
    bool queued = false;
    bool visited = false;
    std::size_t order = 0;           // of the first visit, from 1
    std::vector<std::size_t> fresh;  // paths, as indexes into paths_, still to be followed from here
    std::vector<std::size_t> known;  // paths followed from here
  };
  struct Entry {
    std::int64_t time = 0;
    std::uint64_t order = 0;
    ObjectId id;
    bool operator<(const Entry& other) const {
      return time != other.time ? time < other.time : order > other.order;
    }
  };
  static constexpr std::size_t kNoPath = SIZE_MAX;

  Done stop(const std::string& why) {
    out_.truncated = true;
    if (out_.truncated_because.empty()) out_.truncated_because = "The walk stopped: " + why + ".";
    full_ = true;
    return Nothing{};
  }

  // A fact that the walk survives: the history before it is not here.
  void cut(const std::string& why) {
    out_.truncated = true;
    if (out_.truncated_because.empty()) out_.truncated_because = why;
  }

  Result<const Commit*> commit_of(const ObjectId& id) {
    State& state = states_[id];
    if (!state.loaded) {
      const auto bytes = repository_.borrow(ObjectType::commit, id, limits_.commit_bytes);
      if (!bytes) return bytes.error();
      auto commit = parse_commit(bytes->bytes);
      if (!commit) return commit.error();
      state.commit = std::move(*commit);
      // A walk keeps every commit: only what revisions quote.
      state.commit.message = subject_of(state.commit.message);
      state.commit.message.shrink_to_fit();
      state.commit.signature = {};
      state.loaded = true;
      if (std::binary_search(repository_.shallow_commits().begin(), repository_.shallow_commits().end(),
                             id) &&
          !state.commit.parents.empty()) {
        cut("The clone is shallow: what came before commit " + id.hex().substr(0, 12) + " is not here.");
        state.commit.parents.clear();
      }
    }
    return &state.commit;
  }

  void push(const ObjectId& id, std::size_t path) {
    const auto commit = commit_of(id);
    if (!commit) return cut("Commit " + id.hex() + " cannot be read: " + commit.error().message);
    State& state = states_.at(id);
    const bool news =
        path != kNoPath && std::find(state.known.begin(), state.known.end(), path) == state.known.end();
    if (news) {
      state.known.push_back(path);
      state.fresh.push_back(path);
    }
    if (state.queued || (state.visited && !news)) return;
    state.queued = true;
    queue_.push({(*commit)->committer.time, order_++, id});
  }

  Result<Differences> compare(const ObjectId& before, const ObjectId& after) {
    Differences out;
    const auto done = diff_trees(trees_, before, after, limits_.depth, [&](TreeChange&& change) {
      const bool card = std::find(paths_.begin(), paths_.end(), change.path) != paths_.end();
      if (card) {
        out.cards.push_back(std::move(change));
      } else if (change.new_mode == 0 && may_have_been_card(change.path) && is_regular(change.old_mode) &&
                 out.removed.size() < limits_.rename_candidates) {
        out.removed.push_back(std::move(change));
      } else if (is_weight(change.path)) {
        out.weights.push_back(std::move(change));
      }
    });
    if (!done) return done.error();
    return out;
  }

  void visit(const ObjectId& id, const std::vector<std::size_t>& fresh, bool first_visit) {
    const Commit& commit = states_.at(id).commit;  // stays where it is while states_ grows
    const std::size_t parents =
        options_.first_parent ? std::min<std::size_t>(commit.parents.size(), 1) : commit.parents.size();
    if (first_visit && commit.parents.size() > 1) ++out_.merges;
    std::vector<Differences> differences;
    std::vector<ObjectId> followed;
    for (std::size_t i = 0; i < std::max<std::size_t>(parents, 1); ++i) {
      ObjectId before;
      if (parents > 0) {
        const auto parent = commit_of(commit.parents[i]);
        if (!parent) {
          cut("Commit " + commit.parents[i].hex() + " cannot be read: " + parent.error().message);
          continue;
        }
        before = (*parent)->tree;
        followed.push_back(commit.parents[i]);
      } else if (is_shallow_end(id)) {
        break;  // what the commit changed is not known
      }
      auto found = compare(before, commit.tree);
      if (!found) {
        cut("The trees of commit " + id.hex() + " cannot be compared: " + found.error().message);
        if (!followed.empty()) followed.pop_back();
        continue;
      }
      differences.push_back(std::move(*found));
    }
    // Also on branches that the card's own history leaves out.
    const bool card_changed =
        !differences.empty() && std::all_of(differences.begin(), differences.end(),
                                            [](const Differences& one) { return !one.cards.empty(); });
    for (const std::size_t path : fresh) follow_card(id, commit, path, differences, followed);
    for (const ObjectId& parent : followed) push(parent, kNoPath);
    if (first_visit && !differences.empty()) note_weights(id, commit, differences, card_changed);
  }

  bool is_shallow_end(const ObjectId& id) const {
    return std::binary_search(repository_.shallow_commits().begin(), repository_.shallow_commits().end(), id);
  }

  static const TreeChange* change_of(const std::vector<TreeChange>& changes, std::string_view path) {
    const auto at = std::find_if(changes.begin(), changes.end(),
                                 [path](const TreeChange& one) { return one.path == path; });
    return at == changes.end() ? nullptr : &*at;
  }

  // Notes the commit where it is a revision of the card under this path; pushes the parents it leads to.
  void follow_card(const ObjectId& id, const Commit& commit, std::size_t path,
                   const std::vector<Differences>& differences, const std::vector<ObjectId>& followed) {
    const std::string name = paths_[path];
    for (std::size_t i = 0; i < differences.size(); ++i) {
      if (change_of(differences[i].cards, name) != nullptr) continue;
      if (i < followed.size()) push(followed[i], path);
      return;
    }
    if (differences.empty()) return note_oldest(id, commit, name);
    CardRevision revision;
    const TreeChange& change = *change_of(differences[0].cards, name);
    revision.path = name;
    if (is_regular(change.new_mode)) revision.blob = change.new_id;
    if (is_regular(change.old_mode)) revision.before = change.old_id;
    revision.change = change.new_mode == 0   ? CardChange::removed
                      : change.old_mode == 0 ? CardChange::added
                                             : CardChange::changed;
    for (std::size_t i = 0; i < followed.size(); ++i) {
      const TreeChange& one = *change_of(differences[i].cards, name);
      std::size_t old_path = path;
      if (one.old_mode == 0 && is_regular(one.new_mode)) {
        const std::string old_name =
            find_old_name(repository_, one, differences[i].removed, limits_.rename_bytes);
        if (!old_name.empty()) {
          old_path = index_of(old_name);
          if (revision.old_path.empty()) revision.old_path = old_name;
          if (i == 0) revision.before = change_of(differences[i].removed, old_name)->old_id;
          revision.change = CardChange::renamed;
        }
      }
      push(followed[i], old_path);
    }
    if (out_.revisions.size() >= limits_.revisions) {
      (void)stop("more than " + std::to_string(limits_.revisions) + " revisions (HistoryLimits::revisions)");
      return;
    }
    revision.commit = facts_of(id, commit, states_.at(id).order);
    out_.revisions.push_back(std::move(revision));
    if (options_.on_revision) options_.on_revision(out_.revisions.back());
    return;
  }

  // The oldest commit of a clone that is shallow or damaged: its card is known, whether the commit changed it
  // is not.
  void note_oldest(const ObjectId& id, const Commit& commit, const std::string& name) {
    CardRevision revision;
    const auto done = diff_trees(trees_, ObjectId{}, commit.tree, limits_.depth, [&](TreeChange&& change) {
      if (change.path == name && is_regular(change.new_mode)) revision.blob = change.new_id;
    });
    if (!done || !revision.blob) return;
    revision.path = name;
    revision.change = CardChange::oldest;
    revision.commit = facts_of(id, commit, states_.at(id).order);
    out_.revisions.push_back(std::move(revision));
    if (options_.on_revision) options_.on_revision(out_.revisions.back());
  }

  std::size_t index_of(const std::string& path) {
    const auto at = std::find(paths_.begin(), paths_.end(), path);
    if (at != paths_.end()) return static_cast<std::size_t>(at - paths_.begin());
    paths_.push_back(path);
    return paths_.size() - 1;
  }

  std::optional<WeightState> state_of(const ObjectId& blob, std::uint32_t mode) {
    if (mode == 0) return std::nullopt;
    WeightState out;
    out.blob = blob;
    const auto bytes = repository_.read_blob(blob, kMaxPointerBytes);
    if (bytes && is_regular(mode)) out.lfs = parse_lfs_pointer(*bytes);
    return out;
  }

  // A file that moved into LFS or out of it keeps its bytes, and its blob says so when it is hashed.
  bool same_content(const WeightState& a, const WeightState& b) {
    if (a.identity() == b.identity()) return true;
    if (a.lfs.has_value() == b.lfs.has_value()) return false;
    const WeightState& pointer = a.lfs ? a : b;
    const WeightState& plain = a.lfs ? b : a;
    const auto header = repository_.header(plain.blob);
    constexpr std::uint64_t kMaxHashedBytes = 256U << 20U;
    if (!header || header->size != pointer.lfs->size || header->size > kMaxHashedBytes) return false;
    const auto bytes = repository_.read_blob(plain.blob, kMaxHashedBytes);
    return bytes && sha256_hex(*bytes) == pointer.lfs->oid;
  }

  void note_weights(const ObjectId& id, const Commit& commit, const std::vector<Differences>& differences,
                    bool card_changed) {
    std::vector<WeightChange> changes;
    for (const TreeChange& change : differences[0].weights) {
      const bool in_all = std::all_of(
          differences.begin() + 1, differences.end(),
          [&change](const Differences& other) { return change_of(other.weights, change.path) != nullptr; });
      if (!in_all) continue;  // a merge brought it from a parent
      WeightChange one;
      one.path = change.path;
      one.before = state_of(change.old_id, change.old_mode);
      one.after = state_of(change.new_id, change.new_mode);
      if (one.before && one.after && same_content(*one.before, *one.after)) continue;
      one.kind = !one.before  ? WeightChangeKind::added
                 : !one.after ? WeightChangeKind::removed
                              : WeightChangeKind::changed;
      changes.push_back(std::move(one));
    }
    pair_moves(changes);
    if (changes.empty()) return;
    if (out_.weight_changes.size() + changes.size() > limits_.weight_changes) {
      (void)stop("more than " + std::to_string(limits_.weight_changes) +
                 " changes of weights (HistoryLimits::weight_changes)");
      return;
    }
    for (WeightChange& one : changes) {
      one.commit = out_.weight_commits.size();
      out_.weight_changes.push_back(std::move(one));
    }
    out_.weight_commits.push_back({facts_of(id, commit, states_.at(id).order), card_changed});
  }

  // A file that goes and one that comes with the same bytes are one that moved.
  static void pair_moves(std::vector<WeightChange>& changes) {
    std::unordered_map<std::string, std::size_t> gone;
    for (std::size_t i = 0; i < changes.size(); ++i) {
      if (changes[i].kind == WeightChangeKind::removed) gone.emplace(changes[i].before->identity(), i);
    }
    std::vector<bool> drop(changes.size(), false);
    for (WeightChange& change : changes) {
      if (change.kind != WeightChangeKind::added) continue;
      const auto from = gone.find(change.after->identity());
      if (from == gone.end()) continue;
      change.kind = WeightChangeKind::moved;
      change.old_path = changes[from->second].path;
      change.before = changes[from->second].before;
      drop[from->second] = true;
      gone.erase(from);
    }
    std::size_t kept = 0;
    for (std::size_t i = 0; i < changes.size(); ++i) {
      if (drop[i]) continue;
      if (kept != i) changes[kept] = std::move(changes[i]);
      ++kept;
    }
    changes.resize(kept);
    std::sort(changes.begin(), changes.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  }

  const Repository& repository_;
  const HistoryOptions& options_;
  const HistoryLimits& limits_;
  History& out_;
  TreeCache trees_;
  std::vector<std::string> paths_;  // the card's names; the first is today's
  std::unordered_map<ObjectId, State, ObjectIdHash> states_;
  std::priority_queue<Entry> queue_;
  std::uint64_t order_ = 0;
  bool full_ = false;
};

bool is_commit(const Repository& repository, const ObjectId& id) {
  const auto header = repository.header(id);
  return header && header->type == ObjectType::commit;
}

Done read_tags(const Repository& repository, const HistoryLimits& limits, const Walker& walker,
               History& out) {
  const auto references = repository.references("refs/tags/");
  if (!references) return references.error();
  for (const Reference& reference : *references) {
    if (out.tags.size() >= limits.tags) {
      out.truncated = true;
      if (out.truncated_because.empty()) {
        out.truncated_because =
            "There are more than " + std::to_string(limits.tags) + " tags (HistoryLimits::tags).";
      }
      break;
    }
    TagFacts tag;
    tag.name = reference.name.substr(std::string_view("refs/tags/").size());
    tag.target = reference.id;
    const auto object = repository.read(reference.id, limits.commit_bytes);
    if (object && object->type == ObjectType::tag) {
      const auto parsed = parse_tag(object->bytes);
      if (parsed) {
        tag.tag = reference.id;
        tag.target = parsed->target;
        tag.tagger = parsed->tagger;
        tag.signature = parsed->signature_kind;
      }
    }
    tag.reached = out.truncated || walker.visited(tag.target) || !is_commit(repository, tag.target);
    out.tags.push_back(std::move(tag));
  }
  return Nothing{};
}

}  // namespace

std::string_view to_string(CardChange change) {
  static constexpr std::string_view kNames[] = {"added", "changed", "renamed", "removed", "oldest"};
  return kNames[static_cast<std::size_t>(change)];
}

std::string_view to_string(WeightChangeKind kind) {
  static constexpr std::string_view kNames[] = {"added", "changed", "moved", "removed"};
  return kNames[static_cast<std::size_t>(kind)];
}

Result<History> read_history(const Repository& repository, const ObjectId& tip,
                             const HistoryOptions& options) {
  History out;
  out.tip = tip;
  out.shallow = repository.is_shallow();
  Walker walker(repository, options, out);
  const auto walked = walker.walk(tip);
  if (!walked) return walked.error();
  const auto tags = read_tags(repository, options.limits, walker, out);
  if (!tags) return tags.error();
  return out;
}

Result<bool> is_ancestor(const Repository& repository, const ObjectId& ancestor, const ObjectId& tip,
                         const HistoryLimits& limits) {
  std::set<ObjectId> seen = {tip};
  std::vector<ObjectId> open = {tip};
  std::optional<Error> missing;
  while (!open.empty()) {
    const ObjectId id = open.back();
    open.pop_back();
    if (id == ancestor) return true;
    if (seen.size() > limits.commits) {
      return Error(ErrorCode::too_large, "There are more than " + std::to_string(limits.commits) +
                                             " commits (HistoryLimits::commits).");
    }
    const auto bytes = repository.read_as(ObjectType::commit, id, limits.commit_bytes, Verify::no);
    auto commit = bytes ? parse_commit(*bytes) : Result<Commit>(bytes.error());
    if (!commit) {
      missing = commit.error();
      continue;
    }
    for (const ObjectId& parent : commit->parents) {
      if (seen.insert(parent).second) open.push_back(parent);
    }
  }
  if (missing) return *missing;
  return false;
}

}  // namespace cardwarden
