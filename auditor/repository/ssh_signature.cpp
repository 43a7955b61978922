// SPDX-License-Identifier: Apache-2.0
#include "repository/ssh_signature.h"

#include <algorithm>

#include "base/text.h"
#include "crypto/bytes.h"
#include "crypto/verifying_key.h"

namespace cardwarden {
namespace {

constexpr std::uint64_t kMaxSignedBytes = 16U << 20U;  // of a commit or tag object
constexpr std::string_view kMagic = "SSHSIG";

std::string ssh_string(std::string_view bytes) {
  const auto size = static_cast<std::uint32_t>(bytes.size());
  std::string out;
  for (const unsigned shift : {24U, 16U, 8U, 0U}) out.push_back(static_cast<char>((size >> shift) & 0xFFU));
  return out.append(bytes);
}

// Reads SSH's wire format; after a failure everything is empty.
class Wire {
 public:
  explicit Wire(std::string_view bytes) : rest_(bytes) {}

  std::uint32_t number() {
    if (rest_.size() < 4) return fail();
    std::uint32_t out = 0;
    for (std::size_t i = 0; i < 4; ++i) out = out << 8U | static_cast<unsigned char>(rest_[i]);
    rest_.remove_prefix(4);
    return out;
  }
  std::string_view text() {
    const std::uint32_t size = number();
    if (failed_ || size > rest_.size()) {
      fail();
      return {};
    }
    const std::string_view out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return out;
  }
  bool done() const { return !failed_ && rest_.empty(); }
  bool failed() const { return failed_; }

