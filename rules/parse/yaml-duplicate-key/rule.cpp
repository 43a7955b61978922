// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

namespace cardwarden::rules {

std::vector<Finding> parse_yaml_duplicate_key(const Subject& subject) {
  std::vector<Finding> findings = findings_of_diagnostics(
      subject, "parse/yaml-duplicate-key", "Keep one entry of this key and delete the others.");
  for (Finding& finding : findings) finding.key = subject.card.quote(finding.span);
  return findings;
}

}  // namespace cardwarden::rules
