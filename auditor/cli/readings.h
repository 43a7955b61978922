// SPDX-License-Identifier: Apache-2.0
#pragma once
// Blobs of cards → facts about them: each distinct blob is parsed and read once, on threads, or taken from
// the cache where an earlier run kept it.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/result_cache.h"
#include "engine/rulebook.h"
#include "engine/timeline.h"
#include "repository/repository.h"

namespace cardwarden::cli {

constexpr std::uint64_t kMaxRevisionCardBytes = 16U << 20U;  // of one revision, as of a snapshot's card

struct ReadingOptions {
  std::string repository;          // path; every thread opens it for itself
  std::string card = "README.md";  // what the card is called where its kind is guessed by its path
  std::optional<Kind> kind;        // of all revisions; else that of the first blob that can be read
  unsigned jobs = 1;
};

struct ReadCards {
  Readings readings;
  Kind kind = Kind::model;
  std::size_t parsed = 0;  // blobs that no cache had
};

// Reads cards on threads of its own while the caller finds out which there are. One thread uses it.
class CardReader {
 public:
  // All that is given outlives it; `cache` may be null.
  CardReader(const RuleBook& book, const Repository& repository, ReadingOptions options, ResultCache* cache);
  ~CardReader();

  // Each blob is read once, however often it comes. The first decides the kind where the options name none.
  void add(const ObjectId& blob);

  // Waits for all. A blob that cannot be read is a Reading with its problem; an Error is a rule author's
  // mistake. Called once.
  Result<ReadCards> finish();

 private:
  struct Pool;
  std::unique_ptr<Pool> pool_;
};

// The history of the options' card with the facts of every revision, read while the walk goes on.
struct ReadHistory {
  History history;
  ReadCards cards;
};
Result<ReadHistory> read_history_and_cards(const RuleBook& book, const Repository& repository,
                                           const ObjectId& tip, HistoryOptions walk,
                                           const ReadingOptions& options, ResultCache* cache);

}  // namespace cardwarden::cli
