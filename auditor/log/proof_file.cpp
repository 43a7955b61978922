// SPDX-License-Identifier: Apache-2.0
#include "log/proof_file.h"

#include <utility>

#include "base/text.h"
#include "log/checkpoint.h"
#include "log/note.h"

namespace cardwarden::tlog {
namespace {

constexpr std::string_view kFirstLine = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";

Error malformed(std::string what) {
  return {ErrorCode::format, "The proof file is malformed: " + std::move(what)};
}

bool begins(std::string_view text, std::string_view with) { return text.substr(0, with.size()) == with; }

}  // namespace

std::string proof_file_text(const ProofFile& file) {
  std::string out = std::string(kFirstLine) + "\n";
  if (file.extra) out += std::string(kExtra) + base64(*file.extra) + "\n";
  out += std::string(kIndex) + std::to_string(file.index) + "\n";
  for (const Hash& hash : file.proof) out += base64(hash) + "\n";
  return out + "\n" + file.checkpoint;
}

Result<ProofFile> parse_proof_file(std::string_view text) {
  if (text.size() > 2 * kMaxNoteBytes)
    return Error(ErrorCode::too_large, "The proof file has more than 2 MiB.");
  const std::size_t split = text.find("\n\n");
  if (split == std::string_view::npos) return malformed("it has no empty line before its checkpoint.");
  const std::vector<std::string_view> lines = text::split(text.substr(0, split), '\n');
  if (lines[0] != kFirstLine) return malformed("its first line is not \"" + std::string(kFirstLine) + "\".");
  ProofFile out;
  std::size_t at = 1;
  if (at < lines.size() && begins(lines[at], kExtra)) {
    auto extra = bytes_from_base64(lines[at++].substr(kExtra.size()));
    if (!extra) return malformed("its extra bytes are no base64.");
    out.extra = *std::move(extra);
  }
  if (at == lines.size() || !begins(lines[at], kIndex)) return malformed("it has no index.");
  const auto index = parse_decimal(lines[at++].substr(kIndex.size()));
  if (!index) return malformed("its index is no decimal number.");
  out.index = *index;
  if (lines.size() - at > kMaxProofHashes)
    return malformed("it has more hashes than any tree (kMaxProofHashes).");
  for (; at < lines.size(); ++at) {
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
