// SPDX-License-Identifier: Apache-2.0
#pragma once
// Public keys and the checking of signatures, by OpenSSL. Keys come from their numbers, as SSH keeps them, or
// from PEM (SubjectPublicKeyInfo). A key may be used from many threads.

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace cardwarden {

enum class HashKind : unsigned char { sha256, sha384, sha512 };

std::string hash_bytes(HashKind kind, std::string_view bytes);  // raw: 32, 48 or 64 bytes

enum class KeyKind : unsigned char { ed25519, rsa, ec_p256, ec_p384, ec_p521 };

constexpr int kMinRsaBits = 1024;    // as OpenSSH accepts (SSH_RSA_MINIMUM_MODULUS_SIZE)
constexpr int kMaxRsaBits = 16'384;  // OPENSSL_RSA_MAX_MODULUS_BITS

class VerifyingKey {
 public:
  static Result<VerifyingKey> from_pem(std::string_view pem);
  static Result<VerifyingKey> ed25519(std::string_view thirty_two_bytes);
  // Big-endian numbers without a sign.
  static Result<VerifyingKey> rsa(std::string_view modulus, std::string_view exponent);
  // An uncompressed point (04 || X || Y) on P-256, P-384 or P-521.
  static Result<VerifyingKey> ec(KeyKind curve, std::string_view point);

  KeyKind kind() const { return kind_; }

  // Whether the signature over the message holds. Ed25519 hashes by itself and takes 64 bytes; RSA is PKCS#1
  // v1.5; ECDSA takes DER. Never true by accident of a malformed signature.
  bool verify(HashKind hash, std::string_view message, std::string_view signature) const;
  // The hash that goes with the key where nothing else says: SHA-256, 384 or 512 by the curve, else SHA-256.
  HashKind usual_hash() const;

 private:
  VerifyingKey(KeyKind kind, std::shared_ptr<void> key) : kind_(kind), key_(std::move(key)) {}
  KeyKind kind_;
  std::shared_ptr<void> key_;  // an EVP_PKEY
};

// An ECDSA signature in DER from its two numbers (big-endian, a sign byte allowed), or empty when they are
// none.
std::string ecdsa_der(std::string_view r, std::string_view s);

}  // namespace cardwarden
