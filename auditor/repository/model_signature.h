// SPDX-License-Identifier: Apache-2.0
#pragma once
// OpenSSF model signatures (model.sig): a Sigstore bundle with a DSSE envelope around a manifest of files and
// digests. A manifest of SHA-256 over whole files can be compared on a clone that has LFS pointers only,
// because a pointer's oid is that digest. Everything is offline: a certificate or a transparency log is
// named, not trusted, and without a key that the caller trusts a signature is never called verified.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "repository/snapshot.h"

namespace cardwarden {

constexpr std::size_t kMaxSignedResources = 1'000'000;
constexpr std::uint64_t kMaxSignedBlobBytes = 256U << 20U;  // of a file in git that is hashed
constexpr std::size_t kMaxSignatureFindings = 1000;         // listed; all are counted

enum class ModelSignatureGrade : std::uint8_t {
  unparsable,      // no bundle with a manifest
  mismatch,        // the manifest contradicts the files or itself
  bad_signature,   // the named key did not make it
  signer_unknown,  // the manifest fits; no key was named that could tell who signed
  verified,        // the manifest fits, and the named key signed it
};
std::string_view to_string(ModelSignatureGrade grade);

enum class SignedFileState : std::uint8_t {
  differs,         // the digest is another one
  missing,         // listed, and not in the tree
  unlisted,        // in the tree, and neither listed nor ignored
  not_assessable,  // the digest cannot be compared here
};
std::string_view to_string(SignedFileState state);

struct SignedFile {
  std::string path;
  SignedFileState state = SignedFileState::differs;
  std::string expected;  // digest of the manifest, hexadecimal
  std::string found;     // digest here
};

struct ModelSignature {
  std::string path;  // of the signature file
  ModelSignatureGrade grade = ModelSignatureGrade::unparsable;
  std::string reason;  // one sentence
  std::string predicate_type;
  bool legacy = false;        // a predicate from before version 1.0
  std::string signer_method;  // "key", "certificate", "sigstore", or "unknown"
  std::string key_hint;
  std::string serialization;  // "files" or "shards"
  std::string hash_type;
  std::vector<std::string> ignored_paths;  // chosen by the signer: what the signature leaves out
  std::size_t resources = 0;
  std::vector<SignedFile> files;  // what does not fit, by path
  std::size_t differing = 0;
  std::size_t missing = 0;
  std::size_t unlisted = 0;  // not zero: the signature covers a part
  std::size_t not_assessable = 0;
};

// `trusted_key` is PEM (SubjectPublicKeyInfo) of a key the user named, or empty.
ModelSignature check_model_signature(const Repository& repository, const Snapshot& snapshot,
                                     const TextFile& signature, std::string_view trusted_key = {});
ModelSignature check_model_signature(const BlobSource& blobs, const Snapshot& snapshot,
                                     const TextFile& signature, std::string_view trusted_key = {});

}  // namespace cardwarden
