// SPDX-License-Identifier: Apache-2.0
#include "store/index.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/time.h"
#include "crypto/dsse.h"
#include "crypto/strict_json.h"

namespace cardwarden {
namespace {

using nlohmann::json;

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kKinds = {{
    {"https://in-toto.io/attestation/test-result/v0.1", "audit"},
    {"https://slsa.dev/verification_summary/v1", "verdict"},
    {"https://cardwarden.dev/predicate/waiver/v1", "waiver"},
    {"https://cardwarden.dev/predicate/review/v1", "review"},
    {"https://cardwarden.dev/predicate/key-rotation/v1", "key-rotation"},
    {"https://cardwarden.dev/predicate/time-stamp/v1", "time-stamp"},
}};

// The member as text; empty when it is not there.
std::string text_at(const json* object, const std::string& key) {
  const std::string* text = object == nullptr ? nullptr : text_member(*object, key);
  return text == nullptr ? std::string() : *text;
}

const json* object_at(const json* object, const std::string& key) {
  return object == nullptr ? nullptr : object_member(*object, key);
}

class Indexer {
 public:
  RecordIndex run(const json& statement) {
    const std::string type = text_at(&statement, "predicateType");
    out_.kind = "other";
    for (const auto& [uri, kind] : kKinds) {
      if (uri == type) out_.kind = kind;
    }
    subjects(statement);
    const json* predicate = object_member(statement, "predicate");
    const json* audit = object_at(predicate, "cardwardenAudit");
    const json* provenance = object_at(audit == nullptr ? predicate : audit, "provenance");
    if (provenance == nullptr) provenance = object_at(predicate, "cardwardenProvenance");
    out_.tenant = text_at(provenance, "tenant");
    out_.finished = parse_time(text_at(provenance, "finishedAt")).value_or(0);
    add("actor", text_at(provenance, "actor"));
    out_.result = text_at(predicate, "result");
    if (out_.result.empty()) out_.result = text_at(predicate, "verificationResult");
    out_.policy = text_at(object_at(object_at(predicate, "policy"), "digest"), "sha256");
    if (predicate != nullptr) configuration(*predicate);
    add("rule", text_at(predicate, "rule"));
    add("record", text_at(object_at(object_at(predicate, "record"), "digest"), "sha256"));
    for (const char* list : {"failedTests", "warnedTests"}) rules(predicate, list);
    if (audit != nullptr) findings(*audit);
    std::sort(out_.tags.begin(), out_.tags.end());
    out_.tags.erase(std::unique(out_.tags.begin(), out_.tags.end()), out_.tags.end());
    return std::move(out_);
  }

 private:
  void add(const char* name, const std::string& value) {
    // A NUL ends a text in PostgreSQL, so such a value cannot be looked for.
    if (value.empty() || value.size() > kMaxTagBytes || value.find('\0') != std::string::npos) return;
    if (out_.tags.size() < kMaxTags) out_.tags.emplace_back(name, value);
  }

  void subjects(const json& statement) {
    const json* list = array_member(statement, "subject");
    if (list == nullptr) return;
    for (const json& subject : *list) {
      add("subject", text_at(&subject, "name"));
      const json* digest = object_member(subject, "digest");
      if (digest == nullptr) continue;
      for (auto at = digest->begin(); at != digest->end(); ++at) {
        if (at->is_string()) add("digest", at.key() + ":" + at->get_ref<const std::string&>());
      }
    }
  }

  void configuration(const json& predicate) {
    const json* list = array_member(predicate, "configuration");
    if (list == nullptr) return;
    for (const json& one : *list) {
      if (text_at(&one, "name").compare(0, 7, "policy/") != 0) continue;
      out_.policy = text_at(object_member(one, "digest"), "sha256");
    }
  }

  void rules(const json* predicate, const char* name) {
    const json* list = predicate == nullptr ? nullptr : array_member(*predicate, name);
    if (list == nullptr) return;
    for (const json& rule : *list) {
      if (rule.is_string()) add("rule", rule.get_ref<const std::string&>());
    }
  }

  void findings(const json& audit) {
    add("findings", text_at(object_at(object_at(&audit, "findings"), "digest"), "sha256"));
    if (const json* disclosed = object_member(audit, "disclosed")) {
      for (auto at = disclosed->begin(); at != disclosed->end(); ++at) {
        if (at->is_number_unsigned() && at->get<std::uint64_t>() > 0) add("disclosure", at.key());
      }
    }
    const json* controls = array_member(audit, "controls");
    if (controls == nullptr) return;
    for (const json& control : *controls) {
      const json* verdicts = object_member(control, "verdicts");
      if (verdicts == nullptr) continue;
      const std::string name = text_at(&control, "framework") + "/" + text_at(&control, "provision");
      for (auto at = verdicts->begin(); at != verdicts->end(); ++at) add("control", name + ":" + at.key());
    }
  }

  RecordIndex out_;
};

bool storable(const RecordIndex& index) {
  for (const std::string* text : {&index.result, &index.policy, &index.tenant}) {
    if (text->size() > kMaxTagBytes || text->find('\0') != std::string::npos) return false;
  }
  return true;
}

}  // namespace

Result<NewRecord> index_record(std::string_view envelope) {
  const auto parsed = parse_envelope(envelope);
  if (!parsed) return parsed.error();
  const auto statement = parse_strict_json(parsed->payload, {.bytes = kMaxEnvelopeBytes});
  if (!statement) return statement.error();
  if (!statement->is_object())
    return Error(ErrorCode::format, "The payload of the envelope is no statement.");
  NewRecord out;
  out.index = Indexer().run(*statement);
  if (!storable(out.index)) {
    return Error(ErrorCode::format, "The result, policy or tenant of the record is too long or holds a NUL.");
  }
  out.id = sha256(envelope);
  out.envelope = envelope;
  return out;
}

}  // namespace cardwarden
