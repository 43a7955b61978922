// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a log hands out of its store: signed checkpoints, proofs, tiles. All of it can be made again from the
// stored hashes. Calls borrow the store.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/private_key.h"
#include "log/note.h"
#include "log/proof_file.h"
#include "log/tiles.h"
#include "log/witness.h"
#include "store/store.h"

namespace cardwarden {

// Signs the log as it stands and stores the checkpoint, before it returns it. Refused when the log does not
// continue the last checkpoint: then the store was damaged or set back, and a second signature would be proof
// of two histories. A log that has not grown gives the stored checkpoint again. Only `origin`'s own log key
// may sign; whoever calls this for one log from several processes must see to it that one at a time does.
// While a change of the log's key is young, `also` are the keys before it, so that readers who know only
// those go on reading. May be empty; null pointers are not allowed.
Result<std::string> publish_checkpoint(Store& store, std::string_view origin, const Signer& signer,
                                       const std::vector<const Signer*>& also = {});

// What a witness that last saw the log at `old_size` is sent about the newest checkpoint.
Result<tlog::WitnessRequest> witness_message(Store& store, std::uint64_t old_size);

// Takes the lines that witnesses have sent about the newest checkpoint into it, stores it and returns it. An
// error, and nothing stored, for a line by a known witness that does not verify, and for no line by one.
Result<std::string> accept_cosignatures(Store& store, std::string_view lines, const tlog::NoteKey& log,
                                        const std::vector<tlog::NoteKey>& witnesses);

// The proof for one record under the newest checkpoint. ErrorCode::not_found when no checkpoint covers it
// yet.
Result<tlog::ProofFile> prove_record(Store& store, std::uint64_t index);

// The proof under an older checkpoint, a signed note of this log, that covers the record.
Result<tlog::ProofFile> prove_record_under(Store& store, std::uint64_t index, std::string note);

// A tile or bundle as a file of the published log.
Result<std::string> tile_file(Store& store, const tlog::TileId& tile);

}  // namespace cardwarden
