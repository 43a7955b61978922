// SPDX-License-Identifier: Apache-2.0
#include "repository/model_signature.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "base/json_reader.h"
#include "crypto/bytes.h"
#include "crypto/verifying_key.h"

namespace cardwarden {
namespace {

constexpr std::string_view kPayloadType = "application/vnd.in-toto+json";
constexpr std::string_view kPredicate = "https://model_signing/signature/v1.0";
constexpr std::string_view kLegacyPredicate = "https://model_signing/Digests/v0.1";

struct Resource {
  std::string name;
  std::string digest;
  std::string algorithm;
};

struct Bundle {
  std::string payload;
  std::string payload_type;
  std::vector<std::string> signatures;
  std::vector<Resource> resources;
  std::string root;  // the subject's sha256
};

const JsonNode* at(const JsonNode* node, std::initializer_list<std::string_view> path) {
  for (const std::string_view key : path) node = node == nullptr ? nullptr : node->find(key);
  return node;
}

std::string text_at(const JsonNode* node, std::initializer_list<std::string_view> path) {
  const JsonNode* found = at(node, path);
  return found != nullptr && found->is_string() ? found->text : std::string();
}

// The bytes that DSSE signs.
std::string pre_authentication(std::string_view type, std::string_view payload) {
  return "DSSEv1 " + std::to_string(type.size()) + " " + std::string(type) + " " +
         std::to_string(payload.size()) + " " + std::string(payload);
}

std::string read_envelope(const JsonNode& root, Bundle& bundle, ModelSignature& out) {
  const JsonNode* material = root.find("verificationMaterial");
  out.key_hint = text_at(material, {"publicKey", "hint"});
  if (at(material, {"publicKey"}) != nullptr) {
    out.signer_method = "key";
  } else if (const JsonNode* entries = at(material, {"tlogEntries"});
             entries != nullptr && !entries->items.empty()) {
    out.signer_method = "sigstore";
  } else if (at(material, {"certificate"}) != nullptr || at(material, {"x509CertificateChain"}) != nullptr) {
    out.signer_method = "certificate";
  } else {
    out.signer_method = "unknown";
  }
  const JsonNode* envelope = root.find("dsseEnvelope");
  const auto payload = bytes_from_base64(text_at(envelope, {"payload"}));
  bundle.payload_type = text_at(envelope, {"payloadType"});
  if (!payload || payload->empty()) return "The bundle holds no DSSE envelope with a payload.";
  if (bundle.payload_type != kPayloadType) return "The payload is no in-toto statement.";
  bundle.payload = *payload;
  if (const JsonNode* signatures = at(envelope, {"signatures"})) {
    for (const JsonNode& one : signatures->items) {
      const auto raw = bytes_from_base64(text_at(&one, {"sig"}));
      if (raw && !raw->empty()) bundle.signatures.push_back(*raw);
    }
  }
  return bundle.signatures.empty() ? "The envelope holds no signature." : "";
}

std::string read_statement(Bundle& bundle, ModelSignature& out) {
  const auto read = read_json(bundle.payload);
  if (!read) return "The statement cannot be read: " + read.error().text();
  const JsonNode* statement = &*read;
  out.predicate_type = text_at(statement, {"predicateType"});
  const JsonNode* subjects = at(statement, {"subject"});
  if (out.predicate_type == kLegacyPredicate) {
    out.legacy = true;
    out.serialization = "files";
    out.hash_type = "sha256";
    for (const JsonNode& one : subjects != nullptr ? subjects->items : std::vector<JsonNode>()) {
      bundle.resources.push_back({text_at(&one, {"name"}), text_at(&one, {"digest", "sha256"}), "sha256"});
    }
    return bundle.resources.empty() ? "The manifest lists no file." : "";
  }
  if (out.predicate_type != kPredicate) return "The statement is no model signature.";
  if (subjects == nullptr || subjects->items.size() != 1) return "The statement has not exactly one subject.";
  bundle.root = text_at(&subjects->items[0], {"digest", "sha256"});
  const JsonNode* predicate = at(statement, {"predicate"});
  out.serialization = text_at(predicate, {"serialization", "method"});
  out.hash_type = text_at(predicate, {"serialization", "hash_type"});
  if (const JsonNode* ignored = at(predicate, {"serialization", "ignore_paths"})) {
    for (const JsonNode& one : ignored->items) {
      if (one.is_string()) out.ignored_paths.push_back(one.text);
    }
  }
  const JsonNode* resources = at(predicate, {"resources"});
  if (resources == nullptr || resources->items.empty()) return "The manifest lists no file.";
  if (resources->items.size() > kMaxSignedResources) {
    return "The manifest lists more than " + std::to_string(kMaxSignedResources) +
           " files (kMaxSignedResources).";
  }
  for (const JsonNode& one : resources->items) {
    Resource resource{text_at(&one, {"name"}), text_at(&one, {"digest"}), text_at(&one, {"algorithm"})};
    if (resource.name.empty() || !bytes_from_hex(resource.digest) || resource.digest.empty()) {
      return "A file of the manifest has no name or no digest.";
    }
    bundle.resources.push_back(std::move(resource));
  }
  return {};
}

// The subject is the SHA-256 over the digests one after another.
bool root_fits(const Bundle& bundle) {
  std::string all;
  for (const Resource& one : bundle.resources) all += bytes_from_hex(one.digest).value_or("");
  return sha256_hex(all) == bundle.root;
}

// "path:start:end", read from the right; false where the name has no such end.
bool take_range(std::string& name, std::uint64_t& start, std::uint64_t& end) {
  const auto number = [](std::string_view s, std::uint64_t& out) {
    const auto read = std::from_chars(s.data(), s.data() + s.size(), out);
    return !s.empty() && read.ec == std::errc() && read.ptr == s.data() + s.size();
  };
  const std::size_t second = name.rfind(':');
  const std::size_t first =
      second == std::string::npos || second == 0 ? std::string::npos : name.rfind(':', second - 1);
  if (first == std::string::npos) return false;
  const std::string_view view = name;
  if (!number(view.substr(first + 1, second - first - 1), start) || !number(view.substr(second + 1), end))
    return false;
  name.resize(first);
  return start <= end;
}

class Comparison {
 public:
  Comparison(const BlobSource& blobs, const Snapshot& snapshot, ModelSignature& out)
      : blobs_(blobs), snapshot_(snapshot), out_(out) {}

