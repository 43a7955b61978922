// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the log holds of a record: the digest of its envelope's bytes, never the envelope, so that an entry
// stays under the 65,535 bytes of a bundle and no personal data enters a log that forgets nothing.
// Format: docs/formats/log.md. Pure.

#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/bytes.h"

namespace cardwarden::tlog {

constexpr std::string_view kRecordKind = "cardwarden/record/v1";

// {"envelopeSha256":"<64 digits>","kind":"cardwarden/record/v1"}
std::string leaf_data(const Hash& envelope_digest);
Result<Hash> parse_leaf_data(std::string_view data);  // the digest; takes only what leaf_data() writes

}  // namespace cardwarden::tlog
