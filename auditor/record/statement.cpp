// SPDX-License-Identifier: Apache-2.0
#include "record/statement.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "base/time.h"

namespace cardwarden {
namespace {

using nlohmann::json;

constexpr std::string_view kAuditSchema = "cardwarden-audit/1";
constexpr std::string_view kFindingsType = "application/vnd.cardwarden.findings+json";
constexpr std::string_view kToolUri = "https://cardwarden.dev";
constexpr std::string_view kNamedSubject = "cardwarden-subject/1\n";

Error bad(std::string message) { return {ErrorCode::usage, std::move(message)}; }

Done check_subjects(const std::vector<StatementSubject>& subjects) {
  if (subjects.empty() || subjects.size() > kMaxSubjects) {
    return bad("A statement has 1 to " + std::to_string(kMaxSubjects) + " subjects (kMaxSubjects).");
  }
  std::set<std::string_view> names;
  for (const StatementSubject& subject : subjects) {
    if (subject.name.empty()) return bad("A subject of a statement has a name.");
    if (!names.insert(subject.name).second) return bad("Two subjects of the statement are named alike.");
    const auto sha256 = subject.digest.find("sha256");
    if (sha256 == subject.digest.end() || !hash_from_hex(sha256->second)) {
      return bad("The subject \"" + subject.name + "\" has no SHA-256 in 64 hexadecimal digits.");
    }
  }
  return Nothing{};
}

// Rules that were on for some card, with the worst severity of a finding that counts.
std::map<std::string, Severity> rules_run(const AuditInput& input) {
  std::map<std::string, Severity> out;
  for (const CardReport* report : input.reports) {
    if (!input.policy.concerns(report->card->kind)) continue;
    for (const KnownRule& rule : input.rules) {
      const bool of_kind = rule.kinds.empty() || std::find(rule.kinds.begin(), rule.kinds.end(),
                                                           report->card->kind) != rule.kinds.end();
      if (of_kind && input.policy.setting(rule.id, report->path) != nullptr)
        out.emplace(rule.id, Severity::off);
    }
    for (const JudgedFinding& finding : report->findings) {
      Severity& worst = out.emplace(std::string(finding.finding.rule), Severity::off).first->second;
      if (finding.counts()) worst = std::max(worst, finding.severity);
    }
  }
  return out;
}

json disclosed_counts(const AuditInput& input) {
  std::map<std::string, std::uint64_t> cards;
  for (const CardReport* report : input.reports) {
    if (report->disclosures == nullptr) continue;
    for (const Disclosure& one : *report->disclosures) {
      cards[std::string(one.id)] += one.status == Status::disclosed ? 1U : 0U;
    }
  }
  return cards;
}

// The verdicts of each provision, by how many cards have each.
json control_counts(const AuditInput& input) {
  std::map<std::pair<std::string, std::string>, std::map<std::string, std::uint64_t>> counts;
  for (const CardReport* report : input.reports) {
    for (const ControlVerdict& one : report->controls) {
      if (one.control == nullptr) continue;
      ++counts[{one.control->framework, one.control->provision}][std::string(to_string(one.verdict))];
    }
  }
  json out = json::array();
  for (const auto& [control, verdicts] : counts) {
    out.push_back({{"framework", control.first}, {"provision", control.second}, {"verdicts", verdicts}});
  }
  return out;
}

json audit_extension(const AuditInput& input, const Totals& totals, bool passed) {
  return {{"schema", kAuditSchema},
          {"provenance", provenance_json(input.provenance)},
          {"findings",
           {{"digest", {{"sha256", hex(input.findings.digest)}}},
            {"mediaType", kFindingsType},
            {"size", input.findings.size}}},
          {"gate", {{"passed", passed}, {"reason", passed ? "" : gate_reason(totals, input.policy.gate)}}},
          {"totals",
           {{"cards", totals.cards},
            {"errors", totals.errors},
            {"warnings", totals.warnings},
            {"infos", totals.infos},
            {"suppressed", totals.suppressed}}},
          {"disclosed", disclosed_counts(input)},
          {"controls", control_counts(input)},
          {"waivers", input.waivers}};
}

}  // namespace

StatementSubject file_subject(std::string name, const Hash& digest) {
  return {std::move(name), {{"sha256", hex(digest)}}};
}

StatementSubject named_subject(std::string name) {
  const Hash digest = sha256_of({kNamedSubject, name});
  return {std::move(name), {{"sha256", hex(digest)}}};
}

Result<Hash> manifest_digest(std::vector<ManifestEntry> entries) {
  std::sort(entries.begin(), entries.end(),
            [](const ManifestEntry& a, const ManifestEntry& b) { return a.path < b.path; });
  std::string lines;
  const std::string* before = nullptr;
  for (const ManifestEntry& entry : entries) {
    if (entry.path.empty() || entry.path.find('\n') != std::string::npos) {
      return bad("A path in a manifest is not empty and has no line end.");
    }
    if (before != nullptr && *before == entry.path)
      return bad("The manifest names \"" + entry.path + "\" twice.");
    before = &entry.path;
    lines += hex(entry.digest) + "  " + entry.path + "\n";
  }
  return sha256(lines);
}

json provenance_json(const Provenance& p) {
  json out = {{"actor", p.actor},
              {"tool", {{"name", "cardwarden"}, {"version", p.tool_version}, {"commit", p.tool_commit}}},
              {"startedAt", time_text(p.started)},
              {"finishedAt", time_text(p.finished)},
              {"keyId", p.key_id}};
  if (!p.tenant.empty()) out["tenant"] = p.tenant;
  if (!p.request_id.empty()) out["requestId"] = p.request_id;
  return out;
}

Done check_provenance(const Provenance& p) {
  if (p.actor.empty() || p.tool_version.empty())
    return bad("A record names its actor and the version of the tool.");
  if (!hash_from_hex(p.key_id)) return bad("A record names its signing key by a key id of 64 digits.");
  if (p.finished < p.started || p.finished > kMaxTime)
    return bad("A record ends after it began, before the year 10000.");
  return Nothing{};
}

Result<std::string> statement_json(const std::vector<StatementSubject>& subjects,
                                   std::string_view predicate_type, const json& predicate) {
  if (auto good = check_subjects(subjects); !good) return good.error();
  json list = json::array();
  for (const StatementSubject& subject : subjects)
    list.push_back({{"name", subject.name}, {"digest", subject.digest}});
  return canonical_json({{"_type", "https://in-toto.io/Statement/v1"},
                         {"subject", std::move(list)},
                         {"predicateType", predicate_type},
                         {"predicate", predicate}});
}

Result<std::string> audit_statement(const AuditInput& input) {
  if (auto good = check_provenance(input.provenance); !good) return good.error();
  Totals totals;
  for (const CardReport* report : input.reports) totals.add(*report, input.policy.gate);
  const bool passed = gate_passes(totals, input.policy.gate);
  json passed_tests = json::array();
  json warned_tests = json::array();
  json failed_tests = json::array();
  for (const auto& [rule, worst] : rules_run(input)) {
    (worst == Severity::error     ? failed_tests
     : worst == Severity::warning ? warned_tests
                                  : passed_tests)
        .push_back(rule);
  }
  const char* result = !passed ? "FAILED" : totals.errors + totals.warnings > 0 ? "WARNED" : "PASSED";
  json configuration = json::array({{{"name", "policy/" + input.policy.name},
                                     {"digest", {{"sha256", input.policy.digest}}},
                                     {"annotations", {{"version", input.policy.version}}}},
                                    {{"name", "rules"}, {"digest", {{"sha256", input.rules_digest}}}}});
  for (const NamedInput& one : input.inputs)
    configuration.push_back({{"name", one.name}, {"digest", {{"sha256", hex(one.digest)}}}});
  const json predicate = {{"result", result},
                          {"configuration", std::move(configuration)},
                          {"passedTests", std::move(passed_tests)},
                          {"warnedTests", std::move(warned_tests)},
                          {"failedTests", std::move(failed_tests)},
                          {"cardwardenAudit", audit_extension(input, totals, passed)}};
  return statement_json(input.subjects, kTestResultType, predicate);
}

Result<std::string> verdict_statement(const VerdictInput& input) {
  if (auto good = check_provenance(input.provenance); !good) return good.error();
  if (input.resource_uri.empty() || input.policy_name.empty() || !hash_from_hex(input.policy_digest)) {
    return bad("A verdict names its resource and its policy with a digest.");
  }
  const std::string_view result = input.passed ? "PASSED" : "FAILED";
  // A level of ours may not begin with SLSA_. "FAILED" is the level that the specification has for a failure.
  const std::string level = input.passed ? "CARDWARDEN_GATE" : "FAILED";
  const json predicate = {
      {"verifier", {{"id", kToolUri}, {"version", {{"cardwarden", input.provenance.tool_version}}}}},
      {"timeVerified", time_text(input.provenance.finished)},
      {"resourceUri", input.resource_uri},
      {"policy",
       {{"uri", std::string(kToolUri) + "/policies/" + input.policy_name},
        {"digest", {{"sha256", input.policy_digest}}}}},
      {"inputAttestations", json::array({{{"digest", {{"sha256", hex(input.audit_envelope)}}}}})},
      {"verificationResult", result},
      {"verifiedLevels", json::array({level})},
      {"slsaVersion", "1.0"},
      {"cardwardenProvenance", provenance_json(input.provenance)}};
  return statement_json(input.subjects, kVerdictType, predicate);
}

}  // namespace cardwarden
