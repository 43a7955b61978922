// SPDX-License-Identifier: Apache-2.0
#pragma once
// A judged card, its policy and a key, for the tests of records.

#include <string>
#include <utility>
#include <vector>

#include "card/parse.h"
#include "crypto/private_key.h"
#include "record/findings.h"
#include "record/statement.h"
#include "unit/policy/support.h"

namespace cardwarden::test {

inline PrivateKey rfc_key() {  // RFC 8032 section 7.1, test 1
  return PrivateKey::ed25519_from_seed(
             bytes_from_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60").value())
      .value();
}

inline PrivateKey other_key() { return PrivateKey::ed25519_from_seed(std::string(32, 'o')).value(); }

inline Provenance provenance(const Signer& signer) {
  Provenance out;
  out.actor = "service:ci";
  out.tool_version = "0.1.0";
  out.tool_commit = "unknown";
  out.started = 1'700'000'000;
  out.finished = 1'700'000'001;
  out.key_id = key_id(signer.public_key());
  return out;
}

// One card with the findings given, judged by a policy that makes licences errors and all else warnings.
struct AuditedCard {
  std::string bytes = "# Title\nalpha beta gamma\n";
  Card card;
  Disclosures disclosures;
  Policy policy;
  KnownRules rules = some_rules();
  CardReport report;

  explicit AuditedCard(std::vector<Finding> findings = {}) {
    policy =
        policy_of(
            "name: team\nversion: '7'\nrules: {model-card/license: error, model-card/compute: warning}\n")
            .value();
    policy.digest = std::string(64, 'b');  // so that the vector does not hang on the form of policies
    card = card_of(bytes);
    report = judge({card, disclosures, policy, rules}, std::move(findings));
  }
  AuditedCard(const AuditedCard&) = delete;
  AuditedCard& operator=(const AuditedCard&) = delete;

  AuditInput input(const Signer& signer) const {
    return {
        {file_subject("README.md", sha256(bytes))}, {&report},          policy, rules, std::string(64, 'a'),
        findings_document({&report}).ref,           provenance(signer), {}};
  }
};

}  // namespace cardwarden::test
