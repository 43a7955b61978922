// SPDX-License-Identifier: Apache-2.0
#include "verify/statement.h"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"
#include "base/time.h"
#include "crypto/dsse.h"
#include "crypto/public_key.h"
#include "crypto/strict_json.h"

namespace cardwarden {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxSubjects = 1024;  // as cosign
constexpr std::size_t kMaxDigests = 32;     // of a subject, as cosign
constexpr std::string_view kRotationProofType = "application/vnd.cardwarden.key-rotation+json";

struct KindOfPredicate {
  std::string_view type;
  RecordKind kind;
  const char* extension;  // the member that holds the provenance; nullptr: the predicate itself
  const char* provenance;
};
constexpr std::array<KindOfPredicate, 5> kPredicates = {{
    {"https://in-toto.io/attestation/test-result/v0.1", RecordKind::audit, "cardwardenAudit", "provenance"},
    {"https://slsa.dev/verification_summary/v1", RecordKind::verdict, nullptr, "cardwardenProvenance"},
    {"https://cardwarden.dev/predicate/waiver/v1", RecordKind::waiver, nullptr, "provenance"},
    {"https://cardwarden.dev/predicate/review/v1", RecordKind::review, nullptr, "provenance"},
    {"https://cardwarden.dev/predicate/key-rotation/v1", RecordKind::key_rotation, nullptr, "provenance"},
}};

Error bad(std::string message) { return {ErrorCode::format, std::move(message)}; }

Done read_subjects(const json& statement, ReadStatement& out) {
  const json* subjects = array_member(statement, "subject");
  if (subjects == nullptr || subjects->empty() || subjects->size() > kMaxSubjects) {
    return bad("A statement has 1 to " + std::to_string(kMaxSubjects) + " subjects (kMaxSubjects).");
  }
  for (const json& subject : *subjects) {
    const json* digest = object_member(subject, "digest");
    if (digest == nullptr || digest->empty() || digest->size() > kMaxDigests) {
      return bad("A subject of the statement has 1 to " + std::to_string(kMaxDigests) +
                 " digests (kMaxDigests).");
    }
    VerifiedSubject one;
    const auto name = string_member(subject, "name", "a subject");
    if (name) one.name = *name;
    for (auto at = digest->begin(); at != digest->end(); ++at) {
      if (!at->is_string()) return bad("A digest of a subject is a string.");
      one.digest[at.key()] = at->get<std::string>();
    }
    out.subjects.push_back(std::move(one));
  }
  return Nothing{};
}

Done read_provenance(const json& predicate, const KindOfPredicate& kind, ReadStatement& out) {
  const json* holder = kind.extension == nullptr ? &predicate : object_member(predicate, kind.extension);
  const json* provenance = holder == nullptr ? nullptr : object_member(*holder, kind.provenance);
  if (provenance == nullptr)
    return bad("The predicate does not say who made the record, with which key and when.");
  auto id = string_member(*provenance, "keyId", "the provenance");
  if (!id) return id.error();
  auto actor = string_member(*provenance, "actor", "the provenance");
  if (!actor) return actor.error();
  const auto finished = string_member(*provenance, "finishedAt", "the provenance");
  if (!finished) return finished.error();
  const auto time = parse_time(*finished);
  if (!time) return time.error();
  out.key_id = *std::move(id);
  out.actor = *std::move(actor);
  out.finished = *time;
  return Nothing{};
}

Done read_findings(const json& predicate, ReadStatement& out) {
  const json* audit = object_member(predicate, "cardwardenAudit");
  const json* findings = audit == nullptr ? nullptr : object_member(*audit, "findings");
  const json* digest = findings == nullptr ? nullptr : object_member(*findings, "digest");
  if (digest == nullptr) return bad("The audit does not name its findings.");
  const auto text = string_member(*digest, "sha256", "the findings");
  if (!text) return text.error();
  const auto hash = hash_from_hex(*text);
  if (!hash) return hash.error();
  const auto size = count_member(*findings, "size", "the findings");
  if (!size) return size.error();
  out.findings = *hash;
  out.findings_size = *size;
  return Nothing{};
}

Result<std::uint64_t> time_member(const json& object, const std::string& key) {
  const auto text = string_member(object, key, "the key rotation");
  if (!text) return text.error();
  return parse_time(*text);
}

Done read_waiver(const json& predicate, ReadStatement& out) {
  ReadWaiver waiver;
  const std::pair<const char*, std::string*> members[] = {{"rule", &waiver.rule},
                                                          {"owner", &waiver.owner},
                                                          {"approver", &waiver.approver},
                                                          {"ticket", &waiver.ticket},
                                                          {"reason", &waiver.reason}};
  for (const auto& [name, target] : members) {
    auto words = string_member(predicate, name, "the waiver");
    if (!words) return words.error();
    if (words->empty()) return bad("A waiver has a rule, an owner, an approver, a ticket and a reason.");
    *target = *std::move(words);
  }
  const auto end = string_member(predicate, "expiresAt", "the waiver");
  if (!end) return end.error();
  const auto time = parse_time(*end);
  if (!time) return time.error();
  waiver.expires = *time;
  out.waiver = std::move(waiver);
  return Nothing{};
}

Done read_rotation(const json& predicate, ReadStatement& out) {
  const json* new_key = object_member(predicate, "newKey");
  const json* old_key = object_member(predicate, "oldKey");
  if (new_key == nullptr || old_key == nullptr) return bad("A key rotation names an old and a new key.");
  const auto spki = string_member(*new_key, "spki", "the new key");
  const auto id = string_member(*new_key, "id", "the new key");
  const auto old_id = string_member(*old_key, "id", "the old key");
  const auto proof = string_member(predicate, "newKeySignature", "the key rotation");
  const auto role = string_member(predicate, "role", "the key rotation");
  for (const auto* one : {&spki, &id, &old_id, &proof, &role}) {
    if (!*one) return one->error();
  }
  const auto from = time_member(*new_key, "validFrom");
  const auto to = time_member(*old_key, "validTo");
  if (!from) return from.error();
  if (!to) return to.error();
  const auto der = bytes_from_base64(*spki);
  const auto signature = bytes_from_base64(*proof);
  if (!der || !signature) return bad("The new key and its signature are base64.");
  const auto key = PublicKey::from_spki(*der);
  if (!key) return key.error();
  if (key_id(*key) != *id || *old_id != out.key_id)
    return bad("The key rotation names its keys by other ids.");
  json proven = predicate;
  proven.erase("newKeySignature");
  if (!key->verify(dsse_pae(kRotationProofType, canonical_json(proven)), *signature)) {
    return bad("The new key of the rotation has not signed it.");
  }
  out.rotation = RotatedKey{*role, *der, *from, *to};
  return Nothing{};
}

}  // namespace

