// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include "base/text.h"

namespace cardwarden::rules {

std::vector<Finding> governance_superseded(const Subject& subject) {
  std::vector<Finding> findings;
  const yaml::Node* newer = field(subject.card, "new_version");
  if (newer != nullptr && newer->is_scalar() && !text::trim(newer->text).empty()) {
    findings.push_back(violated(newer->span,
                                "The card names a newer version: " + text::excerpt(newer->text, 100) + ".",
                                "Use the newer version, or say why this one is kept.", "new_version"));
  }
  for (const Said& said : subject.phrases.said("deprecated")) {
    if (subject.phrases.in(subject.phrases.unit(said), "others")) continue;
    const Evidence evidence = subject.phrases.evidence(said);
    Finding finding = violated(evidence.words, "The card says that this is deprecated or superseded.",
                               "Use what takes its place, or say why this one is kept.", "deprecated");
    finding.evidence = {evidence};
    findings.push_back(std::move(finding));
    break;
  }
  return findings;
}

}  // namespace cardwarden::rules
