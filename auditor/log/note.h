// SPDX-License-Identifier: Apache-2.0
#pragma once
// Signed notes: a text, an empty line, signature lines. Specification: C2SP signed-note and tlog-cosignature;
// ours: docs/formats/checkpoint.md. This header parses and verifies; note_sign.h signs. Pure.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/public_key.h"

namespace cardwarden::tlog {

// The byte of C2SP signed-note that says how a key signs.
enum class NoteKeyType : std::uint8_t {
  ed25519 = 0x01,      // over the text
  ecdsa_p256 = 0x02,   // over the text, DER
  cosignature = 0x04,  // Ed25519 over a time and the text: a witness
};

struct NoteKey {
  std::string name;
  NoteKeyType type = NoteKeyType::ed25519;
  std::uint32_t id = 0;  // 4 bytes that signature lines carry; a hint, so that others' lines are passed over
  PublicKey key;
};

// Fails for a name that no note may carry and for an algorithm that the type does not have.
Result<NoteKey> note_key(std::string name, NoteKeyType type, PublicKey key);

std::string note_id_text(std::uint32_t id);  // its 8 hexadecimal digits

// name "+" 8 hexadecimal digits "+" base64: how a log or witness publishes its key.
std::string vkey_text(const NoteKey& key);
Result<NoteKey> parse_vkey(std::string_view text);

struct NoteSignature {
  std::string name;
  std::uint32_t id = 0;
  std::string bytes;  // of a cosignature 8 bytes of time before the signature
};

struct Note {
  std::string text;  // ends in LF
  std::vector<NoteSignature> signatures;
};

constexpr std::size_t kMaxNoteBytes = std::size_t{1024} * 1024;
constexpr std::size_t kMaxNoteSignatures = 100;  // what the reader of Go's module log takes

std::string note_text(const Note& note);
Result<Note> parse_note(std::string_view text);

// A text that a note may hold: UTF-8 ending in LF, no control character but LF.
Done check_note_text(std::string_view text);
Done check_note_name(std::string_view name);

struct VerifiedSignature {
  NoteKey key;
  std::optional<std::uint64_t> time;  // of a cosignature, POSIX seconds
};

// The signatures by keys of `known`, each key once, a witness with its latest time. An error when a line by a
// known key does not verify, when two known keys share name and id, or when no line is by a known key.
Result<std::vector<VerifiedSignature>> verify_note(const Note& note, const std::vector<NoteKey>& known);

// What a cosignature of that time is over.
std::string cosigned_text(std::uint64_t time, std::string_view text);

}  // namespace cardwarden::tlog
