// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a signed statement says, read from the bytes whose signature was checked. Format:
// docs/formats/record.md. Pure.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/bytes.h"

namespace cardwarden {

enum class RecordKind : std::uint8_t { audit, verdict, waiver, review, key_rotation };
std::string_view to_string(RecordKind kind);  // "audit", "verdict", "waiver", "review", "key-rotation"

struct VerifiedSubject {
  std::string name;
  std::map<std::string, std::string> digest;  // by the names of in-toto's digest_set.md
};

// A key that a rotation record brings in, which has signed the proof inside it.
struct RotatedKey {
  std::string role;
  std::string spki;              // DER
  std::uint64_t valid_from = 0;  // POSIX seconds
  std::uint64_t old_valid_to = 0;
};

// What a waiver record excuses, and who said so.
struct ReadWaiver {
  std::string rule;
  std::string owner;
  std::string approver;
  std::string ticket;
  std::string reason;
  std::uint64_t expires = 0;  // POSIX seconds
};

struct ReadStatement {
  RecordKind kind = RecordKind::audit;
  std::string predicate_type;
  std::vector<VerifiedSubject> subjects;
  std::string result;  // of an audit PASSED, WARNED or FAILED; of a verdict PASSED or FAILED; else empty
  std::string key_id;  // the key that the signer says it is
  std::string actor;
  std::uint64_t finished = 0;  // POSIX seconds, by the signer's clock
  std::optional<Hash> findings;
  std::uint64_t findings_size = 0;
  std::optional<RotatedKey> rotation;
  std::optional<ReadWaiver> waiver;
};

// Fails for a statement of another version or predicate, without subjects or provenance, for a rotation whose
// new key has not signed its proof, and for a waiver without rule, owner, approver, ticket, reason or end.
Result<ReadStatement> read_statement(std::string_view payload);

}  // namespace cardwarden
