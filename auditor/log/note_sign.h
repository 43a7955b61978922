// SPDX-License-Identifier: Apache-2.0
#pragma once
// Signing notes: as a log, and as a witness. One key has one role: the same key under two names or types
// would let a signature of one be shown as the other's. Time is handed in.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/private_key.h"
#include "log/note.h"

namespace cardwarden::tlog {

// The signature line of a log: type 0x01 for an Ed25519 key, 0x02 for P-256. `text` must be one that a note
// may hold. Whoever calls this has to know that the checkpoint is consistent with all it signed before.
Result<NoteSignature> sign_note(std::string_view text, std::string_view name, const Signer& signer);

// The signature line of a witness, type 0x04, at `time` in POSIX seconds. Ed25519 only.
Result<NoteSignature> cosign_note(std::string_view text, std::string_view name, std::uint64_t time,
                                  const Signer& signer);

// "PRIVATE+KEY+" name "+" id "+" base64(0x01 || seed): a key of Go's note tools, for logs that move here.
struct NotePrivateKey {
  std::string name;
  PrivateKey key;
};
Result<NotePrivateKey> parse_note_private_key(std::string_view text);

}  // namespace cardwarden::tlog
