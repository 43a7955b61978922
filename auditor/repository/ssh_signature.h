// SPDX-License-Identifier: Apache-2.0
#pragma once
// SSH signatures of commits and tags (OpenSSH PROTOCOL.sshsig), checked against an allowed-signers file
// (ssh-keygen(1), ALLOWED SIGNERS). A signature that holds and whose key nobody vouches for is `untrusted`:
// it proves that the bytes are whole, not who signed them. OpenPGP and X.509 signatures are seen and not
// checked.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "repository/repository.h"

namespace cardwarden {

constexpr std::size_t kMaxSignatureBytes = 64U << 10U;       // of an armored signature
constexpr std::size_t kMaxAllowedSigners = 100'000;          // lines with a key
constexpr std::size_t kMaxAllowedSignersBytes = 16U << 20U;  // of the file

struct AllowedSigner {
  std::vector<std::string> principals;      // patterns with '*' and '?', '!' before those that are refused
  std::vector<std::string> namespaces;      // patterns; empty: any
  std::optional<std::int64_t> valid_after;  // seconds since 1970, UTC
  std::optional<std::int64_t> valid_before;
  bool is_authority = false;  // signs certificates, not commits; such lines vouch for nothing here
  std::string key;            // as SSH writes it on the wire
  std::uint32_t line = 0;
};

// Times without "Z" count as UTC: the zone of a machine would make the answer depend on it.
Result<std::vector<AllowedSigner>> parse_allowed_signers(std::string_view text, std::string_view path);

enum class SignatureVerdict : std::uint8_t {
  absent,       // no signature
  not_checked,  // OpenPGP, X.509, a security key or a certificate
  malformed,    // no signature that can be read
  bad,          // it does not hold for these bytes
  untrusted,    // it holds; its key is on no line that allows it here and at that time
  good,         // it holds, and a line vouches for its key
};
std::string_view to_string(SignatureVerdict verdict);

struct SignatureReport {
  SignatureVerdict verdict = SignatureVerdict::absent;
  SignatureKind kind = SignatureKind::none;
  std::string key_type;                 // "ssh-ed25519"
  std::string fingerprint;              // "SHA256:…", of an SSH key
  std::vector<std::string> principals;  // of the line that vouches
  std::uint32_t line = 0;               // of the allowed-signers file
  std::string reason;                   // one sentence
};

// `time` is when the signature is said to have been made, in seconds since 1970; git takes the committer's or
// tagger's time.
SignatureReport check_ssh_signature(std::string_view armor, std::string_view signed_bytes,
                                    std::string_view name_space, const std::vector<AllowedSigner>& signers,
                                    std::int64_t time);

Result<SignatureReport> check_commit_signature(const Repository& repository, const ObjectId& commit,
                                               const std::vector<AllowedSigner>& signers);
Result<SignatureReport> check_tag_signature(const Repository& repository, const ObjectId& tag,
                                            const std::vector<AllowedSigner>& signers);

}  // namespace cardwarden
