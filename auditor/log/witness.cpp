// SPDX-License-Identifier: Apache-2.0
#include "log/witness.h"

#include <utility>
#include <vector>

#include "base/text.h"
#include "log/checkpoint.h"
#include "log/note.h"

namespace cardwarden::tlog {
namespace {

constexpr std::string_view kOld = "old ";

Error malformed(std::string what) {
  return {ErrorCode::format, "The request to a witness is malformed: " + std::move(what)};
}

}  // namespace

std::string witness_request_text(const WitnessRequest& request) {
  std::string out = std::string(kOld) + std::to_string(request.old_size) + "\n";
  for (const Hash& hash : request.proof) out += base64(hash) + "\n";
  return out + "\n" + request.checkpoint;
}

Result<WitnessRequest> parse_witness_request(std::string_view text) {
  if (text.size() > 2 * kMaxNoteBytes)
    return Error(ErrorCode::too_large, "The request to a witness has more than 2 MiB.");
  const std::size_t split = text.find("\n\n");
  if (split == std::string_view::npos) return malformed("it has no empty line before its checkpoint.");
  const std::vector<std::string_view> lines = text::split(text.substr(0, split), '\n');
  if (lines[0].substr(0, kOld.size()) != kOld)
    return malformed("its first line does not begin with \"old \".");
  const auto old_size = parse_decimal(lines[0].substr(kOld.size()));
  if (!old_size) return malformed("its old size is no decimal number.");
  if (lines.size() - 1 > kMaxProofHashes)
    return malformed("it has more hashes than any tree (kMaxProofHashes).");
  WitnessRequest out;
  out.old_size = *old_size;
  for (std::size_t at = 1; at < lines.size(); ++at) {
    const auto hash =
        bytes_from_base64(lines[at]).and_then([](const std::string& raw) { return hash_from_bytes(raw); });
    if (!hash) return malformed("a hash is not the base64 of 32 bytes.");
    out.proof.push_back(*hash);
  }
  out.checkpoint = text.substr(split + 2);
  if (auto note = parse_note(out.checkpoint); !note) return note.error();
  return out;
}

}  // namespace cardwarden::tlog