 private:
  std::uint32_t fail() {
    failed_ = true;
    rest_ = {};
    return 0;
  }
  std::string_view rest_;
  bool failed_ = false;
};

// A positive number without its sign byte; empty for none and for negative ones.
std::string_view positive(std::string_view mpint) {
  if (mpint.empty() || (mpint[0] & 0x80) != 0) return {};
  while (!mpint.empty() && mpint[0] == '\0') mpint.remove_prefix(1);
  return mpint;
}

struct Parts {
  std::string key;  // on the wire
  std::string name_space;
  std::string hash;
  std::string signature;  // on the wire
};

// Armor, base64, wire format. A sentence when it is none of these.
std::string unpack(std::string_view armor, Parts& out) {
  constexpr std::string_view kBegin = "-----BEGIN SSH SIGNATURE-----";
  constexpr std::string_view kEnd = "-----END SSH SIGNATURE-----";
  if (armor.size() > kMaxSignatureBytes) {
    return "The signature has more than " + std::to_string(kMaxSignatureBytes) +
           " bytes (kMaxSignatureBytes).";
  }
  const std::size_t end = armor.find(kEnd);
  if (armor.substr(0, kBegin.size()) != kBegin || end == std::string_view::npos) {
    return "The signature has no complete armor.";
  }
  if (!text::trim(armor.substr(end + kEnd.size())).empty()) return "Text follows the signature.";
  std::string body;
  for (const char c : armor.substr(kBegin.size(), end - kBegin.size())) {
    if (c != '\n' && c != '\r' && c != ' ' && c != '\t') body.push_back(c);
  }
  const auto blob = bytes_from_base64(body);
  if (!blob || blob->substr(0, kMagic.size()) != kMagic) return "The signature is not what its armor says.";
  Wire wire(std::string_view(*blob).substr(kMagic.size()));
  const std::uint32_t version = wire.number();
  out.key = std::string(wire.text());
  out.name_space = std::string(wire.text());
  wire.text();  // reserved: readers pass it over, and sign over an empty one
  out.hash = std::string(wire.text());
  out.signature = std::string(wire.text());
  if (!wire.done()) return "The signature is cut, or something follows it.";
  if (version != 1) return "The signature has version " + std::to_string(version) + "; only 1 is known.";
  return {};
}

struct Curve {
  std::string_view type;
  std::string_view name;
  KeyAlgorithm kind;
  HashKind hash;
};
constexpr Curve kCurves[] = {
    {"ecdsa-sha2-nistp256", "nistp256", KeyAlgorithm::ecdsa_p256, HashKind::sha256},
    {"ecdsa-sha2-nistp384", "nistp384", KeyAlgorithm::ecdsa_p384, HashKind::sha384},
    {"ecdsa-sha2-nistp521", "nistp521", KeyAlgorithm::ecdsa_p521, HashKind::sha512},
};

enum class Holds : std::uint8_t { yes, no, malformed, unknown_type };

Holds verify_ed25519(Wire& key, std::string_view blob, std::string_view data) {
  const std::string_view raw = key.text();
  if (!key.done() || blob.size() != 64) return Holds::malformed;
  const auto made = VerifyingKey::ed25519(raw);
  if (!made) return Holds::malformed;
  return made->verify(HashKind::sha512, data, blob) ? Holds::yes : Holds::no;
}

Holds verify_rsa(Wire& key, std::string_view algorithm, std::string_view blob, std::string_view data) {
  const std::string_view exponent = positive(key.text());
  const std::string_view modulus = positive(key.text());
  // "ssh-rsa" would be SHA-1.
  if (!key.done() || (algorithm != "rsa-sha2-512" && algorithm != "rsa-sha2-256")) return Holds::malformed;
  const auto made = VerifyingKey::rsa(modulus, exponent);
  if (!made || blob.size() > modulus.size()) return Holds::malformed;
  // OpenSSH leaves leading zeros out; PKCS#1 wants the length of the modulus.
  const std::string padded = std::string(modulus.size() - blob.size(), '\0') + std::string(blob);
  const HashKind hash = algorithm == "rsa-sha2-512" ? HashKind::sha512 : HashKind::sha256;
  return made->verify(hash, data, padded) ? Holds::yes : Holds::no;
}

Holds verify_ecdsa(const Curve& curve, Wire& key, std::string_view blob, std::string_view data) {
  const std::string_view name = key.text();
  const std::string_view point = key.text();
  Wire numbers(blob);
  const std::string_view r = positive(numbers.text());
  const std::string_view s = positive(numbers.text());
  if (!key.done() || !numbers.done() || name != curve.name) return Holds::malformed;
  const auto made = VerifyingKey::ec(curve.kind, point);
  const std::string der = ecdsa_der(r, s);
  if (!made || der.empty()) return Holds::malformed;
  return made->verify(curve.hash, data, der) ? Holds::yes : Holds::no;
}

Holds verify(const Parts& parts, std::string_view data, std::string& type) {
  Wire key(parts.key);
  type = std::string(key.text());
  Wire signature(parts.signature);
  const std::string_view algorithm = signature.text();
  const std::string_view blob = signature.text();
  if (key.failed() || signature.failed()) return Holds::malformed;
  if (type.substr(0, 3) == "sk-" || type.find("-cert-v01@") != std::string::npos) return Holds::unknown_type;
  if (!signature.done()) return Holds::malformed;
  if (type == "ssh-rsa") return verify_rsa(key, algorithm, blob, data);
  if (algorithm != type) return Holds::malformed;
  if (type == "ssh-ed25519") return verify_ed25519(key, blob, data);
  for (const Curve& curve : kCurves) {
    if (type == curve.type) return verify_ecdsa(curve, key, blob, data);
  }
  return Holds::unknown_type;
}

bool matches(std::string_view pattern, std::string_view value) {
  std::size_t p = 0;
  std::size_t v = 0;
  std::size_t star = std::string_view::npos;
  std::size_t from = 0;
  while (v < value.size()) {
    if (p < pattern.size() && (pattern[p] == '?' || (pattern[p] == value[v] && pattern[p] != '*'))) {
      ++p;
      ++v;
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      from = v;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      v = ++from;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool allows_namespace(const AllowedSigner& signer, std::string_view name_space) {
  return signer.namespaces.empty() ||
         std::any_of(signer.namespaces.begin(), signer.namespaces.end(),
                     [name_space](const std::string& pattern) { return matches(pattern, name_space); });
}

// Looks for a line that vouches for the key; says why the nearest one does not.
void judge(const std::string& key, std::string_view name_space, const std::vector<AllowedSigner>& signers,
           std::int64_t time, SignatureReport& out) {
  out.verdict = SignatureVerdict::untrusted;
  out.reason = "The signature holds, and its key is on no line of the allowed signers.";
  for (const AllowedSigner& signer : signers) {
    if (signer.key != key || signer.is_authority) continue;
    out.line = signer.line;
    if (!allows_namespace(signer, name_space)) {
      out.reason = "The signature holds; the line of its key is for other namespaces.";
    } else if (signer.valid_after && time < *signer.valid_after) {
      out.reason = "The signature holds; its key was not yet valid at that time.";
    } else if (signer.valid_before && time >= *signer.valid_before) {
      out.reason = "The signature holds; its key was no longer valid at that time.";
    } else {
      out.verdict = SignatureVerdict::good;
      out.principals = signer.principals;
      out.reason = "The signature holds, and a line of the allowed signers vouches for its key.";
      return;
    }
  }
}

SignatureReport check(SignatureKind kind, std::string_view armor, std::string_view bytes,
                      const std::vector<AllowedSigner>& signers, std::int64_t time) {
  SignatureReport out;
  out.kind = kind;
  switch (kind) {
    case SignatureKind::none:
      out.reason = "There is no signature.";
      return out;
    case SignatureKind::ssh:
      return check_ssh_signature(armor, bytes, "git", signers, time);
    case SignatureKind::pgp:
      out.verdict = SignatureVerdict::not_checked;
      out.reason = "An OpenPGP signature is there; it is not checked.";
      return out;
    case SignatureKind::x509:
      out.verdict = SignatureVerdict::not_checked;
      out.reason = "An X.509 signature is there; it is not checked.";
      return out;
    case SignatureKind::unknown:
      out.verdict = SignatureVerdict::malformed;
      out.reason = "The signature is of no kind that git knows.";
      return out;
  }
  return out;
}

}  // namespace

std::string_view to_string(SignatureVerdict verdict) {
  static constexpr std::string_view kNames[] = {"absent", "not-checked", "malformed",
                                                "bad",    "untrusted",   "good"};
  return kNames[static_cast<std::size_t>(verdict)];
}

SignatureReport check_ssh_signature(std::string_view armor, std::string_view signed_bytes,
                                    std::string_view name_space, const std::vector<AllowedSigner>& signers,
                                    std::int64_t time) {
  SignatureReport out;
  out.kind = SignatureKind::ssh;
  out.verdict = SignatureVerdict::malformed;
  Parts parts;
  out.reason = unpack(armor, parts);
  if (!out.reason.empty()) return out;
  std::string print = base64(hash_bytes(HashKind::sha256, parts.key));
  while (!print.empty() && print.back() == '=') print.pop_back();
  out.fingerprint = "SHA256:" + print;
  if (parts.hash != "sha256" && parts.hash != "sha512") {
    out.reason = "The signature names a hash that is neither sha256 nor sha512.";
    return out;
  }
  if (parts.name_space != name_space) {
    out.verdict = SignatureVerdict::bad;
    out.reason = "The signature was made for another namespace than '" + std::string(name_space) + "'.";
    return out;
  }
  const HashKind hash = parts.hash == "sha256" ? HashKind::sha256 : HashKind::sha512;
  const std::string data = std::string(kMagic) + ssh_string(name_space) + ssh_string("") +
                           ssh_string(parts.hash) + ssh_string(hash_bytes(hash, signed_bytes));
  switch (verify(parts, data, out.key_type)) {
    case Holds::malformed:
      out.reason = "The key and the signature inside do not fit together.";
      return out;
    case Holds::unknown_type:
      out.verdict = SignatureVerdict::not_checked;
      out.reason = "The key is a security key, a certificate or of a type that is not checked here.";
      return out;
    case Holds::no:
      out.verdict = SignatureVerdict::bad;
      out.reason = "The signature does not hold for these bytes.";
      return out;
    case Holds::yes:
      judge(parts.key, name_space, signers, time, out);
      return out;
  }
  return out;
}

Result<SignatureReport> check_commit_signature(const Repository& repository, const ObjectId& commit,
                                               const std::vector<AllowedSigner>& signers) {
  const auto bytes = repository.read_as(ObjectType::commit, commit, kMaxSignedBytes);
  if (!bytes) return bytes.error();
  const auto parsed = parse_commit(*bytes);
  if (!parsed) return parsed.error();
  return check(parsed->signature_kind, parsed->signature, signed_bytes_of_commit(*bytes), signers,
               parsed->committer.time);
}

Result<SignatureReport> check_tag_signature(const Repository& repository, const ObjectId& tag,
                                            const std::vector<AllowedSigner>& signers) {
  const auto bytes = repository.read_as(ObjectType::tag, tag, kMaxSignedBytes);
  if (!bytes) return bytes.error();
  const auto parsed = parse_tag(*bytes);
  if (!parsed) return parsed.error();
  return check(parsed->signature_kind, parsed->signature, signed_bytes_of_tag(*bytes), signers,
               parsed->tagger.time);
}

}  // namespace cardwarden
