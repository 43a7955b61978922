// SPDX-License-Identifier: Apache-2.0
#pragma once
// A `.tlog-proof` file: everything that shows one record to be in the log. Specification: C2SP tlog-proof;
// ours: docs/formats/log.md. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "log/merkle.h"

namespace cardwarden::tlog {

struct ProofFile {
  std::optional<std::string> extra;  // bytes; nobody vouches for them
  std::uint64_t index = 0;
  Proof proof;             // from the leaf up
  std::string checkpoint;  // the signed checkpoint, as it was signed
};

std::string proof_file_text(const ProofFile& file);
Result<ProofFile> parse_proof_file(std::string_view text);  // takes only what proof_file_text() writes

}  // namespace cardwarden::tlog