  void run(const Bundle& bundle) {
    for (const Resource& resource : bundle.resources) compare(resource);
    for (const SnapshotFile& file : snapshot_.files) {
      if (!is_excluded(file.path) && listed_.count(file.path) == 0)
        note(file.path, SignedFileState::unlisted, "", "");
    }
    std::sort(out_.files.begin(), out_.files.end(),
              [](const SignedFile& a, const SignedFile& b) { return a.path < b.path; });
  }

 private:
  void note(const std::string& path, SignedFileState state, std::string expected, std::string found) {
    std::size_t* const counts[] = {&out_.differing, &out_.missing, &out_.unlisted, &out_.not_assessable};
    ++*counts[static_cast<std::size_t>(state)];
    if (out_.files.size() < kMaxSignatureFindings) {
      out_.files.push_back({path, state, std::move(expected), std::move(found)});
    }
  }

  void compare(const Resource& resource) {
    std::string path = resource.name;
    std::uint64_t start = 0;
    std::uint64_t end = UINT64_MAX;
    const bool shards = out_.serialization == "shards";
    const bool ranged = shards && take_range(path, start, end);
    listed_[path] = true;
    const SnapshotFile* file = snapshot_.find(path);
    if (file == nullptr) return note(path, SignedFileState::missing, resource.digest, "");
    if (resource.algorithm != "sha256" || (shards && !ranged) || !file->is_regular() || file->missing) {
      return note(path, SignedFileState::not_assessable, resource.digest, "");
    }
    const bool whole = !ranged || (start == 0 && end == file->content_size());
    if (ranged && end > file->content_size())
      return note(path, SignedFileState::differs, resource.digest, "");
    std::string found;
    if (file->lfs) {
      if (!whole) return note(path, SignedFileState::not_assessable, resource.digest, "");
      found = file->lfs->oid;
    } else {
      const auto bytes = blobs_.read(file->blob, kMaxSignedBlobBytes);
      if (!bytes) return note(path, SignedFileState::not_assessable, resource.digest, "");
      std::string_view part = *bytes;
      if (ranged) part = part.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(end - start));
      found = sha256_hex(part);
    }
    if (found != resource.digest) note(path, SignedFileState::differs, resource.digest, found);
  }

