// SPDX-License-Identifier: Apache-2.0
#include "crypto/token_signer.h"

#define CRYPTOKI_GNU  // the names of p11-kit in lower case, which are types and not macros
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"
#include "crypto/bytes.h"

namespace cardwarden {
namespace {

using Functions = ck_function_list;

// 1.2.840.10045.3.1.7, prime256v1, as an OBJECT IDENTIFIER in DER (RFC 5480 section 2.1.1.1).
constexpr std::string_view kP256Oid("\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07", 10);
constexpr std::size_t kPointBytes = 65;           // 04 || X || Y
constexpr std::size_t kRawSignatureBytes = 64;    // r || s
constexpr std::size_t kMaxAttributeBytes = 4096;  // of a public key; the point has 67

Error failed(const char* what, ck_rv_t code) {
  std::string digits(8, '0');
  for (std::size_t i = 0; i < 8; ++i) digits[7 - i] = "0123456789abcdef"[code >> (4 * i) & 0xFU];
  const char* hint = code == CKR_PIN_INCORRECT           ? " (the PIN is wrong)"
                     : code == CKR_PIN_LOCKED            ? " (the PIN is locked)"
                     : code == CKR_TOKEN_NOT_PRESENT     ? " (the token is gone)"
                     : code == CKR_DEVICE_REMOVED        ? " (the token is gone)"
                     : code == CKR_USER_NOT_LOGGED_IN    ? " (the key asks for the PIN at every signature)"
                     : code == CKR_KEY_TYPE_INCONSISTENT ? " (the key cannot sign so)"
                                                         : "";
  return {ErrorCode::io, std::string("The token ") + what + ": PKCS#11 error 0x" + digits + hint + "."};
}

// Libraries are initialised once in a process and not ended: another key may be open in the same one.
Result<Functions*> load(const std::string& path) {
  static std::mutex guard;
  static std::map<std::string, Functions*> loaded;
  const std::lock_guard<std::mutex> lock(guard);
  if (const auto at = loaded.find(path); at != loaded.end()) return at->second;
  void* handle = path.empty() ? nullptr : ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return Error(ErrorCode::io, "The PKCS#11 library cannot be loaded.", path);
  using GetList = ck_rv_t (*)(ck_function_list**);
  const auto get = reinterpret_cast<GetList>(::dlsym(handle, "C_GetFunctionList"));
  Functions* functions = nullptr;
  if (get == nullptr || get(&functions) != CKR_OK || functions == nullptr) {
    ::dlclose(handle);
    return Error(ErrorCode::io, "The library is no PKCS#11 library.", path);
  }
  ck_c_initialize_args arguments{};
  arguments.flags = CKF_OS_LOCKING_OK;
  const ck_rv_t code = functions->C_Initialize(&arguments);
  if (code != CKR_OK && code != CKR_CRYPTOKI_ALREADY_INITIALIZED)
    return failed("library does not start", code);
  loaded[path] = functions;
  return functions;
}

std::string label_of(const ck_token_info& info) {
  std::string out(reinterpret_cast<const char*>(info.label), sizeof info.label);
  out.erase(out.find_last_not_of(' ') + 1);
  return out;
}

Result<ck_slot_id_t> find_token(Functions* p11, const std::string& label) {
  std::vector<ck_slot_id_t> slots(kMaxTokens);
  unsigned long count = slots.size();
  const ck_rv_t code = p11->C_GetSlotList(1, slots.data(), &count);
  if (code == CKR_BUFFER_TOO_SMALL) {
    return Error(ErrorCode::too_large,
                 "There are more than " + std::to_string(kMaxTokens) + " tokens (kMaxTokens).");
  }
  if (code != CKR_OK) return failed("slots cannot be listed", code);
  slots.resize(count);
  std::optional<ck_slot_id_t> found;
  for (const ck_slot_id_t slot : slots) {
    ck_token_info info{};
    if (p11->C_GetTokenInfo(slot, &info) != CKR_OK || label_of(info) != label) continue;
    if (found) {
      return Error(ErrorCode::usage, "Two tokens have the label \"" + text::printable(label) + "\".");
    }
    found = slot;
  }
  if (!found)
    return Error(ErrorCode::not_found, "No token has the label \"" + text::printable(label) + "\".");
  return *found;
}

class Session {
 public:
  Session(Functions* p11, ck_session_handle_t handle) : p11_(p11), handle_(handle) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() { p11_->C_CloseSession(handle_); }

  Done log_in(std::string_view pin) {
    std::string copy(pin);
    const ck_rv_t code =
        p11_->C_Login(handle_, CKU_USER, reinterpret_cast<unsigned char*>(copy.data()), copy.size());
    // One login counts for all sessions of a process with a token.
    if (code != CKR_OK && code != CKR_USER_ALREADY_LOGGED_IN) return failed("does not let us in", code);
    return Nothing{};
  }

