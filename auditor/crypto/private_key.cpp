// SPDX-License-Identifier: Apache-2.0
#include "crypto/private_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace cardwarden {
namespace {

constexpr std::size_t kMaxKeyFileBytes = 16'384;   // an encrypted P-256 key has about 500
constexpr std::size_t kMaxPassphraseBytes = 1024;  // PEM_BUFSIZE, what OpenSSL reads back

template <typename T, void (*Free)(T*)>
struct Freer {
  void operator()(T* one) const { Free(one); }
};
template <typename T, void (*Free)(T*)>
using Handle = std::unique_ptr<T, Freer<T, Free>>;

using Key = Handle<EVP_PKEY, EVP_PKEY_free>;
using Number = Handle<BIGNUM, BN_clear_free>;

const unsigned char* data(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

Error failed(ErrorCode code, std::string message) {
  ERR_clear_error();
  return {code, std::move(message)};
}

int give_passphrase(char* out, int size, int /*writing*/, void* passphrase) {
  const auto& given = *static_cast<const std::string_view*>(passphrase);
  if (given.size() > static_cast<std::size_t>(std::max(size, 0))) return -1;
  std::memcpy(out, given.data(), given.size());
  return static_cast<int>(given.size());
}

// The key on P-256 with the private number `d`.
Key p256_key(const BIGNUM* d) {
  const Handle<EC_GROUP, EC_GROUP_free> group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  if (!group) return nullptr;
  const Handle<EC_POINT, EC_POINT_free> point(EC_POINT_new(group.get()));
  if (!point || EC_POINT_mul(group.get(), point.get(), d, nullptr, nullptr, nullptr) != 1) return nullptr;
  unsigned char encoded[65];
  if (EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, encoded, sizeof encoded,
                         nullptr) != sizeof encoded) {
    return nullptr;
  }
  const Handle<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free> builder(OSSL_PARAM_BLD_new());
  if (!builder ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, d) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, encoded, sizeof encoded) !=
          1) {
    return nullptr;
  }
  const Handle<OSSL_PARAM, OSSL_PARAM_free> params(OSSL_PARAM_BLD_to_param(builder.get()));
  const Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free> ctx(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !ctx || EVP_PKEY_fromdata_init(ctx.get()) != 1 ||
      EVP_PKEY_fromdata(ctx.get(), &key, EVP_PKEY_KEYPAIR, params.get()) != 1) {
    return nullptr;
  }
  return Key(key);
}

}  // namespace

struct PrivateKey::State {
  Key key;
};

Result<PrivateKey> PrivateKey::adopt(std::shared_ptr<State> state) {
  unsigned char* encoded = nullptr;
  const int size = i2d_PUBKEY(state->key.get(), &encoded);
  if (size <= 0) return failed(ErrorCode::format, "The private key has no public key.");
  const std::string spki(reinterpret_cast<const char*>(encoded), static_cast<std::size_t>(size));
  OPENSSL_free(encoded);
  auto public_key = PublicKey::from_spki(spki);
  if (!public_key) return public_key.error();
  return PrivateKey(std::move(state), *std::move(public_key));
}

Result<PrivateKey> PrivateKey::ed25519_from_seed(std::string_view seed) {
  if (seed.size() != kEd25519SeedBytes) return failed(ErrorCode::usage, "An Ed25519 seed has 32 bytes.");
  auto state = std::make_shared<State>();
  state->key.reset(EVP_PKEY_new_raw_private_key_ex(nullptr, "ED25519", nullptr, data(seed), seed.size()));
  if (!state->key) return failed(ErrorCode::format, "The seed makes no Ed25519 key.");
  return adopt(std::move(state));
}

Result<PrivateKey> PrivateKey::p256_from_seed(std::string_view seed) {
  if (seed.size() != kP256SeedBytes) return failed(ErrorCode::usage, "A P-256 seed has 40 bytes.");
  const Handle<EC_GROUP, EC_GROUP_free> group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  const Handle<BN_CTX, BN_CTX_free> ctx(BN_CTX_secure_new());
  const Number d(BN_bin2bn(data(seed), static_cast<int>(seed.size()), nullptr));
  const Number below(group ? BN_dup(EC_GROUP_get0_order(group.get())) : nullptr);
  auto state = std::make_shared<State>();
  // d = (c mod (n - 1)) + 1: FIPS 186-5 appendix A.2.1.
  if (ctx && d && below && BN_sub_word(below.get(), 1) == 1 &&
      BN_mod(d.get(), d.get(), below.get(), ctx.get()) == 1 && BN_add_word(d.get(), 1) == 1) {
    state->key = p256_key(d.get());
  }
  if (!state->key) return failed(ErrorCode::format, "The seed makes no P-256 key.");
  return adopt(std::move(state));
}

