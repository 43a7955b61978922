// SPDX-License-Identifier: Apache-2.0
#include "crypto/public_key.h"

#include <utility>

#include "crypto/bytes.h"

namespace cardwarden {
namespace {

constexpr std::size_t kP256SpkiBytes = 91;       // with the name of the curve and both coordinates (RFC 5480)
constexpr std::size_t kEcdsaNumberBytes = 32;    // of r and of s on P-256
constexpr std::size_t kMaxSignatureBytes = 256;  // Ed25519 has 64, P-256 at most 72

Error bad_key(std::string message) { return {ErrorCode::format, std::move(message)}; }

void append_ssh_string(std::string& out, std::string_view bytes) {
  for (unsigned shift = 32; shift > 0; shift -= 8) {
    out.push_back(static_cast<char>(bytes.size() >> (shift - 8) & 0xffU));
  }
  out += bytes;
}

}  // namespace

struct PublicKey::State {
  VerifyingKey key;
  std::string spki;
};

Result<PublicKey> PublicKey::from_spki(std::string_view der) {
  auto key = VerifyingKey::from_spki(der);
  if (!key) return key.error();
  const bool ed25519 = key->algorithm() == KeyAlgorithm::ed25519;
  if (!ed25519 && key->algorithm() != KeyAlgorithm::ecdsa_p256)
    return bad_key("The public key is neither Ed25519 nor ECDSA P-256.");
  // OpenSSL gives a compressed point or written-out parameters back as it got them; both are longer or
  // shorter.
  const bool one_form = ed25519 || der.size() == kP256SpkiBytes;
  std::string spki = key->spki();
  if (spki != der || !one_form) return bad_key("The public key is not in its one DER encoding.");
  return PublicKey(std::make_shared<const State>(State{*std::move(key), std::move(spki)}));
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

KeyAlgorithm PublicKey::algorithm() const { return state_->key.algorithm(); }
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
  return state_->key.verify(HashKind::sha256, message, signature);
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
  return ecdsa_der(raw.substr(0, kEcdsaNumberBytes), raw.substr(kEcdsaNumberBytes));
}

}  // namespace cardwarden
