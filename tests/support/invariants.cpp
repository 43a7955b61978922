// SPDX-License-Identifier: Apache-2.0
#include "support/invariants.h"

#include "base/text.h"

namespace cardwarden::testing {
namespace {

std::string show(Span span) {
  return "[" + std::to_string(span.begin) + ", " + std::to_string(span.end) + ")";
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

bool between_characters(const std::string& text, std::uint32_t at) {
  return at >= text.size() || !is_continuation(text[at]);
}

std::string broken_span(const Card& card, Span span, const std::string& what) {
  if (span.begin > span.end) return what + " " + show(span) + " ends before it begins";
  if (span.end > card.text.size()) return what + " " + show(span) + " ends behind the text";
  if (!between_characters(card.text, span.begin))
    return what + " " + show(span) + " begins inside a character";
  if (!between_characters(card.text, span.end)) return what + " " + show(span) + " ends inside a character";
  return {};
}

bool is_utf8(const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const char32_t code_point = text::decode(text, at);
    if (code_point == 0) return false;
    if (code_point == 0xFFFD && text.substr(begin, at - begin) != "\xEF\xBF\xBD") return false;
  }
  return true;
}

std::string broken_node(const Card& card, const yaml::Node& node) {
  std::string broken = broken_span(card, node.span, "a value of the front matter");
  for (const yaml::Node& item : node.items) {
    if (broken.empty()) broken = broken_node(card, item);
  }
  for (const yaml::Entry& entry : node.entries) {
    if (broken.empty()) broken = broken_node(card, entry.key);
    if (broken.empty()) broken = broken_node(card, entry.value);
  }
  return broken;
}

std::string broken_front_matter(const Card& card) {
  const FrontMatter& front = card.front_matter;
  std::string broken = broken_span(card, front.block, "the metadata block");
  if (broken.empty()) broken = broken_span(card, front.yaml, "the metadata");
  if (!broken.empty()) return broken;
  if (!front.block.contains(front.yaml)) return "the metadata lies outside its fences";
  if (!front.root.is_null() && !front.root.is_mapping())
    return "the metadata is neither a mapping nor nothing";
  return broken_node(card, front.root);
}

std::string broken_section(const Card& card, std::size_t index) {
  const Section& section = card.sections[index];
  const std::string name = "section " + std::to_string(index);
  std::string broken = broken_span(card, section.span, name);
  if (broken.empty()) broken = broken_span(card, section.title, "the title of " + name);
  if (!broken.empty()) return broken;
  if (!card.body.contains(section.span)) return name + " lies outside the body";
  if (index == 0) return section.level == 0 && section.parent == 0 ? "" : "section 0 is not the root";
  if (!section.span.contains(section.title)) return "the title of " + name + " lies outside it";
  if (section.level < 1 || section.level > 7) return name + " has level " + std::to_string(section.level);
  if (section.style == HeadingStyle::none) return name + " has no style";
  if (section.parent >= index) return name + " has a later parent";
  const Section& parent = card.sections[section.parent];
  if (section.parent != 0 && parent.level >= section.level)
    return name + " stands below a parent of its own level";
  if (section.parent != 0 && !parent.span.contains(section.span)) return name + " reaches out of its parent";
  if (card.sections[index - 1].span.begin > section.span.begin)
    return name + " begins before the section before it";
  return {};
}

std::string broken_block(const Card& card, std::size_t index) {
  const Block& block = card.blocks[index];
  const std::string name = "block " + std::to_string(index);
  if (std::string broken = broken_span(card, block.span, name); !broken.empty()) return broken;
  if (block.span.empty()) return name + " is empty";
  if (!card.body.contains(block.span)) return name + " lies outside the body";
  if (block.section >= card.sections.size()) return name + " names a section that is not there";
  if (block.section != 0 && !card.sections[block.section].span.contains(block.span)) {
    return name + " lies outside its section";
  }
  if (index > 0 && card.blocks[index - 1].span.begin > block.span.begin)
    return name + " begins before the block before it";
  return {};
}

}  // namespace

std::string broken_card(const Card& card) {
  if (!is_utf8(card.text)) return "the text is not UTF-8 without zero bytes";
  std::string broken = broken_span(card, card.body, "the body");
  if (broken.empty()) broken = broken_front_matter(card);
  if (!broken.empty()) return broken;
  if (card.sections.empty()) return "the card has no section 0";
  for (std::size_t i = 0; i < card.sections.size(); ++i) {
    if (broken = broken_section(card, i); !broken.empty()) return broken;
  }
  for (std::size_t i = 0; i < card.blocks.size(); ++i) {
    if (broken = broken_block(card, i); !broken.empty()) return broken;
  }
  for (const Diagnostic& diagnostic : card.diagnostics) {
    if (diagnostic.rule.substr(0, 6) != "parse/")
      return "a diagnostic names the rule " + std::string(diagnostic.rule);
    if (diagnostic.message.empty()) return "a diagnostic says nothing";
    broken = broken_span(card, diagnostic.span, "the diagnostic " + std::string(diagnostic.rule));
    if (!broken.empty()) return broken;
  }
  return {};
}

std::string broken_prose(const Card& card, const Prose& prose) {
  std::uint32_t next = 0;
  for (std::size_t i = 0; i < prose.units.size(); ++i) {
    const Unit& unit = prose.units[i];
    const std::string name = "unit " + std::to_string(i);
    if (std::string broken = broken_span(card, unit.span, name); !broken.empty()) return broken;
    if (unit.first_word >= unit.last_word || unit.last_word > prose.words.size())
      return name + " has no words";
    if (unit.first_word < next) return name + " shares words with the unit before it";
    next = unit.last_word;
    if (unit.section >= card.sections.size()) return name + " names a section that is not there";
    if (unit.kind != UnitKind::field && unit.block >= card.blocks.size())
      return name + " names a block that is not there";
    for (std::uint32_t w = unit.first_word; w < unit.last_word; ++w) {
      const Word& word = prose.words[w];
      const Span span{word.begin, word.begin + word.length};
      if (std::string broken = broken_span(card, span, "a word of " + name); !broken.empty()) return broken;
      if (!unit.span.contains(span))
        return "the word " + show(span) + " lies outside " + name + " " + show(unit.span);
      if (w > unit.first_word && span.begin < prose.words[w - 1].begin + prose.words[w - 1].length) {
        return "two words of " + name + " overlap";
      }
    }
  }
  return {};
}

std::string broken_disclosures(const Card& card, const Disclosures& disclosures) {
  for (std::size_t i = 0; i < disclosures.size(); ++i) {
    const Disclosure& one = disclosures[i];
    const std::string name = "the disclosure " + std::string(one.id);
    if (i > 0 && !(disclosures[i - 1].id < one.id)) return name + " is out of order";
    if (one.evidence.size() > kMaxEvidence) return name + " has too many quotes";
    if (one.status == Status::disclosed && one.evidence.empty()) return name + " has no words";
    for (const Evidence& evidence : one.evidence) {
      std::string broken = broken_span(card, evidence.span, "the evidence of " + name);
      if (broken.empty()) broken = broken_span(card, evidence.words, "the words of " + name);
      if (!broken.empty()) return broken;
      if (one.status == Status::disclosed && evidence.span.empty()) return name + " quotes nothing";
      if (!evidence.words.empty() && !evidence.span.contains(evidence.words))
        return "the words of " + name + " lie outside their quote";
    }
  }
  return {};
}

std::string broken_finding(const Card& card, const Finding& finding) {
  const std::string name = "the finding of " + std::string(finding.rule);
  if (finding.rule.empty()) return "a finding names no rule";
  if (finding.outcome == Outcome::not_assessable) return {};  // a rule that needs more than the card
  if (!is_problem(finding.outcome)) return name + " is no problem";
  if (finding.message.empty()) return name + " says nothing";
  std::string broken = broken_span(card, finding.span, name);
  for (const Evidence& evidence : finding.evidence) {
    if (broken.empty()) broken = broken_span(card, evidence.span, "a quote of " + name);
    if (broken.empty()) broken = broken_span(card, evidence.words, "the words of " + name);
  }
  return broken;
}

}  // namespace cardwarden::testing
