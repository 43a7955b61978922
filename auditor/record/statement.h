// SPDX-License-Identifier: Apache-2.0
#pragma once
// The in-toto Statement (v1) that a record signs: of an audit, and of its verdict for people who read SLSA
// summaries. Format: docs/formats/record.md. Statements are canonical JSON without fractions, so that the
// same inputs give the same bytes. Time is handed in. Pure.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "crypto/bytes.h"
#include "policy/judge.h"

namespace cardwarden {

constexpr std::string_view kTestResultType = "https://in-toto.io/attestation/test-result/v0.1";
constexpr std::string_view kVerdictType = "https://slsa.dev/verification_summary/v1";

// What a statement is about. Digests by the names of in-toto's digest_set.md: "sha256", "gitCommit",
// "gitTree". Each subject has a "sha256", since SHA-1 names of git can be made to collide.
struct StatementSubject {
  std::string name;  // a path or address for people; subjects are told apart by it
  std::map<std::string, std::string> digest;
};

StatementSubject file_subject(std::string name, const Hash& sha256);
// Something without bytes of its own, such as a model at any revision: the digest is over the name (see
// docs/formats/record.md) and says no more than the name.
StatementSubject named_subject(std::string name);

// A file of a repository, for the manifest that gives a commit a SHA-256.
struct ManifestEntry {
  std::string path;  // forward slashes, from the root
  Hash digest{};     // of the content; of an LFS file, of what the pointer names
};
// SHA-256 over one line "<64 digits>  <path>\n" an entry, sorted by the bytes of the path. Fails for a path
// that is empty, repeated, or has a line end.
Result<Hash> manifest_digest(std::vector<ManifestEntry> entries);

// Who made a record, with what, when.
struct Provenance {
  std::string actor;       // a pseudonymous id of a person or service, never an e-mail address
  std::string tenant;      // may be empty
  std::string request_id;  // may be empty
  std::string tool_version;
  std::string tool_commit;
  std::uint64_t started = 0;  // POSIX seconds
  std::uint64_t finished = 0;
  std::string key_id;  // key_id() of the signing key
};

// A document that is stored under its digest.
struct DocumentRef {
  Hash digest{};
  std::uint64_t size = 0;  // bytes
};

// A further input of an audit that is named by its digest, such as the description of the run.
struct NamedInput {
  std::string name;
  Hash digest{};
};

struct AuditInput {
  std::vector<StatementSubject> subjects;  // at least one
  std::vector<const CardReport*> reports;  // judged, in the order of the findings document
  const Policy& policy;
  const KnownRules& rules;
  std::string rules_digest;  // RuleBook::digest()
  DocumentRef findings;      // findings_document()
  Provenance provenance;
  std::vector<std::string> waivers;  // record ids of the waivers that were in force
  std::vector<NamedInput> inputs = {};
};

// The statement of an audit: predicate test-result/v0.1, rules as tests.
Result<std::string> audit_statement(const AuditInput& input);

struct VerdictInput {
  std::vector<StatementSubject> subjects;
  std::string resource_uri;  // what was audited
  std::string policy_name;
  std::string policy_digest;  // hexadecimal SHA-256
  Hash audit_envelope{};      // digest of the exact bytes of the audit's envelope
  bool passed = false;
  Provenance provenance;
};

// The verdict of an audit that is in the log already: predicate verification_summary/v1.
Result<std::string> verdict_statement(const VerdictInput& input);

// A statement with any predicate. Fails without subject, for a subject without name or SHA-256, for more than
// kMaxSubjects or two subjects of one name.
Result<std::string> statement_json(const std::vector<StatementSubject>& subjects,
                                   std::string_view predicate_type, const nlohmann::json& predicate);
constexpr std::size_t kMaxSubjects = 1024;  // cosign reads no more

nlohmann::json provenance_json(const Provenance& provenance);
Done check_provenance(const Provenance& provenance);

}  // namespace cardwarden