Result<PrivateKey> PrivateKey::from_pem(std::string_view text, std::string_view passphrase) {
  if (text.size() > kMaxKeyFileBytes) {
    return failed(ErrorCode::too_large,
                  "The key file has more than " + std::to_string(kMaxKeyFileBytes) + " bytes.");
  }
  if (text.find("-----BEGIN ENCRYPTED PRIVATE KEY-----") == std::string_view::npos) {
    return failed(
        ErrorCode::usage,
        "Expected a private key under a passphrase (PEM label \"ENCRYPTED PRIVATE KEY\"); encrypt it "
        "with: openssl pkcs8 -topk8 -scrypt -in KEY -out KEY.enc");
  }
  const Handle<BIO, BIO_free_all> in(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  auto state = std::make_shared<State>();
  if (in) state->key.reset(PEM_read_bio_PrivateKey(in.get(), nullptr, &give_passphrase, &passphrase));
  if (!state->key) {
    return failed(ErrorCode::format,
                  "The private key cannot be opened: the passphrase is wrong or the file is damaged.");
  }
  return adopt(std::move(state));
}

Result<std::string> PrivateKey::to_pem(std::string_view passphrase, std::string_view salt,
                                       std::string_view iv, const ScryptCost& cost) const {
  if (passphrase.size() < kMinPassphraseBytes || passphrase.size() > kMaxPassphraseBytes) {
    return failed(ErrorCode::usage, "A passphrase has 8 to 1024 bytes.");
  }
  if (salt.size() != kSaltBytes || iv.size() != kIvBytes) {
    return failed(ErrorCode::usage, "The salt and the initial vector of a key file have 16 bytes each.");
  }
  std::string salt_copy(salt);  // OpenSSL takes both as not const
  std::string iv_copy(iv);
  X509_ALGOR* scheme =
      PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), reinterpret_cast<unsigned char*>(salt_copy.data()),
                            static_cast<int>(salt_copy.size()),
                            reinterpret_cast<unsigned char*>(iv_copy.data()), cost.n, cost.r, cost.p);
  const Handle<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> plain(EVP_PKEY2PKCS8(state_->key.get()));
  if (scheme == nullptr || !plain) {
    X509_ALGOR_free(scheme);
    return failed(ErrorCode::usage, "The cost of scrypt is out of range.");
  }
  const Handle<X509_SIG, X509_SIG_free> sealed(
      PKCS8_set0_pbe(passphrase.data(), static_cast<int>(passphrase.size()), plain.get(), scheme));
  const Handle<BIO, BIO_free_all> out(BIO_new(BIO_s_mem()));
  if (!sealed) X509_ALGOR_free(scheme);
  if (!sealed || !out || PEM_write_bio_PKCS8(out.get(), sealed.get()) != 1) {
    return failed(ErrorCode::usage, "The private key cannot be encrypted at this cost of scrypt.");
  }
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return std::string(text, static_cast<std::size_t>(size));
}

Result<std::string> PrivateKey::sign(std::string_view message) const {
  const Handle<EVP_MD_CTX, EVP_MD_CTX_free> ctx(EVP_MD_CTX_new());
  const char* digest = public_key_.algorithm() == KeyAlgorithm::ed25519 ? nullptr : "SHA256";
  std::size_t size = 0;
  std::string out;
  // The first call gives the most that the second can need; an ECDSA signature is often shorter.
  bool good =
      ctx != nullptr &&
      EVP_DigestSignInit_ex(ctx.get(), nullptr, digest, nullptr, nullptr, state_->key.get(), nullptr) == 1 &&
      EVP_DigestSign(ctx.get(), nullptr, &size, data(message), message.size()) == 1;
  if (good) {
    out.resize(size);
    good = EVP_DigestSign(ctx.get(), reinterpret_cast<unsigned char*>(out.data()), &size, data(message),
                          message.size()) == 1;
  }
  if (!good) return failed(ErrorCode::io, "OpenSSL could not sign.");
  out.resize(size);
  return out;
}

}  // namespace cardwarden
