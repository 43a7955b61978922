// SPDX-License-Identifier: Apache-2.0
#include "log/witness.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace cardwarden::tlog {
namespace {

constexpr std::string_view kOld = "old ";

Error malformed(const std::string& what) {
  return {ErrorCode::format, "The message of the log is malformed: " + what};
}

WitnessVerdict refuse(WitnessAnswer answer, std::string reason) {
  WitnessVerdict out;
  out.answer = answer;
  out.reason = std::move(reason);
  return out;
}

// Whether the checkpoint continues what the witness remembers.
Done check_growth(const WitnessRequest& message, const WitnessMemory& before, const Checkpoint& now) {
  if (before.size == 0) {
    if (message.proof.empty()) return Nothing{};
    return Error(ErrorCode::format, "From size 0 there is nothing to prove.");
  }
  return verify_consistency(before.size, now.size, before.root, now.root, message.proof);
}

bool same(const NoteSignature& a, const NoteSignature& b) { return a.name == b.name && a.id == b.id; }

}  // namespace

std::string witness_request_text(const WitnessRequest& message) {
  std::string out = std::string(kOld) + std::to_string(message.old_size) + "\n";
  for (const Hash& hash : message.proof) out += base64(hash) + "\n";
  return out + "\n" + message.checkpoint;
}

Result<WitnessRequest> parse_witness_request(std::string_view body) {
  if (body.size() > kMaxNoteBytes) {
    return Error(ErrorCode::too_large, "The message of the log has more than " +
                                           std::to_string(kMaxNoteBytes) + " bytes (kMaxNoteBytes).");
  }
  const std::size_t end = body.find("\n\n");
  if (end == std::string_view::npos) return malformed("no empty line stands before the checkpoint.");
  const std::vector<std::string_view> lines = text::split(body.substr(0, end), '\n');
  if (lines[0].substr(0, kOld.size()) != kOld) return malformed("its first line is not the old size.");
  const auto size = parse_decimal(lines[0].substr(kOld.size()));
  if (!size) return malformed("its old size is no decimal number.");
  if (lines.size() - 1 > kMaxWitnessProof) {
    return Error(ErrorCode::too_large, "The message of the log has more than " +
                                           std::to_string(kMaxWitnessProof) + " hashes (kMaxWitnessProof).");
  }
  WitnessRequest out;
  out.old_size = *size;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto hash =
        bytes_from_base64(lines[i]).and_then([](const std::string& raw) { return hash_from_bytes(raw); });
    if (!hash) return malformed("a line of the proof is not the base64 of 32 bytes.");
    out.proof.push_back(*hash);
  }
  out.checkpoint = body.substr(end + 2);
  if (auto note = parse_note(out.checkpoint); !note) return note.error();
  return out;
}

WitnessVerdict judge_checkpoint(const WitnessRequest& message, const std::vector<NoteKey>& logs,
                                const std::optional<WitnessMemory>& memory) {
  const auto note = parse_note(message.checkpoint);
  if (!note) return refuse(WitnessAnswer::malformed, note.error().message);
  auto head = parse_checkpoint_text(note->text);
  if (!head) return refuse(WitnessAnswer::malformed, head.error().message);
  std::vector<NoteKey> keys;
  for (const NoteKey& log : logs) {
    if (log.name == head->origin) keys.push_back(log);
  }
  if (keys.empty()) {
    return refuse(WitnessAnswer::unknown_log,
                  "The log \"" + text::printable(head->origin) + "\" is not watched here.");
  }
  if (const auto by_log = verify_note(*note, keys); !by_log)
    return refuse(WitnessAnswer::not_signed, by_log.error().message);
  if (message.old_size > head->size)
    return refuse(WitnessAnswer::malformed, "The old size is over the new one.");
  const WitnessMemory before = memory.value_or(WitnessMemory{0, empty_root()});
  if (message.old_size != before.size) {
    return refuse(WitnessAnswer::conflict,
                  "The log was last seen at size " + std::to_string(before.size) + ".");
  }
  if (before.size == head->size && before.root != head->root && before.size != 0) {
    return refuse(WitnessAnswer::conflict, "The log was seen with another root at the same size.");
  }
  if (const Done grown = check_growth(message, before, *head); !grown)
    return refuse(WitnessAnswer::unproven, grown.error().message);
  return {WitnessAnswer::cosign, "The log continues what was seen.", *std::move(head), note->text};
}

std::string cosignature_lines(const std::vector<NoteSignature>& signatures) {
  // A note whose text is one line end, without the text.
  return note_text({"\n", signatures}).substr(2);
}

std::string conflict_body(const std::optional<WitnessMemory>& memory) {
  return std::to_string(memory ? memory->size : 0) + "\n";
}

Result<std::string> add_cosignatures(std::string_view checkpoint, std::string_view lines, const NoteKey& log,
                                     const std::vector<NoteKey>& witnesses) {
  if (const auto good = open_checkpoint(checkpoint, log); !good) return good.error();
  auto note = parse_note(checkpoint);
  if (!note) return note.error();
  const auto sent = parse_note(note->text + "\n" + std::string(lines));
  if (!sent) return sent.error();
  if (const auto verified = verify_note(*sent, witnesses); !verified) return verified.error();
  for (const NoteSignature& one : sent->signatures) {
    const bool known = std::any_of(witnesses.begin(), witnesses.end(), [&one](const NoteKey& witness) {
      return witness.type == NoteKeyType::cosignature && witness.name == one.name && witness.id == one.id;
    });
    if (!known) continue;
    // The time stands first and is big-endian, so that the bytes of the later line are the larger.
    const auto before = std::find_if(note->signatures.begin(), note->signatures.end(),
                                     [&one](const NoteSignature& other) { return same(one, other); });
    if (before == note->signatures.end()) {
      note->signatures.push_back(one);
    } else if (before->bytes.compare(0, 8, one.bytes, 0, 8) < 0) {
      *before = one;
    }
  }
  std::string out = note_text(*note);
  const auto opened = open_checkpoint(out, log, witnesses);
  if (!opened) return opened.error();
  if (opened->cosigners.empty()) return Error(ErrorCode::not_found, "No known witness has sent a line.");
  return out;
}

}  // namespace cardwarden::tlog
