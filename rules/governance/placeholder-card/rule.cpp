// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <algorithm>

#include "base/text.h"

namespace cardwarden::rules {
namespace {

// Per section: whether text, a table, code or a subsection follows its heading.
std::vector<bool> sections_with_content(const Card& card) {
  std::vector<bool> filled(card.sections.size(), false);
  for (const Block& block : card.blocks) {
    if (block.kind != BlockKind::heading) filled[block.section] = true;
  }
  for (const Section& section : card.sections) filled[section.parent] = true;
  return filled;
}

}  // namespace

std::vector<Finding> governance_placeholder_card(const Subject& subject) {
  const Card& card = subject.card;
  std::vector<Evidence> template_text;
  std::vector<Evidence> empty_headings;
  for (const Unit& unit : subject.prose.units) {
    if (unit.kind == UnitKind::field || unit.kind == UnitKind::code || !unit.placeholder) continue;
    if (!subject.phrases.in(unit, "announcement")) template_text.push_back({unit.span, unit.span});
  }
  const std::vector<bool> filled = sections_with_content(card);
  for (const Said& said : subject.phrases.said("promise")) {
    const std::uint32_t index = subject.phrases.unit(said).section;
    const Section& section = card.sections[index];
    if (section.style != HeadingStyle::bold && !filled[index] && !card.truncated)
      empty_headings.push_back({section.title, section.title});
  }
  if (template_text.empty() && empty_headings.empty()) return {};

  std::vector<std::string> parts;
  if (!template_text.empty())
    parts.push_back(text::plural(template_text.size(), "place holds", "places hold") + " only template text");
  if (!empty_headings.empty())
    parts.push_back(text::plural(empty_headings.size(), "heading stands", "headings stand") +
                    " over nothing");
  std::vector<Evidence> all = template_text;
  all.insert(all.end(), empty_headings.begin(), empty_headings.end());
  std::sort(all.begin(), all.end(),
            [](const Evidence& a, const Evidence& b) { return a.span.begin < b.span.begin; });
  if (all.size() > kMaxEvidence) all.resize(kMaxEvidence);

  Finding finding = violated(all.front().span, "The card was not filled in: " + text::join(parts, "; ") + ".",
                             "Write the facts that these headings and fields ask for, say why a fact cannot "
                             "be given, or delete the field.",
                             "template");
  finding.outcome = Outcome::placeholder;
  finding.evidence = std::move(all);
  return {finding};
}

}  // namespace cardwarden::rules
