// SPDX-License-Identifier: Apache-2.0
#include "record/sign.h"

#include <utility>

#include "base/json.h"
#include "crypto/dsse.h"
#include "log/leaf.h"

namespace cardwarden {

Result<SignedRecord> sign_record(std::string_view statement, const Signer& signer) {
  auto signature = signer.sign(dsse_pae(kInTotoPayloadType, statement));
  if (!signature) return signature.error();
  SignedRecord out;
  out.envelope =
      envelope_json({std::string(kInTotoPayloadType), std::string(statement), {{"", *std::move(signature)}}});
  if (out.envelope.size() > kMaxEnvelopeBytes) {
    return Error(ErrorCode::too_large, "The record has more than " + std::to_string(kMaxEnvelopeBytes) +
                                           " bytes (kMaxEnvelopeBytes).");
  }
  out.digest = sha256(out.envelope);
  out.leaf = tlog::leaf_data(out.digest);
  return out;
}

std::string sigstore_bundle(std::string_view envelope, const PublicKey& key) {
  // Written by hand, so that the bytes of the envelope stand in it untouched. The whole is canonical JSON.
  return R"({"dsseEnvelope":)" + std::string(envelope) +
         R"(,"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"publicKey":{"hint":)" +
         json_string(sigstore_hint(key)) + R"(},"tlogEntries":[]}})";
}

Result<OpensslExport> openssl_export(std::string_view envelope, const PublicKey& key) {
  auto parsed = parse_envelope(envelope);
  if (!parsed) return parsed.error();
  OpensslExport out;
  out.files = {{"pae.bin", dsse_pae(parsed->payload_type, parsed->payload)},
               {"sig.bin", parsed->signatures.front().signature},
               {"pub.pem", key.pem()},
               {"statement.json", parsed->payload}};
  out.command = key.algorithm() == KeyAlgorithm::ed25519
                    ? "openssl pkeyutl -verify -pubin -inkey pub.pem -rawin -in pae.bin -sigfile sig.bin"
                    : "openssl dgst -sha256 -verify pub.pem -signature sig.bin pae.bin";
  return out;
}

}  // namespace cardwarden
