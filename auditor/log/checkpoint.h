// SPDX-License-Identifier: Apache-2.0
#pragma once
// The head of a log: its origin, its size, its root. Specification: C2SP tlog-checkpoint; ours:
// docs/formats/checkpoint.md. Pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/bytes.h"
#include "log/note.h"

namespace cardwarden::tlog {

struct Checkpoint {
  std::string origin;  // "audit.example/log1": a URL without scheme; the name of the log for ever
  std::uint64_t size = 0;
  Hash root{};
  std::vector<std::string> extra;  // further lines; nobody vouches for them but the log
};

constexpr std::size_t kMaxCheckpointExtra = 16;  // lines

// What is signed. Fails for an origin or further line that a checkpoint cannot hold.
Result<std::string> checkpoint_text(const Checkpoint& checkpoint);
// Takes only what checkpoint_text() writes. The root of an empty log must be the one of an empty tree.
Result<Checkpoint> parse_checkpoint_text(std::string_view text);

struct SignedCheckpoint {
  Checkpoint checkpoint;
  std::vector<VerifiedSignature> cosigners;  // the known witnesses that signed it
};

// Parses a signed checkpoint and verifies that `log` has signed it under its own name as origin. The lines of
// other known keys are verified too; those of unknown keys are passed over.
Result<SignedCheckpoint> open_checkpoint(std::string_view note, const NoteKey& log,
                                         const std::vector<NoteKey>& witnesses = {});

// Decimal digits without sign or leading zero, up to 2^64 - 1.
Result<std::uint64_t> parse_decimal(std::string_view text);

}  // namespace cardwarden::tlog
