// SPDX-License-Identifier: Apache-2.0
#pragma once
// A record as it reaches somebody who does not trust us: a Sigstore bundle v0.3, or the bare envelope.
// Format: docs/formats/record.md. Pure.

#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/dsse.h"

namespace cardwarden {

struct ReceivedRecord {
  bool bundled = false;  // else the bare envelope
  std::string hint;      // the key that the bundle names; not authenticated
  std::string
      envelope_bytes;  // what the log knows by its digest: of a bundle the canonical form of its member
  Envelope envelope;
  bool foreign_material =
      false;  // timestamps, certificates or log entries of others, which are not checked here
};

// Refuses members that the format does not have: nobody should see more in a bundle than what was verified.
Result<ReceivedRecord> read_record(std::string_view text);

}  // namespace cardwarden
