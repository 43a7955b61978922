// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <optional>
#include <string>

namespace cardwarden::rules {

// The parser has its own bound; a policy may set a lower one with `max-bytes`.
std::vector<Finding> parse_too_large(const Subject& subject) {
  const std::string remedy = "Move tables, logs and generated metadata into files of their own.";
  std::vector<Finding> findings = findings_of_diagnostics(subject, "parse/too-large", remedy);
  const std::optional<std::size_t> bound = whole_number(subject.parameters, "max-bytes");
  const std::size_t size = subject.card.text.size();
  if (!findings.empty() || !bound || size <= *bound) return findings;
  const Span at = subject.card.lines.line(subject.card.text,
                                          subject.card.lines.line_of(static_cast<std::uint32_t>(*bound)));
  findings.push_back(violated(
      at,
      "The card has " + std::to_string(size) + " bytes; the policy allows " + std::to_string(*bound) + ".",
      remedy));
  return findings;
}

}  // namespace cardwarden::rules