  // The only object of that class on an elliptic curve with the label, and the id where one is given.
  Result<ck_object_handle_t> find(ck_object_class_t kind, const TokenKey& where) {
    ck_key_type_t type = CKK_EC;
    std::string label = where.label;
    std::string id = where.id;
    ck_attribute wanted[] = {{CKA_CLASS, &kind, sizeof kind},
                             {CKA_KEY_TYPE, &type, sizeof type},
                             {CKA_LABEL, label.data(), label.size()},
                             {CKA_ID, id.data(), id.size()}};
    ck_rv_t code = p11_->C_FindObjectsInit(handle_, wanted, id.empty() ? 3 : 4);
    if (code != CKR_OK) return failed("keys cannot be looked for", code);
    ck_object_handle_t found[2] = {};
    unsigned long count = 0;
    code = p11_->C_FindObjects(handle_, found, 2, &count);
    p11_->C_FindObjectsFinal(handle_);
    if (code != CKR_OK) return failed("keys cannot be looked for", code);
    const std::string name = std::string(kind == CKO_PRIVATE_KEY ? "private" : "public") + " key \"" +
                             text::printable(where.label) + "\" on an elliptic curve";
    if (count == 0) return Error(ErrorCode::not_found, "The token has no " + name + ".");
    if (count > 1) return Error(ErrorCode::usage, "The token has more than one " + name + "; name its id.");
    return found[0];
  }

  Result<std::string> attribute(ck_object_handle_t object, ck_attribute_type_t type) {
    ck_attribute wanted{type, nullptr, 0};
    ck_rv_t code = p11_->C_GetAttributeValue(handle_, object, &wanted, 1);
    if (code != CKR_OK) return failed("does not show the public key", code);
    if (wanted.value_len > kMaxAttributeBytes) {
      return Error(ErrorCode::too_large, "The token's public key has more than " +
                                             std::to_string(kMaxAttributeBytes) +
                                             " bytes (kMaxAttributeBytes).");
    }
    std::string out(wanted.value_len, '\0');
    wanted.value = out.data();
    code = p11_->C_GetAttributeValue(handle_, object, &wanted, 1);
    if (code != CKR_OK) return failed("does not show the public key", code);
    out.resize(std::min<std::size_t>(out.size(), wanted.value_len));
    return out;
  }

  Result<std::string> sign(ck_object_handle_t key, const Hash& digest) {
    ck_mechanism mechanism{CKM_ECDSA, nullptr, 0};
    Hash copy = digest;
    std::string out(kRawSignatureBytes, '\0');
    unsigned long size = out.size();
    ck_rv_t code = p11_->C_SignInit(handle_, &mechanism, key);
    if (code == CKR_OK) {
      code = p11_->C_Sign(handle_, copy.data(), copy.size(), reinterpret_cast<unsigned char*>(out.data()),
                          &size);
    }
    if (code != CKR_OK) return failed("does not sign", code);
    out.resize(std::min<std::size_t>(out.size(), size));
    return out;
  }

 private:
  Functions* p11_;
  ck_session_handle_t handle_;
};

Result<PublicKey> read_public_key(Session& session, const TokenKey& where) {
  const auto object = session.find(CKO_PUBLIC_KEY, where);
  if (!object) return object.error();
  const auto curve = session.attribute(*object, CKA_EC_PARAMS);
  if (!curve) return curve.error();
  auto point = session.attribute(*object, CKA_EC_POINT);
  if (!point) return point.error();
  // The standard says an OCTET STRING around the point; some tokens leave it out.
  if (point->size() == kPointBytes + 2 && point->compare(0, 2, "\x04\x41") == 0) point->erase(0, 2);
  if (*curve != kP256Oid || point->size() != kPointBytes) {
    return Error(ErrorCode::format, "The key in the token is not on P-256.");
  }
  const auto key = VerifyingKey::ec(KeyAlgorithm::ecdsa_p256, *point);
  if (!key) return key.error();
  return PublicKey::from_spki(key->spki());
}

class TokenSigner final : public Signer {
 public:
  TokenSigner(std::unique_ptr<Session> session, ck_object_handle_t key, PublicKey public_key)
      : session_(std::move(session)), key_(key), public_key_(std::move(public_key)) {}

  const PublicKey& public_key() const override { return public_key_; }

  Result<std::string> sign(std::string_view message) const override {
    // A session does one thing at a time.
    const std::lock_guard<std::mutex> lock(guard_);
    const auto raw = session_->sign(key_, sha256(message));
    if (!raw) return raw.error();
    auto der = ecdsa_der_from_raw(*raw);
    // The two keys are tied by a label only, so that what comes out is looked at before it is handed on.
    if (!der || !public_key_.verify(message, *der)) {
      return Error(ErrorCode::io, "The token's signature does not fit its public key.");
    }
    return der;
  }

 private:
  mutable std::mutex guard_;
  std::unique_ptr<Session> session_;
  ck_object_handle_t key_;
  PublicKey public_key_;
};

}  // namespace

Result<std::unique_ptr<Signer>> open_token_key(const TokenKey& where, std::string_view pin) {
  if (pin.empty() || pin.size() > kMaxPinBytes) {
    return Error(ErrorCode::usage,
                 "A PIN has 1 to " + std::to_string(kMaxPinBytes) + " bytes (kMaxPinBytes).");
  }
  const auto p11 = load(where.module);
  if (!p11) return p11.error();
  const auto slot = find_token(*p11, where.token);
  if (!slot) return slot.error();
  ck_session_handle_t handle = 0;
  const ck_rv_t code = (*p11)->C_OpenSession(*slot, CKF_SERIAL_SESSION, nullptr, nullptr, &handle);
  if (code != CKR_OK) return failed("opens no session", code);
  auto session = std::make_unique<Session>(*p11, handle);
  if (auto done = session->log_in(pin); !done) return done.error();
  const auto key = session->find(CKO_PRIVATE_KEY, where);
  if (!key) return key.error();
  auto public_key = read_public_key(*session, where);
  if (!public_key) return public_key.error();
  return std::unique_ptr<Signer>(
      std::make_unique<TokenSigner>(std::move(session), *key, *std::move(public_key)));
}

}  // namespace cardwarden
