// SPDX-License-Identifier: Apache-2.0
#pragma once
// From a statement to a record: the signed envelope, whose bytes are stored and logged as they are, and the
// forms in which it is handed out. Formats: docs/formats/envelope.md, docs/formats/record.md. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/bytes.h"
#include "crypto/private_key.h"

namespace cardwarden {

struct SignedRecord {
  std::string envelope;  // the exact bytes that the log knows by their digest
  Hash digest{};         // of the envelope
  std::string leaf;      // what the log takes as entry

  std::string id() const { return hex(digest); }
};

// One signature, no key id in the envelope: cosign skips signatures with a key id that it does not derive
// itself.
Result<SignedRecord> sign_record(std::string_view statement, const Signer& signer);

// A Sigstore bundle v0.3 around the envelope, for cosign, sigstore-js and `cardwarden verify`.
std::string sigstore_bundle(std::string_view envelope, const PublicKey& key);

// What somebody with nothing but the openssl tool needs.
struct ExportedFile {
  std::string name;
  std::string bytes;
};
struct OpensslExport {
  std::vector<ExportedFile> files;  // pae.bin, sig.bin, pub.pem, statement.json
  std::string command;              // run among the files
};
Result<OpensslExport> openssl_export(std::string_view envelope, const PublicKey& key);

}  // namespace cardwarden
