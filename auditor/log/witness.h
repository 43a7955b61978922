// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a witness is asked: "you have seen this log with so many entries; here is its new checkpoint, and the
// proof that it only grew". The body of add-checkpoint in C2SP tlog-witness, as a file. Also the form in
// which a consistency proof is handed to people. Format: docs/formats/log.md. Pure.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "log/merkle.h"

namespace cardwarden::tlog {

struct WitnessRequest {
  std::uint64_t old_size = 0;  // 0: the witness has not seen the log
  Proof proof;                 // from the old size to the checkpoint's; empty when the sizes are equal or 0
  std::string checkpoint;      // the signed checkpoint, as it was signed
};

std::string witness_request_text(const WitnessRequest& request);
// Takes only what witness_request_text() writes. The checkpoint is not looked into.
Result<WitnessRequest> parse_witness_request(std::string_view text);

}  // namespace cardwarden::tlog
