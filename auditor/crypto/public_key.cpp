// SPDX-License-Identifier: Apache-2.0
#include "crypto/public_key.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <cstdlib>
#include <utility>

#include "crypto/bytes.h"

namespace cardwarden {
namespace {

constexpr std::size_t kMaxSpkiBytes = 1024;      // P-256 has 91; RSA keys, which we refuse, have more
constexpr std::size_t kP256SpkiBytes = 91;       // with the name of the curve and both coordinates (RFC 5480)
constexpr std::size_t kEcdsaNumberBytes = 32;    // of r and of s on P-256
constexpr std::size_t kMaxSignatureBytes = 256;  // Ed25519 has 64, P-256 at most 72

const unsigned char* data(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

Error bad_key(std::string message) {
  ERR_clear_error();
  return {ErrorCode::format, std::move(message)};
}

bool is_p256(const EVP_PKEY* key) {
  char group[32] = {};
  std::size_t size = 0;
  return EVP_PKEY_is_a(key, "EC") == 1 && EVP_PKEY_get_group_name(key, group, sizeof group, &size) == 1 &&
         std::string_view(group) == "prime256v1";
}

void append_ssh_string(std::string& out, std::string_view bytes) {
  for (unsigned shift = 32; shift > 0; shift -= 8) {
    out.push_back(static_cast<char>(bytes.size() >> (shift - 8) & 0xffU));
  }
  out += bytes;
}

}  // namespace

struct PublicKey::State {
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{nullptr, &EVP_PKEY_free};
  KeyAlgorithm algorithm = KeyAlgorithm::ed25519;
  std::string spki;
};

std::string_view to_string(KeyAlgorithm algorithm) {
  return algorithm == KeyAlgorithm::ed25519 ? "ed25519" : "ecdsa-p256-sha256";
}

Result<PublicKey> PublicKey::from_spki(std::string_view der) {
  if (der.size() > kMaxSpkiBytes) {
    return Error(ErrorCode::too_large,
                 "The public key has more than " + std::to_string(kMaxSpkiBytes) + " bytes.");
  }
  auto state = std::make_shared<State>();
  const unsigned char* at = data(der);
  state->key.reset(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
  if (!state->key) return bad_key("The bytes are no public key (SubjectPublicKeyInfo).");
  if (EVP_PKEY_is_a(state->key.get(), "ED25519") == 1) {
    state->algorithm = KeyAlgorithm::ed25519;
  } else if (is_p256(state->key.get())) {
    state->algorithm = KeyAlgorithm::ecdsa_p256;
  } else {
    return bad_key("The public key is neither Ed25519 nor ECDSA P-256.");
  }
  unsigned char* encoded = nullptr;
  const int size = i2d_PUBKEY(state->key.get(), &encoded);
  if (size > 0) state->spki.assign(reinterpret_cast<const char*>(encoded), static_cast<std::size_t>(size));
  OPENSSL_free(encoded);
  // OpenSSL gives a compressed point or written-out parameters back as it got them; both are longer or
  // shorter.
  const bool one_form = state->algorithm == KeyAlgorithm::ed25519 || der.size() == kP256SpkiBytes;
  if (state->spki != der || !one_form) return bad_key("The public key is not in its one DER encoding.");
  return PublicKey(std::move(state));
}

Result<PublicKey> PublicKey::from_pem(std::string_view text) {
  auto der = bytes_from_pem("PUBLIC KEY", text);
  if (!der) return der.error();
  return from_spki(*der);
}

Result<PublicKey> PublicKey::from_ed25519(std::string_view raw) {
  // RFC 8410 section 10.1: SEQUENCE { SEQUENCE { 1.3.101.112 } BIT STRING } before the 32 bytes of the key.
  constexpr std::string_view kPrefix("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);
  if (raw.size() != kEd25519KeyBytes) return bad_key("An Ed25519 public key has 32 bytes.");
  return from_spki(std::string(kPrefix) + std::string(raw));
}

KeyAlgorithm PublicKey::algorithm() const { return state_->algorithm; }
const std::string& PublicKey::spki() const { return state_->spki; }
std::string PublicKey::pem() const { return cardwarden::pem("PUBLIC KEY", spki()); }

std::string PublicKey::raw() const {
  // The key is the last field of both encodings, and of a fixed size.
  const std::size_t size =
      algorithm() == KeyAlgorithm::ed25519 ? kEd25519KeyBytes : 1 + 2 * kEcdsaNumberBytes;
  return spki().substr(spki().size() - size);
}

bool PublicKey::verify(std::string_view message, std::string_view signature) const {
  if (signature.empty() || signature.size() > kMaxSignatureBytes) return false;
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> ctx(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  // Ed25519 hashes by itself: naming a digest makes the call fail.
  const char* digest = algorithm() == KeyAlgorithm::ed25519 ? nullptr : "SHA256";
  const bool good =
      ctx != nullptr &&
      EVP_DigestVerifyInit_ex(ctx.get(), nullptr, digest, nullptr, nullptr, state_->key.get(), nullptr) ==
          1 &&
      EVP_DigestVerify(ctx.get(), data(signature), signature.size(), data(message), message.size()) == 1;
  ERR_clear_error();
  return good;
}

std::string key_id(const PublicKey& key) { return hex(sha256(key.spki())); }
std::string sigstore_hint(const PublicKey& key) { return base64(sha256(key.spki())); }
std::string pem_digest(const PublicKey& key) { return hex(sha256(key.pem())); }

std::string ssh_fingerprint(const PublicKey& key) {
  std::string wire;
  if (key.algorithm() == KeyAlgorithm::ed25519) {
    append_ssh_string(wire, "ssh-ed25519");
  } else {
    append_ssh_string(wire, "ecdsa-sha2-nistp256");
    append_ssh_string(wire, "nistp256");
  }
  append_ssh_string(wire, key.raw());
  std::string digest = base64(sha256(wire));
  while (digest.back() == '=') digest.pop_back();
  return "SHA256:" + digest;
}

Result<std::string> ecdsa_der_from_raw(std::string_view raw) {
  if (raw.size() != 2 * kEcdsaNumberBytes) return bad_key("A raw P-256 signature has 64 bytes.");
  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> signature(ECDSA_SIG_new(), &ECDSA_SIG_free);
  BIGNUM* r = BN_bin2bn(data(raw), kEcdsaNumberBytes, nullptr);
  BIGNUM* s = BN_bin2bn(data(raw) + kEcdsaNumberBytes, kEcdsaNumberBytes, nullptr);
  if (!signature || r == nullptr || s == nullptr || ECDSA_SIG_set0(signature.get(), r, s) != 1) std::abort();
  unsigned char* encoded = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &encoded);
  if (size <= 0) std::abort();
  std::string out(reinterpret_cast<const char*>(encoded), static_cast<std::size_t>(size));
  OPENSSL_free(encoded);
  return out;
}

}  // namespace cardwarden
