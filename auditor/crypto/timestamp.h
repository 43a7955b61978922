// SPDX-License-Identifier: Apache-2.0
#pragma once
// Time stamps of RFC 3161: an authority signs that a digest existed at a moment. Requests are made and
// replies are verified here; sending them is the caller's affair (POST as application/timestamp-query, the
// reply comes as application/timestamp-reply). Pure: chance is handed in, and no clock is read.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/bytes.h"

namespace cardwarden {

constexpr std::size_t kMinNonceBytes = 8;
constexpr std::size_t kMaxNonceBytes = 20;  // what a serial number has (RFC 5280 section 4.1.2.2)
constexpr std::size_t kMaxTimestampBytes = 64U
                                           << 10U;  // of a reply; with a chain of three it has about 5,000
constexpr std::size_t kMaxAuthorityBytes = 256U << 10U;  // of the certificates of an authority, in PEM
constexpr std::size_t kMaxAuthorityCertificates = 32;

// The request (TimeStampReq, DER) to stamp a SHA-256. It asks for the authority's certificate in the reply.
// `nonce`: random bytes, used once.
Result<std::string> timestamp_request(const Hash& digest, std::string_view nonce);

// Whom the caller trusts to tell the time.
struct TimestampAuthority {
  std::string trusted;        // PEM: roots, or the authority's own certificate
  std::string intermediates;  // PEM: what leads from the one to the other, where replies do not carry it
};

struct Timestamp {
  std::uint64_t time = 0;  // POSIX seconds; fractions are cut off
  std::string authority;   // subject of the certificate that signed, printable
};

// Verifies a reply (TimeStampResp, DER): granted, over this digest, with this nonce where one is given,
// signed by a certificate for time stamping alone that leads to a trusted one. Certificates are judged at the
// moment of the stamp, so that a stamp outlives them; whoever stops trusting an authority takes it out of
// `trusted`.
Result<Timestamp> verify_timestamp(std::string_view reply, const Hash& digest,
                                   const TimestampAuthority& authority,
                                   std::optional<std::string_view> nonce = std::nullopt);

}  // namespace cardwarden
