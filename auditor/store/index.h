// SPDX-License-Identifier: Apache-2.0
#pragma once
// What records can be found by. It is read from the signed bytes and from nothing else, so that a check of
// the store can tell an index row that somebody has changed. Pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "crypto/bytes.h"

namespace cardwarden {

// A further property, such as {"subject", "README.md"}. A record may have many of one name.
using IndexTag = std::pair<std::string, std::string>;

struct RecordIndex {
  std::string kind;    // "audit", "verdict", "waiver", "review", "key-rotation", "time-stamp", "other"
  std::string result;  // "PASSED", "WARNED", "FAILED", or empty
  std::string policy;  // digest in hexadecimal, or empty
  std::string tenant;  // or empty
  std::uint64_t finished = 0;  // POSIX seconds, by the signer's clock; 0 when the record does not say
  // Sorted, each once. Names: "actor", "subject", "digest" ("sha256:…"), "rule" (of a waiver, or failed or
  // warned in an audit), "disclosure" (disclosed by a card at least), "record" (id of the one that is
  // reviewed), "findings" (SHA-256 of the findings document), "control"
  // ("framework/provision:verdict").
  std::vector<IndexTag> tags;
  friend bool operator==(const RecordIndex&, const RecordIndex&) = default;
};

struct NewRecord {
  std::string_view envelope;  // the caller's bytes
  Hash id{};                  // SHA-256 of the envelope
  RecordIndex index;
};

constexpr std::size_t kMaxTags = 8192;      // of a record; what is over is not indexed
constexpr std::size_t kMaxTagBytes = 1024;  // of a value; a longer one is not indexed

// Borrows the envelope. Fails for bytes that are no envelope with a statement in it. The signature is not
// checked.
Result<NewRecord> index_record(std::string_view envelope);

}  // namespace cardwarden
