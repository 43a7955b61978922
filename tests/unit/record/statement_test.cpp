// SPDX-License-Identifier: Apache-2.0
#include "record/statement.h"

#include <catch2/catch.hpp>
#include <functional>
#include <nlohmann/json.hpp>

#include "crypto/strict_json.h"
#include "unit/record/support.h"

using namespace cardwarden;
using namespace cardwarden::test;
using nlohmann::json;

namespace {

json parsed(const std::string& text) { return parse_canonical_json(text).value(); }

}  // namespace

TEST_CASE("statement: an audit without findings has passed, rules are its tests") {
  const AuditedCard audited;
  const json statement = parsed(audit_statement(audited.input(rfc_key())).value());
  CHECK(statement["_type"] == "https://in-toto.io/Statement/v1");
  CHECK(statement["predicateType"] == "https://in-toto.io/attestation/test-result/v0.1");
  CHECK(statement["subject"] ==
        json::array({{{"name", "README.md"}, {"digest", {{"sha256", hex(sha256(audited.bytes))}}}}}));
  const json& predicate = statement["predicate"];
  CHECK(predicate["result"] == "PASSED");
  CHECK(predicate["passedTests"] == json::array({"model-card/compute", "model-card/license"}));
  CHECK(predicate["failedTests"] == json::array());
  CHECK(predicate["configuration"][0]["digest"]["sha256"] == audited.policy.digest);
  CHECK(predicate["configuration"][1]["digest"]["sha256"] == std::string(64, 'a'));
  const json& audit = predicate["cardwardenAudit"];
  CHECK(audit["provenance"]["startedAt"] == "2023-11-14T22:13:20Z");
  CHECK(audit["provenance"]["keyId"] == key_id(rfc_key().public_key()));
  CHECK(audit["findings"]["digest"]["sha256"] == hex(findings_document({&audited.report}).ref.digest));
}

TEST_CASE("statement: a warning warns, an error fails, a suppressed finding does neither") {
  const AuditedCard warned({about_card("model-card/compute")});
  json predicate = parsed(audit_statement(warned.input(rfc_key())).value())["predicate"];
  CHECK(predicate["result"] == "WARNED");
  CHECK(predicate["warnedTests"] == json::array({"model-card/compute"}));
  AuditedCard failed({about_card("model-card/license"), about_card("model-card/compute")});
  predicate = parsed(audit_statement(failed.input(rfc_key())).value())["predicate"];
  CHECK(predicate["result"] == "FAILED");
  CHECK(predicate["failedTests"] == json::array({"model-card/license"}));
  CHECK(predicate["cardwardenAudit"]["gate"]["passed"] == false);
  CHECK(predicate["cardwardenAudit"]["totals"]["errors"] == 1);
  for (JudgedFinding& one : failed.report.findings) one.suppression = SuppressionKind::baseline;
  predicate = parsed(audit_statement(failed.input(rfc_key())).value())["predicate"];
  CHECK(predicate["result"] == "PASSED");
  CHECK(predicate["cardwardenAudit"]["totals"]["suppressed"] == 2);
}

TEST_CASE("statement: the same inputs give the same bytes, and no number in them is a fraction") {
  const AuditedCard first({about_card("model-card/license")});
  const AuditedCard second({about_card("model-card/license")});
  CHECK(audit_statement(first.input(rfc_key())).value() == audit_statement(second.input(rfc_key())).value());
  CHECK(findings_document({&first.report}).json == findings_document({&second.report}).json);
  const std::function<void(const json&)> check = [&check](const json& value) {
    CHECK_FALSE(value.is_number_float());
    for (const json& inner : value) {
      if (value.is_structured()) check(inner);
    }
  };
  check(parsed(audit_statement(first.input(rfc_key())).value()));
  check(parsed(findings_document({&first.report}).json));
}

