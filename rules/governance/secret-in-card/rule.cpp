// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include "evidence/secrets.h"

namespace cardwarden::rules {

std::vector<Finding> governance_secret_in_card(const Subject& subject) {
  const std::string_view s = subject.card.text;
  std::vector<Finding> findings;
  for (const Secret& secret : find_secrets(s)) {
    findings.push_back(
        violated(secret.span, "The card holds what looks like " + named_secret(s, secret) + ".",
                 "Revoke the secret at its provider now, then remove it from the card and from the history.",
                 "secret[" + std::to_string(findings.size()) + "]"));
    findings.back().sensitive = true;
  }
  return findings;
}

}  // namespace cardwarden::rules
