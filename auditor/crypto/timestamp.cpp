// SPDX-License-Identifier: Apache-2.0
#include "crypto/timestamp.h"

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ts.h>
#include <openssl/x509_vfy.h>

#include <memory>
#include <utility>

#include "base/text.h"

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

void free_certificates(STACK_OF(X509) * all) { sk_X509_pop_free(all, X509_free); }
void free_list(STACK_OF(X509) * borrowed) { sk_X509_free(borrowed); }
using Certificates = Owned<STACK_OF(X509), free_certificates>;
using Request = Owned<TS_REQ, TS_REQ_free>;

constexpr std::uint64_t kSecondsADay = 86'400;

const unsigned char* data(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

// With OpenSSL's reason, which names the check that failed.
Error refused(const std::string& what) {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  const std::string why = reason == nullptr ? "" : std::string(" (") + reason + ")";
  ERR_clear_error();
  return {ErrorCode::format, what + why + "."};
}

Request make_request(const Hash& digest, std::optional<std::string_view> nonce) {
  Request out(TS_REQ_new());
  const Owned<TS_MSG_IMPRINT, TS_MSG_IMPRINT_free> imprint(TS_MSG_IMPRINT_new());
  const Owned<X509_ALGOR, X509_ALGOR_free> algorithm(X509_ALGOR_new());
  Hash copy = digest;
  if (!out || !imprint || !algorithm ||
      X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nullptr) != 1 ||
      TS_REQ_set_version(out.get(), 1) != 1 || TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get()) != 1 ||
      TS_MSG_IMPRINT_set_msg(imprint.get(), copy.data(), static_cast<int>(copy.size())) != 1 ||
      TS_REQ_set_msg_imprint(out.get(), imprint.get()) != 1 || TS_REQ_set_cert_req(out.get(), 1) != 1) {
    return nullptr;
  }
  if (nonce) {
    const Owned<BIGNUM, BN_free> number(BN_bin2bn(data(*nonce), static_cast<int>(nonce->size()), nullptr));
    const Owned<ASN1_INTEGER, ASN1_INTEGER_free> integer(number ? BN_to_ASN1_INTEGER(number.get(), nullptr)
                                                                : nullptr);
    if (!integer || TS_REQ_set_nonce(out.get(), integer.get()) != 1) return nullptr;
  }
  return out;
}

Done check_nonce(std::string_view nonce) {
  if (nonce.size() >= kMinNonceBytes && nonce.size() <= kMaxNonceBytes) return Nothing{};
  return Error(ErrorCode::usage, "The nonce of a time stamp has 8 to 20 bytes.");
}

// All certificates of the text, which may also hold words around them.
Result<Certificates> read_certificates(const std::string& pem) {
  if (pem.size() > kMaxAuthorityBytes) {
    return Error(ErrorCode::too_large, "The certificates of the authority have more than " +
                                           std::to_string(kMaxAuthorityBytes) +
                                           " bytes (kMaxAuthorityBytes).");
  }
  Certificates out(sk_X509_new_null());
  const Owned<BIO, BIO_free_all> in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  while (X509* one = in && out ? PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr) : nullptr) {
    sk_X509_push(out.get(), one);
    if (static_cast<std::size_t>(sk_X509_num(out.get())) > kMaxAuthorityCertificates) {
      return Error(ErrorCode::too_large, "The authority has more than " +
                                             std::to_string(kMaxAuthorityCertificates) +
                                             " certificates (kMaxAuthorityCertificates).");
    }
  }
  // The end of the text is reported as a missing first line, a damaged certificate as anything else.
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (!at_end) return refused("A certificate of the authority cannot be read");
  ERR_clear_error();
  return out;
}

Result<std::uint64_t> seconds_of(const ASN1_GENERALIZEDTIME* time) {
  const Owned<ASN1_TIME, ASN1_TIME_free> epoch(ASN1_TIME_set(nullptr, 0));
  int days = 0;
  int rest = 0;
  if (!epoch || ASN1_TIME_diff(&days, &rest, epoch.get(), time) != 1 || days < 0 || rest < 0)
    return refused("The moment of the time stamp cannot be read");
  return static_cast<std::uint64_t>(days) * kSecondsADay + static_cast<std::uint64_t>(rest);
}

