// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <optional>
#include <string>

namespace cardwarden::rules {

// The parser has its own bound; a policy may set a lower one with `max-blocks`.
std::vector<Finding> parse_too_many_blocks(const Subject& subject) {
  const std::string remedy = "Move long tables and lists into files of their own.";
  std::vector<Finding> findings = findings_of_diagnostics(subject, "parse/too-many-blocks", remedy);
  const std::optional<std::size_t> bound = whole_number(subject.parameters, "max-blocks");
  const std::size_t size = subject.card.blocks.size();
  if (!findings.empty() || !bound || size <= *bound) return findings;
  const Span at = subject.card.blocks[*bound].span;
  findings.push_back(violated(
      at,
      "The card has " + std::to_string(size) + " blocks; the policy allows " + std::to_string(*bound) + ".",
      remedy));
  return findings;
}

}  // namespace cardwarden::rules
