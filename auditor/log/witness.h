// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a log and its witnesses say to each other: the `add-checkpoint` message, the witness's decision about
// it, and the cosignatures that come back. Specification: C2SP tlog-witness; ours:
// docs/formats/checkpoint.md. Pure: a witness's memory is handed in, and signing is note_sign.h's.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "log/checkpoint.h"
#include "log/merkle.h"
#include "log/note.h"

namespace cardwarden::tlog {

constexpr std::size_t kMaxWitnessProof = 63;  // hashes of one request; more than any log here has

// A log shows a witness how it has grown since the size that the witness knows.
struct WitnessRequest {
  std::uint64_t old_size = 0;
  Proof proof;             // empty from size 0, and where nothing was added
  std::string checkpoint;  // signed by the log
};

std::string witness_request_text(const WitnessRequest& message);
Result<WitnessRequest> parse_witness_request(std::string_view body);  // takes only what the other writes

// The head that a witness has cosigned last. It must be on the disk before a new cosignature leaves the
// house, and two messages must not be judged by the same memory: otherwise a witness could vouch for two
// histories.
struct WitnessMemory {
  std::uint64_t size = 0;
  Hash root{};
};

enum class WitnessAnswer : std::uint16_t {  // the status of the HTTP answer
  cosign = 200,
  malformed = 400,   // the message says an old size over the new one
  not_signed = 403,  // not by the log's key
  unknown_log = 404,
  conflict = 409,  // another old size than the one in memory, or another root for the same size
  unproven = 422,
};

struct WitnessVerdict {
  WitnessAnswer answer = WitnessAnswer::malformed;
  std::string reason;     // one sentence; text of the message in it is safe to show
  Checkpoint checkpoint;  // of `cosign`: what to keep in memory, then to cosign
  std::string text;       // of `cosign`: the text to cosign
};

// `logs`: those that the witness watches, each under its name as origin. `memory` of that log, empty for one
// that was never seen. Call it with the memory locked.
WitnessVerdict judge_checkpoint(const WitnessRequest& message, const std::vector<NoteKey>& logs,
                                const std::optional<WitnessMemory>& memory);

// What goes back with a status: the lines of the cosignature, the size in memory after a conflict, else the
// reason.
std::string cosignature_lines(const std::vector<NoteSignature>& signatures);
std::string conflict_body(const std::optional<WitnessMemory>& memory);

// The checkpoint with the lines that witnesses have sent. Lines by unknown keys are left out; of one witness
// the latest stays. An error when a line by a known witness does not verify over this checkpoint, or when
// there is no line by one.
Result<std::string> add_cosignatures(std::string_view checkpoint, std::string_view lines, const NoteKey& log,
                                     const std::vector<NoteKey>& witnesses);

}  // namespace cardwarden::tlog
