// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <algorithm>

#include "base/text.h"
#include "evidence/query.h"

namespace cardwarden::rules {
namespace {

// Headings that promise a fact. A title, a caption or a sentence set as a heading promises none.
bool promises(const Card& card, std::uint32_t section) {
  static const query::Phrases kPromise(
      "use*|usage|intended use*|limitation*|bias*|risk*|training|training data|training procedure|"
      "evaluation|evaluation results|results|license|licence|citation|description|model description|"
      "dataset description|dataset summary|summary|languages|data fields|data instances|data splits|"
      "source data|annotations|annotation process|curation rationale|"
      "personal and sensitive information|social impact*|ethical considerations|environmental impact|"
      "metrics|factors|contact|how to use|how to get started*|preprocessing|hyperparameters|"
      "training hyperparameters|framework versions|out of scope*|contributions|acknowledgements");
  if (card.sections[section].style == HeadingStyle::bold) return false;
  const std::string title = query::title(card, section);
  const auto words = std::count(title.begin(), title.end(), ' ') + 1;
  const auto hit = kPromise.find(title);
  return hit && hit->word == 0 && words <= static_cast<std::ptrdiff_t>(hit->count) + 3;
}

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
  static const query::Phrases kAnnouncement("coming soon");  // says nothing yet, but somebody wrote it
  for (const Unit& unit : subject.prose.units) {
    if (unit.kind == UnitKind::field || unit.kind == UnitKind::code || !unit.placeholder) continue;
    if (!kAnnouncement.find(card, subject.prose, unit)) template_text.push_back({unit.span, unit.span});
  }
  const std::vector<bool> filled = sections_with_content(card);
  for (std::uint32_t section = 1; section < card.sections.size() && !card.truncated; ++section) {
    const Span title = card.sections[section].title;
    if (promises(card, section) && !filled[section]) empty_headings.push_back({title, title});
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
