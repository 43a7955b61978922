// SPDX-License-Identifier: Apache-2.0
#include "evidence/detector.h"

#include <algorithm>

#include "base/text.h"

namespace cardwarden {
namespace {

// Text that stands where a value should, in lower case; the Hub's own templates write these.
constexpr std::string_view kEmptyValues[] = {"", "null", "~", "none", "n/a", "na", "tbd", "todo", "?", "-", "...",
                                             "[more information needed]", "more information needed", "[needs more information]",
                                             "unknown"};

bool is_empty_value(std::string_view value, const std::vector<std::string>& not_values) {
  const std::string folded = text::lower_ascii(text::trim(value));
  if (folded.find("{{") != std::string::npos) return true;
  return std::find(std::begin(kEmptyValues), std::end(kEmptyValues), folded) != std::end(kEmptyValues) ||
         std::find(not_values.begin(), not_values.end(), folded) != not_values.end();
}

// The first scalar below `node` that says something.
const yaml::Node* informative(const yaml::Node& node, const std::vector<std::string>& not_values) {
  if (node.is_scalar()) return is_empty_value(node.text, not_values) ? nullptr : &node;
  for (const yaml::Node& item : node.items) {
    if (const yaml::Node* found = informative(item, not_values)) return found;
  }
  for (const yaml::Entry& entry : node.entries) {
    if (const yaml::Node* found = informative(entry.value, not_values)) return found;
  }
  return nullptr;
}

void keep(std::vector<Evidence>& out, Evidence evidence) {
  if (out.size() < kMaxEvidence) out.push_back(evidence);
}

}  // namespace

void EvidenceReader::read(const Card& card) {
  read_prose(card, prose_);
  for (std::size_t i = 0; i < detectors_->field_paths_.size(); ++i) {
    for (const yaml::Node* node : fields(card, detectors_->field_paths_[i])) {
      if (node->is_scalar()) add_field_unit(card, node->span, static_cast<std::uint16_t>(i + 1), prose_);
    }
  }
  scan(card);
  mark_placeholders(card);
  mark_sections(card);
  disclosures_.clear();
  for (const Detector& detector : detectors_->detectors_) disclosures_.push_back(detect(detector, card));
}

void EvidenceReader::scan(const Card& card) {
  hits_.clear();
  scanner_.scan(card.text, prose_, hits_);
  const std::uint32_t groups = detectors_->lexicon_.group_count();
  stride_ = (groups + 63) / 64;
  unit_groups_.assign(prose_.units.size() * stride_, 0);
  group_first_.assign(groups + 1, 0);
  for (const Hit& hit : hits_) {
    const std::size_t bit = std::size_t{hit.unit} * stride_ * 64 + hit.group;
    unit_groups_[bit / 64] |= std::uint64_t{1} << (bit % 64);
    ++group_first_[hit.group + 1];
  }
  for (std::uint32_t group = 0; group < groups; ++group) group_first_[group + 1] += group_first_[group];
  by_group_.resize(hits_.size());
  std::vector<std::uint32_t>& next = group_first_;
  for (std::uint32_t i = 0; i < hits_.size(); ++i) by_group_[next[hits_[i].group]++] = i;
  // Each entry now stands one past its group: shift back.
  for (std::uint32_t group = groups; group > 0; --group) group_first_[group] = group_first_[group - 1];
  if (groups > 0) group_first_[0] = 0;
}

void EvidenceReader::mark_placeholders(const Card& card) {
  const GroupId placeholder = detectors_->placeholder_;
  placeholders_.clear();
  for (std::uint32_t i = 0; i < prose_.units.size(); ++i) {
    Unit& unit = prose_.units[i];
    if (unit.kind == UnitKind::code || unit.kind == UnitKind::heading) continue;
    unit.placeholder = unit_has(i, placeholder) || card.quote(unit.span).find("{{") != std::string_view::npos;
    if (unit.placeholder && unit.kind != UnitKind::field) placeholders_.push_back(i);
  }
}

void EvidenceReader::mark_sections(const Card& card) {
  section_stride_ = (detectors_->heading_sets_.size() + 63) / 64;
  section_sets_.assign(card.sections.size() * section_stride_, 0);
  any_section_.assign(section_stride_, 0);
  for (std::uint32_t i = 0; i < prose_.units.size(); ++i) {
    const Unit& unit = prose_.units[i];
    if (unit.kind != UnitKind::heading) continue;
    for (std::size_t set = 0; set < detectors_->heading_sets_.size(); ++set) {
      if (!unit_has(i, detectors_->heading_sets_[set])) continue;
      section_sets_[unit.section * section_stride_ + set / 64] |= std::uint64_t{1} << (set % 64);
    }
  }
  for (std::size_t section = 1; section < card.sections.size(); ++section) {
    const std::size_t parent = card.sections[section].parent;
    for (std::size_t word = 0; word < section_stride_; ++word) {
      section_sets_[section * section_stride_ + word] |= section_sets_[parent * section_stride_ + word];
      any_section_[word] |= section_sets_[section * section_stride_ + word];
    }
  }
}

double EvidenceReader::read_field(const FieldClue& clue, const Card& card, std::vector<Evidence>& out) const {
  if (clue.say) {
    for (std::uint32_t i = group_first_[*clue.say]; i < group_first_[*clue.say + 1]; ++i) {
      const Hit& hit = hits_[by_group_[i]];
      const Unit& unit = prose_.units[hit.unit];
      if (unit.kind != UnitKind::field || unit.field != clue.field || unit.placeholder) continue;
      const Word& last = prose_.words[hit.last_word - 1];
      keep(out, {unit.span, {prose_.words[hit.first_word].begin, last.begin + last.length}});
      return 1.0;
    }
    return 0.0;
  }
  for (const yaml::Node* node : fields(card, clue.path)) {
    if (const yaml::Node* value = informative(*node, clue.not_values)) {
      keep(out, {value->span, value->span});
      return 1.0;
    }
  }
  return 0.0;
}

bool EvidenceReader::fits(const Clue& clue, std::optional<GroupId> never, std::uint32_t index) const {
  const Unit& unit = prose_.units[index];
  if ((clue.kinds >> static_cast<unsigned>(unit.kind) & 1U) == 0) return false;
  if (unit.placeholder || unit.size() < clue.min_words) return false;
  if (clue.under && !section_has(unit.section, *clue.under)) return false;
  if (clue.unless && unit_has(index, *clue.unless)) return false;
  if (never && unit_has(index, *never)) return false;
  return !clue.with || unit_has(index, *clue.with);
}

bool EvidenceReader::read_section_clue(const Clue& clue, std::optional<GroupId> never, std::vector<Evidence>& out) const {
  if ((any_section_[*clue.under / 64] >> (*clue.under % 64) & 1U) == 0) return false;
  for (std::uint32_t i = 0; i < prose_.units.size(); ++i) {
    const Unit& unit = prose_.units[i];
    if (unit.kind == UnitKind::heading || unit.kind == UnitKind::field || !fits(clue, never, i)) continue;
    keep(out, {unit.span, unit.span});
    return true;
  }
  return false;
}

bool EvidenceReader::read_clue(const Clue& clue, std::optional<GroupId> never, std::vector<Evidence>& out) const {
  if (!clue.say) return read_section_clue(clue, never, out);
  for (std::uint32_t i = group_first_[*clue.say]; i < group_first_[*clue.say + 1]; ++i) {
    const Hit& hit = hits_[by_group_[i]];
    if (!fits(clue, never, hit.unit)) continue;
    const Word& first = prose_.words[hit.first_word];
    const Word& last = prose_.words[hit.last_word > hit.first_word ? hit.last_word - 1 : hit.first_word];
    keep(out, {prose_.units[hit.unit].span, {first.begin, last.begin + last.length}});
    return true;
  }
  return false;
}

std::optional<Evidence> EvidenceReader::find_placeholder(const Detector& detector) const {
  for (const std::uint32_t i : placeholders_) {
    const Unit& unit = prose_.units[i];
    const bool here = (detector.headings && section_has(unit.section, *detector.headings)) ||
                      (detector.labels && unit_has(i, *detector.labels));
    if (here) return Evidence{unit.span, unit.span};
  }
  return std::nullopt;
}

Disclosure EvidenceReader::detect(const Detector& detector, const Card& card) const {
  Disclosure result;
  result.id = detector.id;
  result.rule = detector.rule;
  double weight = 0.0;
  for (const FieldClue& clue : detector.fields) weight += read_field(clue, card, result.evidence);
  for (const Clue& clue : detector.clues) {
    if (result.evidence.size() >= kMaxEvidence && weight >= 1.0) break;
    if (read_clue(clue, detector.never, result.evidence)) weight += clue.weight;
  }
  if (weight >= 0.999) {
    result.status = Status::disclosed;
    return result;
  }
  result.evidence.clear();
  if (const auto placeholder = find_placeholder(detector)) {
    result.status = Status::placeholder;
    result.evidence.push_back(*placeholder);
  }
  return result;
}

bool EvidenceReader::applies(const AuditRule& rule, const Card& card, std::vector<Evidence>& quotes) const {
  const auto disclosed = [this](const std::string& id) { return is_disclosed(disclosures_, id); };
  const auto present = [&card](const std::string& path) {
    const auto found = fields(card, path);
    return std::any_of(found.begin(), found.end(), [](const yaml::Node* node) { return informative(*node, {}) != nullptr; });
  };
  if (std::any_of(rule.absent.begin(), rule.absent.end(), disclosed)) return false;
  if (!std::all_of(rule.disclosed.begin(), rule.disclosed.end(), disclosed)) return false;
  if (!std::all_of(rule.fields.begin(), rule.fields.end(), present)) return false;
  if (std::any_of(rule.no_fields.begin(), rule.no_fields.end(), present)) return false;
  if (rule.clues.empty()) return true;
  double weight = 0.0;
  for (const Clue& clue : rule.clues) {
    if (read_clue(clue, std::nullopt, quotes)) weight += clue.weight;
  }
  return weight >= 0.999;
}

}  // namespace cardwarden
