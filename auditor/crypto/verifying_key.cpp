// SPDX-License-Identifier: Apache-2.0
#include "crypto/verifying_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include <array>
#include <cstdlib>

namespace cardwarden {
namespace {

template <auto Free>
struct Freer {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
template <typename T, auto Free>
using Owned = std::unique_ptr<T, Freer<Free>>;

const unsigned char* bytes_of(std::string_view s) { return reinterpret_cast<const unsigned char*>(s.data()); }

const EVP_MD* digest_of(HashKind kind) {
  switch (kind) {
    case HashKind::sha256:
      return EVP_sha256();
    case HashKind::sha384:
      return EVP_sha384();
    case HashKind::sha512:
      return EVP_sha512();
  }
  return nullptr;
}

// What failed inside OpenSSL is of no use to a reader; its queue must not grow.
Error bad_key(const char* why) {
  ERR_clear_error();
  return {ErrorCode::format, std::string("The public key cannot be used: ") + why + "."};
}

std::shared_ptr<void> share(EVP_PKEY* key) {
  return {key, [](void* p) { EVP_PKEY_free(static_cast<EVP_PKEY*>(p)); }};
}

EVP_PKEY* make_key(const char* type, OSSL_PARAM* parameters) {
  const Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!context || EVP_PKEY_fromdata_init(context.get()) != 1) return nullptr;
  if (EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1) return nullptr;
  return key;
}

const char* curve_name(KeyAlgorithm curve) {
  switch (curve) {
    case KeyAlgorithm::ecdsa_p256:
      return "P-256";
    case KeyAlgorithm::ecdsa_p384:
      return "P-384";
    case KeyAlgorithm::ecdsa_p521:
      return "P-521";
    default:
      return nullptr;
  }
}

// The algorithm of a key that was read, or false for one that is not used here.
bool algorithm_of(const EVP_PKEY* key, KeyAlgorithm& out) {
  if (EVP_PKEY_is_a(key, "ED25519") == 1) {
    out = KeyAlgorithm::ed25519;
    return true;
  }
  if (EVP_PKEY_is_a(key, "RSA") == 1) {
    out = KeyAlgorithm::rsa;
    return EVP_PKEY_get_bits(key) >= kMinRsaBits && EVP_PKEY_get_bits(key) <= kMaxRsaBits;
  }
  std::array<char, 64> group{};
  if (EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) != 1) return false;
  const std::string_view name = group.data();
  if (name == "prime256v1" || name == "P-256")
    out = KeyAlgorithm::ecdsa_p256;
  else if (name == "secp384r1" || name == "P-384")
    out = KeyAlgorithm::ecdsa_p384;
  else if (name == "secp521r1" || name == "P-521")
    out = KeyAlgorithm::ecdsa_p521;
  else
    return false;
  return true;
}

}  // namespace

std::string_view to_string(KeyAlgorithm algorithm) {
  switch (algorithm) {
    case KeyAlgorithm::ed25519:
      return "ed25519";
    case KeyAlgorithm::ecdsa_p256:
      return "ecdsa-p256-sha256";
    case KeyAlgorithm::ecdsa_p384:
      return "ecdsa-p384-sha384";
    case KeyAlgorithm::ecdsa_p521:
      return "ecdsa-p521-sha512";
    case KeyAlgorithm::rsa:
      return "rsa";
  }
  return "rsa";
}

Result<VerifyingKey> VerifyingKey::from_spki(std::string_view der) {
  constexpr std::size_t kMaxSpkiBytes = 4096;  // RSA of kMaxRsaBits has about 2,100
  if (der.size() > kMaxSpkiBytes)
    return Error(ErrorCode::too_large, "The public key has more than 4096 bytes (kMaxSpkiBytes).");
  const unsigned char* at = bytes_of(der);
  EVP_PKEY* key = d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size()));
  if (key == nullptr) return bad_key("the bytes are no SubjectPublicKeyInfo");
  auto owned = share(key);
  if (at != bytes_of(der) + der.size()) return bad_key("bytes follow the SubjectPublicKeyInfo");
  KeyAlgorithm algorithm = KeyAlgorithm::rsa;
  if (!algorithm_of(key, algorithm))
    return bad_key("expected Ed25519, RSA of 1024 to 16384 bits, or P-256, P-384 or P-521");
  return VerifyingKey(algorithm, std::move(owned));
}

Result<VerifyingKey> VerifyingKey::from_pem(std::string_view text) {
  const auto der = bytes_from_pem("PUBLIC KEY", text);
  if (!der) return der.error();
  return from_spki(*der);
}

