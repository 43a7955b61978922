// SPDX-License-Identifier: Apache-2.0
#include "log/note_sign.h"

#include <utility>

#include "crypto/bytes.h"

namespace cardwarden::tlog {
namespace {

Result<NoteSignature> sign_as(std::string_view text, std::string_view name, NoteKeyType type,
                              std::string_view message, const Signer& signer) {
  if (auto good = check_note_text(text); !good) return good.error();
  auto key = note_key(std::string(name), type, signer.public_key());
  if (!key) return key.error();
  auto signature = signer.sign(message);
  if (!signature) return signature.error();
  return NoteSignature{std::move(key->name), key->id, *std::move(signature)};
}

}  // namespace

Result<NoteSignature> sign_note(std::string_view text, std::string_view name, const Signer& signer) {
  const bool ecdsa = signer.public_key().algorithm() == KeyAlgorithm::ecdsa_p256;
  return sign_as(text, name, ecdsa ? NoteKeyType::ecdsa_p256 : NoteKeyType::ed25519, text, signer);
}

Result<NoteSignature> cosign_note(std::string_view text, std::string_view name, std::uint64_t time,
                                  const Signer& signer) {
  auto out = sign_as(text, name, NoteKeyType::cosignature, cosigned_text(time, text), signer);
  if (!out) return out;
  std::string stamp;
  for (unsigned shift = 64; shift > 0; shift -= 8)
    stamp.push_back(static_cast<char>(time >> (shift - 8) & 0xffU));
  out->bytes.insert(0, stamp);
  return out;
}

Result<NotePrivateKey> parse_note_private_key(std::string_view text) {
  constexpr std::string_view kMark = "PRIVATE+KEY+";
  const Error bad(ErrorCode::format, "Expected a private key of a log as PRIVATE+KEY+NAME+8 digits+base64.");
  if (text.substr(0, kMark.size()) != kMark) return bad;
  const std::string_view rest = text.substr(kMark.size());
  const std::size_t first = rest.find('+');
  const std::size_t second = first == std::string_view::npos ? first : rest.find('+', first + 1);
  if (second == std::string_view::npos) return bad;
  const auto bytes = bytes_from_base64(rest.substr(second + 1));
  if (!bytes || bytes->size() != 1 + kEd25519SeedBytes || bytes->front() != '\x01') return bad;
  auto key = PrivateKey::ed25519_from_seed(bytes->substr(1));
  if (!key) return key.error();
  const auto named = note_key(std::string(rest.substr(0, first)), NoteKeyType::ed25519, key->public_key());
  if (!named) return named.error();
  const std::string vkey = vkey_text(*named);
  if (vkey.substr(0, second) != rest.substr(0, second)) return bad;
  return NotePrivateKey{named->name, *std::move(key)};
}

}  // namespace cardwarden::tlog