// What is trusted, judged at `time`.
Result<Owned<X509_STORE, X509_STORE_free>> make_store(const std::string& trusted, std::uint64_t time) {
  const auto certificates = read_certificates(trusted);
  if (!certificates) return certificates.error();
  const int count = sk_X509_num(certificates->get());
  if (count == 0) return Error(ErrorCode::usage, "No certificate of a time stamping authority was given.");
  Owned<X509_STORE, X509_STORE_free> out(X509_STORE_new());
  for (int i = 0; out && i < count; ++i)
    X509_STORE_add_cert(out.get(), sk_X509_value(certificates->get(), i));
  // The authority's own certificate may be the trusted one.
  if (out) X509_STORE_set_flags(out.get(), X509_V_FLAG_PARTIAL_CHAIN);
  if (out) X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(out.get()), static_cast<time_t>(time));
  return out;
}

std::string signer_name(PKCS7* token, STACK_OF(X509) * extra) {
  const Owned<STACK_OF(X509), free_list> signers(PKCS7_get0_signers(token, extra, 0));
  if (!signers || sk_X509_num(signers.get()) != 1) return {};
  const Owned<BIO, BIO_free_all> out(BIO_new(BIO_s_mem()));
  const X509_NAME* name = X509_get_subject_name(sk_X509_value(signers.get(), 0));
  if (!out || X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) < 0) return {};
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return text::printable(std::string_view(text, static_cast<std::size_t>(size)));
}

}  // namespace

Result<std::string> timestamp_request(const Hash& digest, std::string_view nonce) {
  if (auto good = check_nonce(nonce); !good) return good.error();
  const Request request = make_request(digest, nonce);
  unsigned char* encoded = nullptr;
  const int size = request ? i2d_TS_REQ(request.get(), &encoded) : 0;
  if (size <= 0) return refused("The time stamp request cannot be made");
  std::string out(reinterpret_cast<const char*>(encoded), static_cast<std::size_t>(size));
  OPENSSL_free(encoded);
  return out;
}

Result<Timestamp> verify_timestamp(std::string_view reply, const Hash& digest,
                                   const TimestampAuthority& authority,
                                   std::optional<std::string_view> nonce) {
  if (reply.size() > kMaxTimestampBytes) {
    return Error(ErrorCode::too_large, "The time stamp has more than " + std::to_string(kMaxTimestampBytes) +
                                           " bytes (kMaxTimestampBytes).");
  }
  if (nonce) {
    if (auto good = check_nonce(*nonce); !good) return good.error();
  }
  ERR_clear_error();
  const unsigned char* at = data(reply);
  const Owned<TS_RESP, TS_RESP_free> response(d2i_TS_RESP(nullptr, &at, static_cast<long>(reply.size())));
  if (!response || at != data(reply) + reply.size()) return refused("The bytes are no time stamp reply");
  TS_TST_INFO* info = TS_RESP_get_tst_info(response.get());
  if (info == nullptr) return refused("The authority has given no time stamp");
  const auto time = seconds_of(TS_TST_INFO_get_time(info));
  if (!time) return time.error();
  auto store = make_store(authority.trusted, *time);
  if (!store) return store.error();
  auto extra = read_certificates(authority.intermediates);
  if (!extra) return extra.error();

  const Request request = make_request(digest, nonce);
  const Owned<TS_VERIFY_CTX, TS_VERIFY_CTX_free> context(
      request ? TS_REQ_to_TS_VERIFY_CTX(request.get(), nullptr) : nullptr);
  if (!context || !*store) return refused("The time stamp cannot be verified");
  STACK_OF(X509)* borrowed = extra->get();
  // The context owns what it is given.
  TS_VERIFY_CTX_set_store(context.get(), store->release());
  TS_VERIFY_CTX_set_certs(context.get(), extra->release());
  TS_VERIFY_CTX_add_flags(context.get(), TS_VFY_SIGNATURE);
  if (TS_RESP_verify_response(context.get(), response.get()) != 1)
    return refused("The time stamp is not good");
  return Timestamp{*time, signer_name(TS_RESP_get_token(response.get()), borrowed)};
}

}  // namespace cardwarden
