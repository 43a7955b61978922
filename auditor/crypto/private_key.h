// SPDX-License-Identifier: Apache-2.0
#pragma once
// Keys that sign. Chance is handed in: the same bytes give the same key and the same key file. The one
// exception is the nonce of an ECDSA signature, which OpenSSL 3.0 draws by itself, so that P-256 signatures
// differ from one to the next; Ed25519 signatures never do. Nothing that verifies includes this header.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/public_key.h"

namespace cardwarden {

// Whatever signs: a key in memory, or one that never leaves a token. Calls may come from many threads.
class Signer {
 public:
  virtual ~Signer() = default;
  virtual const PublicKey& public_key() const = 0;
  virtual Result<std::string> sign(std::string_view message) const = 0;  // Ed25519: 64 bytes; P-256: DER
};

// scrypt (RFC 7914). The defaults need 16 MiB and are what `openssl pkcs8 -topk8 -scrypt` uses.
struct ScryptCost {
  std::uint64_t n = 16384;
  std::uint64_t r = 8;
  std::uint64_t p = 1;
};

constexpr std::size_t kEd25519SeedBytes = 32;  // RFC 8032 section 5.1.5
constexpr std::size_t kP256SeedBytes = 40;     // 64 bits more than the order has: FIPS 186-5 appendix A.2.1
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kIvBytes = 16;  // AES block
constexpr std::size_t kMinPassphraseBytes = 8;

class PrivateKey final : public Signer {
 public:
  static Result<PrivateKey> ed25519_from_seed(
      std::string_view seed);                                       // 32 bytes, the private key of RFC 8032
  static Result<PrivateKey> p256_from_seed(std::string_view seed);  // 40 bytes from a good source

  // PKCS#8 in PEM, label "ENCRYPTED PRIVATE KEY". A key without passphrase is refused: ErrorCode::usage.
  static Result<PrivateKey> from_pem(std::string_view text, std::string_view passphrase);

  // PBES2 with scrypt and AES-256-CBC. `salt` and `iv` have 16 bytes each and are used once.
  Result<std::string> to_pem(std::string_view passphrase, std::string_view salt, std::string_view iv,
                             const ScryptCost& cost = {}) const;

  const PublicKey& public_key() const override { return public_key_; }
  Result<std::string> sign(std::string_view message) const override;

 private:
  struct State;
  PrivateKey(std::shared_ptr<const State> state, PublicKey public_key)
      : state_(std::move(state)), public_key_(std::move(public_key)) {}
  static Result<PrivateKey> adopt(std::shared_ptr<State> state);

  std::shared_ptr<const State> state_;
  PublicKey public_key_;
};

}  // namespace cardwarden
