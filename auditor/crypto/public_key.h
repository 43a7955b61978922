// SPDX-License-Identifier: Apache-2.0
#pragma once
// A key that checks records and logs. Two kinds are taken: Ed25519 (RFC 8032, pure) and ECDSA on P-256 with
// SHA-256 and DER signatures (RFC 3279 section 2.2.3). A key is a value: copies share it, and it may be used
// from many threads. Whoever only verifies needs this header and not private_key.h.

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/verifying_key.h"

namespace cardwarden {

constexpr std::size_t kEd25519KeyBytes = 32;        // RFC 8032 section 5.1.5
constexpr std::size_t kEd25519SignatureBytes = 64;  // RFC 8032 section 5.1.6

class PublicKey {
 public:
  // A SubjectPublicKeyInfo (RFC 5280 section 4.1). Other curves and algorithms, and encodings that are not
  // the one DER encoding of their key, are refused.
  static Result<PublicKey> from_spki(std::string_view der);
  static Result<PublicKey> from_pem(std::string_view text);  // label "PUBLIC KEY"
  static Result<PublicKey> from_ed25519(std::string_view raw);

  KeyAlgorithm algorithm() const;   // ed25519 or ecdsa_p256, no other
  const std::string& spki() const;  // DER
  std::string pem() const;
  std::string raw() const;  // of Ed25519 the 32 key bytes; of P-256 the uncompressed point, 65 bytes

  // Whether `signature` is this key's over `message`. A malformed signature is simply not one.
  bool verify(std::string_view message, std::string_view signature) const;

  friend bool operator==(const PublicKey& a, const PublicKey& b) { return a.spki() == b.spki(); }

 private:
  struct State;
  explicit PublicKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

// How a key is named. Verifiers of other projects use other names; ours is key_id().
std::string key_id(const PublicKey& key);         // SHA-256 of the SPKI, 64 hexadecimal digits
std::string sigstore_hint(const PublicKey& key);  // the same digest in base64: `publicKey.hint` of a bundle
std::string pem_digest(const PublicKey& key);  // SHA-256 of the PEM text, hexadecimal: OpenSSF model signing
std::string ssh_fingerprint(const PublicKey& key);  // "SHA256:…" over the SSH wire form (RFC 4253, RFC 5656)

// A P-256 signature as two numbers of 32 bytes, r then s, in the DER form that verify() takes.
Result<std::string> ecdsa_der_from_raw(std::string_view raw);

}  // namespace cardwarden
