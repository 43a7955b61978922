// SPDX-License-Identifier: Apache-2.0
#pragma once
// What happened to a card and to the weights beside it, commit by commit. One walk over the commits compares
// the entries of trees by id and opens folders only where they differ, so that its cost is about that of `git
// log -- README.md`.
//
// The card is followed as that command follows a path: at a merge, the history of one parent that has the
// same card is taken and the others are left; a commit is a revision when it differs from all its parents.
// Unlike the command, the walk goes on under the old name where the card was renamed. Weights are compared on
// every commit that the walk visits, with a merge counted only for what differs from all its parents.
//
// A shallow clone, a missing object and a bound that is hit end the walk early and are facts of the History
// (`truncated`, with the reason); only a tip that cannot be read is an Error.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "repository/lfs.h"
#include "repository/repository.h"

namespace cardwarden {

struct HistoryLimits {
  std::size_t commits = 1'000'000;  // visited; the Linux kernel has more than a million
  std::size_t revisions = 100'000;  // of the card
  std::size_t weight_changes = 200'000;
  std::size_t depth = 64;                       // of folders
  std::uint64_t commit_bytes = 16U << 20U;      // of one commit or tag object
  std::uint64_t tree_bytes = 64U << 20U;        // of one tree
  std::uint64_t cached_tree_bytes = 4U << 20U;  // of trees kept between commits
  std::uint64_t rename_bytes =
      1U << 20U;                       // of a file that is compared to find a rename; larger ones by id only
  std::size_t rename_candidates = 20;  // files compared for one rename
  std::size_t tags = 10'000;
};

struct CardRevision;

struct HistoryOptions {
  std::string card = "README.md";  // path of the card at the tip
  bool first_parent = false;       // follow the first parent of merges only
  HistoryLimits limits;
  // Told of each revision when the walk finds it, so that others can read it meanwhile. May be empty.
  std::function<void(const CardRevision& revision)> on_revision;
};

// What every entry says of its commit.
struct CommitFacts {
  ObjectId id;
  std::vector<ObjectId> parents;
  Person author;
  Person committer;
  std::string subject;  // first line of the message, at most kMaxSubjectBytes bytes
  SignatureKind signature = SignatureKind::none;
  std::size_t order = 0;  // of the walk, from 1: what is newer, as git orders commits, has a smaller one
};
constexpr std::size_t kMaxSubjectBytes = 400;

enum class CardChange : std::uint8_t {
  added,
  changed,
  renamed,
  removed,
  oldest,  // the history before it is not here: the card is known, what the commit changed is not
};
std::string_view to_string(CardChange change);

struct CardRevision {
  CommitFacts commit;
  CardChange change = CardChange::changed;
  std::string path;              // after the commit; of a removed card before it
  std::string old_path;          // of a renamed card
  std::optional<ObjectId> blob;  // of the card after the commit; none when removed or no regular file
  // Of the card in the first parent, under the name it had there; none when it was not there or nobody knows.
  std::optional<ObjectId> before;
};

// A file of weights before or after a commit: its blob, and what it points to.
struct WeightState {
  ObjectId blob;
  std::optional<LfsPointer> lfs;
  // The LFS oid, or the blob id: equal means equal bytes.
  std::string identity() const { return lfs ? lfs->oid : blob.hex(); }
};

enum class WeightChangeKind : std::uint8_t { added, changed, moved, removed };
std::string_view to_string(WeightChangeKind kind);

struct WeightChange {
  std::size_t commit = 0;  // index into History::weight_commits
  std::string path;
  std::string old_path;  // of a moved file
  WeightChangeKind kind = WeightChangeKind::changed;
  std::optional<WeightState> before;
  std::optional<WeightState> after;
};

struct WeightCommit {
  CommitFacts commit;
  bool card_changed = false;  // the same commit changes the card
};

struct TagFacts {
  std::string name;  // without "refs/tags/"
  ObjectId target;   // the commit, or what the tag names
  ObjectId tag;      // the tag object; zero for a lightweight tag
  Person tagger;
  SignatureKind signature = SignatureKind::none;
  bool reached =
      true;  // the target is the tip or one of its ancestors; of a walk that ended early: or may be
};

struct History {
  ObjectId tip;
  std::vector<CardRevision> revisions;       // newest first, by committer time as git orders them
  std::vector<WeightCommit> weight_commits;  // newest first
  std::vector<WeightChange> weight_changes;  // in the order of their commits
  std::vector<TagFacts> tags;                // sorted by name
  std::size_t commits = 0;                   // visited
  std::size_t merges = 0;
  bool shallow = false;
  bool truncated = false;         // something before the oldest commit seen is not here
  std::string truncated_because;  // in words
};

Result<History> read_history(const Repository& repository, const ObjectId& tip,
                             const HistoryOptions& options = {});

// Whether `ancestor` is `tip` or one of its ancestors. False says that a branch was rewritten when `ancestor`
// once was its tip. An Error where the walk meets a missing object or the bound before it can tell.
Result<bool> is_ancestor(const Repository& repository, const ObjectId& ancestor, const ObjectId& tip,
                         const HistoryLimits& limits = {});

}  // namespace cardwarden
