// SPDX-License-Identifier: Apache-2.0
#pragma once
// Records that are no audits: waivers, reviews, key rotations. They stand in the same log, so that whoever
// verifies sees who excused what, and when a key came and went. Format: docs/formats/record.md. Pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/private_key.h"
#include "record/statement.h"

namespace cardwarden {

constexpr std::string_view kWaiverType = "https://cardwarden.dev/predicate/waiver/v1";
constexpr std::string_view kReviewType = "https://cardwarden.dev/predicate/review/v1";
constexpr std::string_view kKeyRotationType = "https://cardwarden.dev/predicate/key-rotation/v1";
constexpr std::string_view kRotationProofType = "application/vnd.cardwarden.key-rotation+json";

// An approved exception: findings of `rule` about the subjects do not count until `expires`.
struct Waiver {
  std::vector<StatementSubject> subjects;
  std::string rule;
  std::string owner;
  std::string approver;
  std::string ticket;
  std::string reason;
  std::uint64_t expires = 0;  // POSIX seconds, after provenance.finished
  Provenance provenance;
};
Result<std::string> waiver_statement(const Waiver& waiver);

enum class Decision : std::uint8_t { approved, rejected, changes_requested };
std::string_view to_string(Decision decision);

// What a person decided about an audit.
struct Review {
  std::vector<StatementSubject> subjects;
  std::string record_id;  // of the audit: 64 digits
  Decision decision = Decision::changes_requested;
  std::string reviewer;
  std::string comment;
  Provenance provenance;
};
Result<std::string> review_statement(const Review& review);

constexpr std::string_view kTimeStampType = "https://cardwarden.dev/predicate/time-stamp/v1";

// A moment at which an authority (RFC 3161) saw a checkpoint of the log.
struct TimeStamp {
  std::string checkpoint;  // the signed note, exactly the bytes that were stamped; at most kMaxStampedBytes
  std::string reply;       // of the authority, DER
  Provenance provenance;
};
constexpr std::size_t kMaxStampedBytes = std::size_t{64} * 1024;
// The subject is the checkpoint. The reply must say that it is over those bytes; whether the authority is one
// to trust is for readers to decide.
Result<std::string> time_stamp_statement(const TimeStamp& stamp);

// From `valid_from` on, `new_key` takes the place of the key that signs the record. The new key signs a proof
// inside the predicate, so that nobody can name a key that is not theirs; the old key signs the envelope.
struct KeyRotation {
  std::string role;  // "record", "log" or "cosign"
  std::uint64_t valid_from = 0;
  std::uint64_t old_valid_to = 0;  // the two overlap: not before valid_from
  std::string reason;              // "rotation" or "compromise"
  Provenance provenance;           // key_id is the old key's
};
Result<std::string> key_rotation_statement(const KeyRotation& rotation, const Signer& new_key);

}  // namespace cardwarden
