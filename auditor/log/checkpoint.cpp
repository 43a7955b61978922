// SPDX-License-Identifier: Apache-2.0
#include "log/checkpoint.h"

#include <charconv>
#include <utility>

#include "base/text.h"
#include "log/merkle.h"

namespace cardwarden::tlog {
namespace {

Error malformed(std::string what) {
  return {ErrorCode::format, "The checkpoint is malformed: " + std::move(what)};
}

bool is_line(std::string_view text) { return !text.empty() && text.find('\n') == std::string_view::npos; }

bool same_key(const NoteKey& a, const NoteKey& b) { return vkey_text(a) == vkey_text(b); }

}  // namespace

Result<std::uint64_t> parse_decimal(std::string_view text) {
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  // from_chars takes leading zeros, which would give one number several texts.
  if (read.ec != std::errc() || std::to_string(number) != text) {
    return Error(ErrorCode::format, "Expected a decimal number below 2^64 without leading zeros.");
  }
  return number;
}

Result<std::string> checkpoint_text(const Checkpoint& checkpoint) {
  if (!is_line(checkpoint.origin)) return malformed("its origin is one line that is not empty.");
  if (checkpoint.extra.size() > kMaxCheckpointExtra) {
    return malformed("it has more than " + std::to_string(kMaxCheckpointExtra) +
                     " further lines (kMaxCheckpointExtra).");
  }
  std::string out =
      checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" + base64(checkpoint.root) + "\n";
  for (const std::string& line : checkpoint.extra) {
    if (!is_line(line)) return malformed("a further line is empty or more than one.");
    out += line + "\n";
  }
  if (auto good = check_note_text(out); !good) return good.error();
  return out;
}

Result<Checkpoint> parse_checkpoint_text(std::string_view text) {
  if (auto good = check_note_text(text); !good) return good.error();
  const std::vector<std::string_view> lines = text::split(text.substr(0, text.size() - 1), '\n');
  if (lines.size() < 3) return malformed("it has fewer than three lines.");
  Checkpoint out;
  out.origin = lines[0];
  const auto size = parse_decimal(lines[1]);
  if (!size) return malformed("its size is no decimal number.");
  out.size = *size;
  const auto root =
      bytes_from_base64(lines[2]).and_then([](const std::string& raw) { return hash_from_bytes(raw); });
  if (!root) return malformed("its root is not the base64 of 32 bytes.");
  out.root = *root;
  if (out.size == 0 && out.root != empty_root())
    return malformed("an empty log has the root of an empty tree.");
  for (std::size_t i = 3; i < lines.size(); ++i) out.extra.emplace_back(lines[i]);
  // What holds for writing holds for reading: origin and further lines not empty, and few of them.
  if (auto again = checkpoint_text(out); !again) return again.error();
  return out;
}

Result<SignedCheckpoint> open_checkpoint(std::string_view note_bytes, const NoteKey& log,
                                         const std::vector<NoteKey>& witnesses) {
  const auto note = parse_note(note_bytes);
  if (!note) return note.error();
  auto checkpoint = parse_checkpoint_text(note->text);
  if (!checkpoint) return checkpoint.error();
  std::vector<NoteKey> known = witnesses;
  known.push_back(log);
  auto verified = verify_note(*note, known);
  if (!verified) return verified.error();
  SignedCheckpoint out{*std::move(checkpoint), {}};
  bool by_log = false;
  for (VerifiedSignature& one : *verified) {
    if (same_key(one.key, log)) {
      by_log = true;
    } else {
      out.cosigners.push_back(std::move(one));
    }
  }
  if (!by_log) return Error(ErrorCode::not_found, "The log " + log.name + " has not signed the checkpoint.");
  if (out.checkpoint.origin != log.name) {
    return Error(ErrorCode::format, "The checkpoint is of \"" + text::printable(out.checkpoint.origin) +
                                        "\", not of the log \"" + log.name + "\".");
  }
  return out;
}

}  // namespace cardwarden::tlog
