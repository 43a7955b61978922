// SPDX-License-Identifier: Apache-2.0
#pragma once
// Checks a store from its bytes up: every digest, every index row, every hash of the tree and every root is
// made again and compared with what is stored and what was signed. Reads only. Memory does not grow with the
// log; time does.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/bytes.h"
#include "log/note.h"
#include "store/store.h"

namespace cardwarden {

struct FsckInput {
  std::vector<tlog::NoteKey> log_keys;   // of the log, the old ones too; empty: signatures are not checked
  std::optional<std::string_view> kept;  // a checkpoint kept outside the store: what finds a restored backup
};

constexpr std::size_t kMaxProblems = 100;  // what a person reads; the store is unsound after the first

struct FsckReport {
  std::uint64_t records = 0;
  std::uint64_t checkpoints = 0;
  std::uint64_t documents = 0;
  Hash root{};                             // of the tree over the stored envelopes
  std::vector<tlog::NoteKey> signers;      // keys of the log that have signed a checkpoint, each once
  std::optional<std::uint64_t> kept_size;  // of the checkpoint from outside, when its signature is good
  std::vector<std::string> problems;       // one sentence each, at most kMaxProblems
  std::vector<std::string> unchecked;

  bool sound() const { return problems.empty(); }
};

// An Error is a store that cannot be read; what is wrong with one that can is in the report.
Result<FsckReport> fsck(Store& store, const FsckInput& input);

}  // namespace cardwarden