TEST_CASE("statement: a subject needs a name of its own and a SHA-256") {
  const AuditedCard audited;
  const auto with = [&audited](std::vector<StatementSubject> subjects) {
    AuditInput input = audited.input(rfc_key());
    input.subjects = std::move(subjects);
    return audit_statement(input);
  };
  const StatementSubject good = file_subject("a", sha256("a"));
  CHECK(with({good, {"commit", {{"gitCommit", std::string(40, '1')}, {"sha256", std::string(64, '2')}}}})
            .has_value());
  CHECK_FALSE(with({}).has_value());
  CHECK_FALSE(with({good, good}).has_value());
  CHECK_FALSE(with({{"", good.digest}}).has_value());
  CHECK_FALSE(with({{"commit", {{"gitCommit", std::string(40, '1')}}}}).has_value());
  CHECK_FALSE(with({{"a", {{"sha256", std::string(64, 'A')}}}}).has_value());
  std::vector<StatementSubject> many;
  for (std::size_t i = 0; i <= kMaxSubjects; ++i)
    many.push_back(file_subject(std::to_string(i), sha256("x")));
  CHECK(with(many).error().message.find("kMaxSubjects") != std::string::npos);
}

TEST_CASE("statement: who, when and by which key must be said") {
  const AuditedCard audited;
  const auto with = [&audited](void (*change)(Provenance&)) {
    AuditInput input = audited.input(rfc_key());
    change(input.provenance);
    return audit_statement(input).has_value();
  };
  CHECK(with([](Provenance& p) { p.tenant = "t"; }));
  CHECK_FALSE(with([](Provenance& p) { p.actor.clear(); }));
  CHECK_FALSE(with([](Provenance& p) { p.key_id = "short"; }));
  CHECK_FALSE(with([](Provenance& p) { p.finished = p.started - 1; }));
  CHECK_FALSE(with([](Provenance& p) { p.tool_version.clear(); }));
}

TEST_CASE("findings: quotes are there, a secret is not") {
  const std::string secret = "alpha beta";
  Finding finding = at_words(card_of("# Title\nalpha beta gamma\n"), "governance/secret-in-card", secret);
  finding.sensitive = true;
  finding.message = "There is a secret: alpha beta.";
  const AuditedCard audited({finding, about_card("model-card/license")});
  const std::string document = findings_document({&audited.report}).json;
  CHECK(document.find(secret) == std::string::npos);
  const json card = parsed(document)["cards"][0];
  CHECK(card["textSha256"] == hex(sha256(audited.card.text)));
  CHECK(card["findings"].back()["rule"] == "model-card/license");
  CHECK(card["findings"].back()["place"].is_null());
}

TEST_CASE("manifest: sorted by path, one line an entry, as sha256sum writes it") {
  const Hash a = sha256("a");
  const Hash b = sha256("b");
  CHECK(manifest_digest({{"z", b}, {"a/b", a}}).value() == sha256(hex(a) + "  a/b\n" + hex(b) + "  z\n"));
  CHECK(manifest_digest({{"a/b", a}, {"z", b}}).value() == manifest_digest({{"z", b}, {"a/b", a}}).value());
  CHECK(manifest_digest({}).value() == sha256(""));
  CHECK_FALSE(manifest_digest({{"a", a}, {"a", b}}).has_value());
  CHECK_FALSE(manifest_digest({{"a\nb", a}}).has_value());
  CHECK_FALSE(manifest_digest({{"", a}}).has_value());
}

TEST_CASE("verdict: names the audit by its envelope, and passes or fails") {
  VerdictInput input{{file_subject("README.md", sha256("x"))},
                     "https://example.com/m",
                     "team",
                     std::string(64, 'b'),
                     sha256("envelope"),
                     true,
                     provenance(rfc_key())};
  json predicate = parsed(verdict_statement(input).value())["predicate"];
  CHECK(predicate["verificationResult"] == "PASSED");
  CHECK(predicate["inputAttestations"] == json::array({{{"digest", {{"sha256", hex(sha256("envelope"))}}}}}));
  CHECK(predicate["verifiedLevels"] == json::array({"CARDWARDEN_GATE"}));
  CHECK(predicate["timeVerified"] == "2023-11-14T22:13:21Z");
  input.passed = false;
  predicate = parsed(verdict_statement(input).value())["predicate"];
  CHECK(predicate["verificationResult"] == "FAILED");
  CHECK(predicate["verifiedLevels"] == json::array({"FAILED"}));
  input.resource_uri.clear();
  CHECK_FALSE(verdict_statement(input).has_value());
}
