// SPDX-License-Identifier: Apache-2.0
#pragma once
// A whole store as lines of JSON, to carry it to another backend. Format: docs/formats/store.md. Memory does
// not grow with the log, but for the checkpoints.

#include <cstddef>
#include <cstdint>
#include <iosfwd>

#include "base/result.h"
#include "crypto/bytes.h"
#include "store/store.h"

namespace cardwarden::cli {

// A line holds one record or document: base64 is a third longer than its bytes.
constexpr std::size_t kMaxTransferLine = kMaxDocumentBytes / 3 * 4 + 1024;

struct Transferred {
  std::uint64_t records = 0;
  std::uint64_t checkpoints = 0;
  std::uint64_t documents = 0;
  std::uint64_t keys = 0;
  Hash root{};  // of the log
};

Result<Transferred> export_store(Store& store, std::ostream& out);

// Takes the lines into a store that is empty, or holds a beginning of the same log: an import that was cut
// off is finished by doing it again. Fails at a line out of its order, a record that would get another index,
// and a text without its last line; compares counts and root at the end.
Result<Transferred> import_store(Store& store, std::istream& in);

}  // namespace cardwarden::cli
