// SPDX-License-Identifier: Apache-2.0
#pragma once
// Blobs of cards → facts about them: each distinct blob is parsed and read once, on threads, or taken from
// the cache where an earlier run kept it.

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

// `newest` decides the kind where none is given. A blob that cannot be read is a Reading with its problem; an
// Error is a rule author's mistake. `cache` may be null.
Result<ReadCards> read_cards(const RuleBook& book, const Repository& repository,
                             const std::vector<ObjectId>& blobs, const std::optional<ObjectId>& newest,
                             const ReadingOptions& options, ResultCache* cache);

}  // namespace cardwarden::cli
