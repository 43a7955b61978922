// SPDX-License-Identifier: Apache-2.0
#include <openssl/evp.h>

#include <array>
#include <cstdlib>
#include <memory>

#include "crypto/bytes.h"

namespace cardwarden {
namespace {

// Looking the algorithm up costs more than hashing a tree node, so that it is done once.
const EVP_MD* algorithm() {
  static const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> fetched(
      EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free);
  return fetched.get();
}

EVP_MD_CTX* context() {
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> one(EVP_MD_CTX_new(),
                                                                                 &EVP_MD_CTX_free);
  return one.get();
}

}  // namespace

Hash sha256_of(std::initializer_list<std::string_view> parts) {
  Hash out{};
  EVP_MD_CTX* ctx = context();
  // SHA-256 of bytes in memory cannot fail short of a broken OpenSSL installation.
  bool good = ctx != nullptr && algorithm() != nullptr && EVP_DigestInit_ex2(ctx, algorithm(), nullptr) == 1;
  for (const std::string_view part : parts) {
    good = good && EVP_DigestUpdate(ctx, part.data(), part.size()) == 1;
  }
  good = good && EVP_DigestFinal_ex(ctx, out.data(), nullptr) == 1;
  if (!good) std::abort();
  return out;
}

Hash sha256(std::string_view bytes) { return sha256_of({bytes}); }

std::string sha256_hex(std::string_view bytes) { return hex(sha256(bytes)); }

std::string hash_bytes(HashKind kind, std::string_view bytes) {
  const EVP_MD* digest = kind == HashKind::sha256   ? EVP_sha256()
                         : kind == HashKind::sha384 ? EVP_sha384()
                                                    : EVP_sha512();
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, digest, nullptr) != 1) std::abort();
  return {reinterpret_cast<const char*>(out.data()), size};
}

}  // namespace cardwarden
