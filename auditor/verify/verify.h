// SPDX-License-Identifier: Apache-2.0
#pragma once
// Verifying a record offline, with nothing but what is handed in: no store, no network, no clock, and no code
// that could sign. Says line by line what was checked, by which key, and what could not be checked. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/public_key.h"
#include "crypto/timestamp.h"
#include "log/checkpoint.h"
#include "log/merkle.h"
#include "verify/statement.h"

namespace cardwarden {

// A key that the caller trusts to sign records, and when.
struct TrustedKey {
  PublicKey key;
  std::string name;                         // for the report; may be empty
  std::uint64_t valid_from = 0;             // POSIX seconds; 0 without valid_to: its dates are not known
  std::optional<std::uint64_t> valid_to;    // the last moment
  std::optional<std::uint64_t> revoked_at;  // from then on somebody else may have had it
};

// A log that the caller trusts, and the witnesses that must have seen its head.
struct TrustedLog {
  tlog::NoteKey key;
  std::vector<tlog::NoteKey> witnesses;
  std::size_t quorum = 0;                      // how many of them
  std::vector<tlog::NoteKey> other_keys = {};  // that the same log had before or has now
};

// A file that the record should be about.
struct GivenFile {
  std::string name;  // for the report
  Hash sha256{};
};

struct VerifyInput {
  std::string_view record;  // a bundle or a bare envelope
  std::vector<TrustedKey> keys;
  std::optional<TrustedLog> log;
  std::optional<std::string_view> proof;           // the .tlog-proof file
  std::optional<std::string_view> stamp;           // an RFC 3161 reply over the checkpoint of the proof
  std::optional<TimestampAuthority> authority;     // whom the caller trusts to tell the time
  std::optional<std::string_view> old_checkpoint;  // one that the caller has kept, signed by the same log
  std::optional<tlog::Proof> growth;               // from the old checkpoint to the one of the proof
  std::optional<std::string_view> findings;        // the findings document
  std::vector<GivenFile> files;
};

enum class CheckState : std::uint8_t { passed, failed, not_checked };
std::string_view to_string(CheckState state);  // "passed", "failed", "not checked"

struct Check {
  CheckState state = CheckState::not_checked;
  std::string what;    // "signature", "log", …: one of a fixed list, in the order of docs/formats/verify.md
  std::string detail;  // one sentence; text of the record in it is safe to show
};

struct VerifyReport {
  std::vector<Check> checks;
  std::string record_id;                   // empty when no envelope could be read
  std::optional<ReadStatement> statement;  // only when its signature is good
  std::string key_id;                      // of the key that verified
  std::optional<std::uint64_t> log_index;  // only when inclusion is proven

  // No check failed, and a trusted key has signed. Checks that were not made do not count: whoever needs one
  // hands in what it takes.
  bool passed() const;
};

VerifyReport verify_record(const VerifyInput& input);

}  // namespace cardwarden