  // What signers leave out: git's own files, the signature, and the paths that the manifest names.
  bool is_excluded(const std::string& path) const {
    const auto covers = [&path](std::string_view folder) {
      return path == folder || (path.size() > folder.size() && path[folder.size()] == '/' &&
                                path.compare(0, folder.size(), folder) == 0);
    };
    if (path == out_.path || covers(".git") || covers(".github") || path == ".gitignore" ||
        path == ".gitattributes") {
      return true;
    }
    return std::any_of(out_.ignored_paths.begin(), out_.ignored_paths.end(), covers);
  }

  const BlobSource& blobs_;
  const Snapshot& snapshot_;
  ModelSignature& out_;
  std::map<std::string, bool> listed_;
};

void grade(const Bundle& bundle, std::string_view trusted_key, ModelSignature& out) {
  if (out.differing + out.missing + out.unlisted > 0) {
    out.grade = ModelSignatureGrade::mismatch;
    out.reason = "The manifest does not fit the files: " + std::to_string(out.differing) + " differ, " +
                 std::to_string(out.missing) + " are missing and " + std::to_string(out.unlisted) +
                 " are not listed.";
    return;
  }
  out.grade = ModelSignatureGrade::signer_unknown;
  out.reason = "The manifest fits the files";
  if (out.not_assessable > 0)
    out.reason += ", of which " + std::to_string(out.not_assessable) + " cannot be compared here";
  if (trusted_key.empty()) {
    out.reason += "; no key was named, so nobody can say who signed it.";
    return;
  }
  const auto key = VerifyingKey::from_pem(trusted_key);
  if (!key) {
    out.reason += "; the key that was named cannot be used: " + key.error().message;
    return;
  }
  if (out.legacy) {
    out.reason += "; signatures from before version 1.0 are not checked.";
    return;
  }
  const std::string data = pre_authentication(bundle.payload_type, bundle.payload);
  const bool holds = std::any_of(
      bundle.signatures.begin(), bundle.signatures.end(),
      [&](const std::string& signature) { return key->verify(key->usual_hash(), data, signature); });
  if (!holds) {
    out.grade = ModelSignatureGrade::bad_signature;
    out.reason += "; the key that was named did not sign it.";
    return;
  }
  // What could not be compared is not verified, whoever signed it.
  if (out.not_assessable > 0) {
    out.reason += "; the named key signed it, and without those files it is not verified.";
    return;
  }
  out.grade = ModelSignatureGrade::verified;
  out.reason += "; the named key signed it.";
}

}  // namespace

std::string_view to_string(ModelSignatureGrade grade) {
  static constexpr std::string_view kNames[] = {"unparsable", "mismatch", "bad-signature", "signer-unknown",
                                                "verified"};
  return kNames[static_cast<std::size_t>(grade)];
}

std::string_view to_string(SignedFileState state) {
  static constexpr std::string_view kNames[] = {"differs", "missing", "unlisted", "not-assessable"};
  return kNames[static_cast<std::size_t>(state)];
}

ModelSignature check_model_signature(const Repository& repository, const Snapshot& snapshot,
                                     const TextFile& signature, std::string_view trusted_key) {
  return check_model_signature(blobs_of(repository), snapshot, signature, trusted_key);
}

ModelSignature check_model_signature(const BlobSource& blobs, const Snapshot& snapshot,
                                     const TextFile& signature, std::string_view trusted_key) {
  ModelSignature out;
  out.path = signature.path;
  const auto root = read_json(signature.bytes);
  if (!root) {
    out.reason = root.error().text();
    return out;
  }
  Bundle bundle;
  out.reason = read_envelope(*root, bundle, out);
  if (out.reason.empty()) out.reason = read_statement(bundle, out);
  if (!out.reason.empty()) return out;
  out.resources = bundle.resources.size();
  if (!out.legacy && !root_fits(bundle)) {
    out.grade = ModelSignatureGrade::mismatch;
    out.reason = "The manifest contradicts itself: its subject is not the digest of its files' digests.";
    return out;
  }
  Comparison(blobs, snapshot, out).run(bundle);
  grade(bundle, trusted_key, out);
  return out;
}

}  // namespace cardwarden