std::string VerifyingKey::spki() const {
  unsigned char* encoded = nullptr;
  const int size = i2d_PUBKEY(static_cast<EVP_PKEY*>(key_.get()), &encoded);
  if (size <= 0) std::abort();  // a key that was read can be written
  std::string out(reinterpret_cast<const char*>(encoded), static_cast<std::size_t>(size));
  OPENSSL_free(encoded);
  return out;
}

Result<VerifyingKey> VerifyingKey::ed25519(std::string_view thirty_two_bytes) {
  if (thirty_two_bytes.size() != 32) return bad_key("an Ed25519 key has 32 bytes");
  EVP_PKEY* key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(thirty_two_bytes), 32);
  if (key == nullptr) return bad_key("it is no Ed25519 key");
  return VerifyingKey(KeyAlgorithm::ed25519, share(key));
}

Result<VerifyingKey> VerifyingKey::rsa(std::string_view modulus, std::string_view exponent) {
  constexpr std::size_t kMaxBytes = kMaxRsaBits / 8 + 1;
  if (modulus.size() > kMaxBytes || exponent.size() > 8) return bad_key("an RSA number is too long");
  const Owned<BIGNUM, BN_free> n(BN_bin2bn(bytes_of(modulus), static_cast<int>(modulus.size()), nullptr));
  const Owned<BIGNUM, BN_free> e(BN_bin2bn(bytes_of(exponent), static_cast<int>(exponent.size()), nullptr));
  const Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free> builder(OSSL_PARAM_BLD_new());
  if (!n || !e || !builder || BN_num_bits(n.get()) < kMinRsaBits || BN_is_odd(n.get()) == 0 ||
      BN_is_odd(e.get()) == 0) {
    return bad_key("the RSA numbers are too small or even");
  }
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  const Owned<OSSL_PARAM, OSSL_PARAM_free> parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  EVP_PKEY* key = parameters ? make_key("RSA", parameters.get()) : nullptr;
  if (key == nullptr) return bad_key("it is no RSA key");
  return VerifyingKey(KeyAlgorithm::rsa, share(key));
}

Result<VerifyingKey> VerifyingKey::ec(KeyAlgorithm curve, std::string_view point) {
  const char* name = curve_name(curve);
  if (name == nullptr || point.empty() || point.front() != '\x04')
    return bad_key("expected an uncompressed point");
  const Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free> builder(OSSL_PARAM_BLD_new());
  if (!builder) return bad_key("OpenSSL has no memory");
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, name, 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  const Owned<OSSL_PARAM, OSSL_PARAM_free> parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  EVP_PKEY* key = parameters ? make_key("EC", parameters.get()) : nullptr;
  if (key == nullptr) return bad_key("the point is not on the curve");
  return VerifyingKey(curve, share(key));
}

bool VerifyingKey::verify(HashKind hash, std::string_view message, std::string_view signature) const {
  const Owned<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  if (!context) return false;
  const EVP_MD* digest = algorithm_ == KeyAlgorithm::ed25519 ? nullptr : digest_of(hash);
  auto* key = static_cast<EVP_PKEY*>(key_.get());
  const bool holds = EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key) == 1 &&
                     EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message),
                                      message.size()) == 1;
  ERR_clear_error();
  return holds;
}

HashKind VerifyingKey::usual_hash() const {
  if (algorithm_ == KeyAlgorithm::ecdsa_p384) return HashKind::sha384;
  return algorithm_ == KeyAlgorithm::ecdsa_p521 ? HashKind::sha512 : HashKind::sha256;
}

std::string ecdsa_der(std::string_view r, std::string_view s) {
  constexpr std::size_t kMaxNumber = 67;  // 521 bits and a sign byte
  if (r.empty() || s.empty() || r.size() > kMaxNumber || s.size() > kMaxNumber) return {};
  const Owned<ECDSA_SIG, ECDSA_SIG_free> pair(ECDSA_SIG_new());
  BIGNUM* first = BN_bin2bn(bytes_of(r), static_cast<int>(r.size()), nullptr);
  BIGNUM* second = BN_bin2bn(bytes_of(s), static_cast<int>(s.size()), nullptr);
  if (!pair || first == nullptr || second == nullptr || ECDSA_SIG_set0(pair.get(), first, second) != 1) {
    BN_free(first);
    BN_free(second);
    return {};
  }
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &der);
  if (size <= 0) return {};
  std::string out(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return out;
}

}  // namespace cardwarden
