// SPDX-License-Identifier: Apache-2.0
#pragma once
// Public keys of every algorithm that signatures are checked by here, and the checking itself: the one place
// where OpenSSL verifies. Keys come from their numbers, as SSH keeps them, or from a SubjectPublicKeyInfo
// (RFC 5280 section 4.1). Records take fewer kinds of key: public_key.h. A key is a value: copies share it,
// and it may be used from many threads.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/bytes.h"

namespace cardwarden {

enum class KeyAlgorithm : std::uint8_t { ed25519, ecdsa_p256, ecdsa_p384, ecdsa_p521, rsa };
std::string_view to_string(KeyAlgorithm algorithm);  // "ed25519", "ecdsa-p256-sha256", …, "rsa"

constexpr int kMinRsaBits = 1024;    // as OpenSSH accepts (SSH_RSA_MINIMUM_MODULUS_SIZE)
constexpr int kMaxRsaBits = 16'384;  // OPENSSL_RSA_MAX_MODULUS_BITS

class VerifyingKey {
 public:
  static Result<VerifyingKey> from_spki(std::string_view der);
  static Result<VerifyingKey> from_pem(std::string_view text);  // label "PUBLIC KEY", and nothing else in it
  static Result<VerifyingKey> ed25519(std::string_view thirty_two_bytes);
  // Big-endian numbers without a sign.
  static Result<VerifyingKey> rsa(std::string_view modulus, std::string_view exponent);
  // An uncompressed point (04 || X || Y) on P-256, P-384 or P-521.
  static Result<VerifyingKey> ec(KeyAlgorithm curve, std::string_view point);

  KeyAlgorithm algorithm() const { return algorithm_; }
  std::string spki() const;  // DER, as OpenSSL writes it

  // Whether the signature over the message holds. Ed25519 hashes by itself and takes 64 bytes; RSA is PKCS#1
  // v1.5; ECDSA takes DER. Never true by accident of a malformed signature.
  bool verify(HashKind hash, std::string_view message, std::string_view signature) const;
  // The hash that goes with the key where nothing else says: SHA-256, 384 or 512 by the curve, else SHA-256.
  HashKind usual_hash() const;

 private:
  VerifyingKey(KeyAlgorithm algorithm, std::shared_ptr<void> key)
      : algorithm_(algorithm), key_(std::move(key)) {}
  KeyAlgorithm algorithm_;
  std::shared_ptr<void> key_;  // an EVP_PKEY
};

// An ECDSA signature in DER from its two numbers (big-endian, a sign byte allowed), or empty when they are
// none.
std::string ecdsa_der(std::string_view r, std::string_view s);

}  // namespace cardwarden