std::string_view to_string(RecordKind kind) {
  switch (kind) {
    case RecordKind::audit:
      return "audit";
    case RecordKind::verdict:
      return "verdict";
    case RecordKind::waiver:
      return "waiver";
    case RecordKind::review:
      return "review";
    case RecordKind::key_rotation:
      return "key-rotation";
  }
  return "audit";
}

Result<ReadStatement> read_statement(std::string_view payload) {
  const auto statement = parse_strict_json(payload, {.bytes = kMaxEnvelopeBytes});
  if (!statement) return statement.error();
  const auto type = string_member(*statement, "_type", "the statement");
  if (!type || *type != "https://in-toto.io/Statement/v1")
    return bad("The payload is no in-toto Statement v1.");
  auto predicate_type = string_member(*statement, "predicateType", "the statement");
  if (!predicate_type) return predicate_type.error();
  const KindOfPredicate* kind = nullptr;
  for (const KindOfPredicate& one : kPredicates) {
    if (one.type == *predicate_type) kind = &one;
  }
  if (kind == nullptr) {
    return bad("The predicate \"" + text::printable(text::excerpt(*predicate_type, 100)) +
               "\" is not known here.");
  }
  const json* predicate = object_member(*statement, "predicate");
  if (predicate == nullptr) return bad("The statement has no predicate.");
  ReadStatement out;
  out.kind = kind->kind;
  out.predicate_type = *std::move(predicate_type);
  if (auto good = read_subjects(*statement, out); !good) return good.error();
  if (auto good = read_provenance(*predicate, *kind, out); !good) return good.error();
  if (kind->kind == RecordKind::audit || kind->kind == RecordKind::verdict) {
    const bool audit = kind->kind == RecordKind::audit;
    auto result = string_member(*predicate, audit ? "result" : "verificationResult", "the predicate");
    if (!result) return result.error();
    if (*result != "PASSED" && *result != "FAILED" && !(audit && *result == "WARNED")) {
      return bad("The predicate has a result that its type does not know.");
    }
    out.result = *std::move(result);
  }
  Done rest = Nothing{};
  if (kind->kind == RecordKind::audit) rest = read_findings(*predicate, out);
  if (kind->kind == RecordKind::waiver) rest = read_waiver(*predicate, out);
  if (kind->kind == RecordKind::key_rotation) rest = read_rotation(*predicate, out);
  if (!rest) return rest.error();
  return out;
}

}  // namespace cardwarden
