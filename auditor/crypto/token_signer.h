// SPDX-License-Identifier: Apache-2.0
#pragma once
// Signing with a P-256 key that stays in a token (an HSM, a smart card, SoftHSM) behind a PKCS#11 library.
// The key signs and is never seen. Chance is the token's. The library is loaded once for each path and stays
// until the program ends; a process that forks opens its keys after the fork. Nothing that verifies includes
// this header.

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/private_key.h"

namespace cardwarden {

// Where a key is. The token and the label are required; the id picks one of several keys of one label.
struct TokenKey {
  std::string module;  // path of the PKCS#11 library
  std::string token;   // label of the token
  std::string label;   // CKA_LABEL of the key pair
  std::string id;      // CKA_ID, bytes; may be empty
};

constexpr std::size_t kMaxTokenUriBytes = 4096;
constexpr std::size_t kMaxTokens = 256;    // slots with a token that are looked through
constexpr std::size_t kMaxPinBytes = 255;  // more than any token takes

// "pkcs11:token=audit;object=log1;id=%01?module-path=…" (RFC 7512). Attributes that would choose otherwise
// than by token, object, id and type=private are refused, and so is pin-value: a PIN comes from elsewhere.
Result<TokenKey> parse_token_uri(std::string_view uri);

// Opens a session, logs in and finds the one pair of keys. Errors: ErrorCode::io for a library, token or PIN
// that does not do, ErrorCode::not_found for a token or key that is not there, ErrorCode::format for a key
// that is not on P-256. A wrong PIN is tried once and never again: tokens lock themselves after a few.
Result<std::unique_ptr<Signer>> open_token_key(const TokenKey& where, std::string_view pin);

}  // namespace cardwarden
