// SPDX-License-Identifier: Apache-2.0
#include "evidence/detector.h"

#include <algorithm>
#include <bit>

#include "base/text.h"

namespace cardwarden {
namespace {

constexpr double kEnough = 0.999;  // clues add up to 1, give or take what doubles lose

// Text that stands where a value should, in lower case; the Hub's own templates write these.
constexpr std::string_view kEmptyValues[] = {"",
                                             "null",
                                             "~",
                                             "none",
                                             "n/a",
                                             "na",
                                             "tbd",
                                             "todo",
                                             "?",
                                             "-",
                                             "...",
                                             "[more information needed]",
                                             "more information needed",
                                             "[needs more information]",
                                             "unknown"};

bool is_empty_value(std::string_view value, const std::vector<std::string>& not_values) {
  const std::string folded = text::lower_ascii(text::trim(value));
  if (folded.find("{{") != std::string::npos) return true;
  return std::find(std::begin(kEmptyValues), std::end(kEmptyValues), folded) != std::end(kEmptyValues) ||
         std::find(not_values.begin(), not_values.end(), folded) != not_values.end();
}

// The first scalar below `node` that says something.
const yaml::Node* informative(const yaml::Node& node, const std::vector<std::string>& not_values) {
  const bool quotable = !node.span.empty();  // a tag alone has a value, but no words
  if (node.is_scalar()) return !quotable || is_empty_value(node.text, not_values) ? nullptr : &node;
  for (const yaml::Node& item : node.items) {
    if (const yaml::Node* found = informative(item, not_values)) return found;
  }
  for (const yaml::Entry& entry : node.entries) {
    if (const yaml::Node* found = informative(entry.value, not_values)) return found;
  }
  return nullptr;
}

// Whether a clue's words count only below its heading. In a heading they are read before it is known.
bool waits_for_heading(const Clue& clue) { return clue.under && (clue.kinds & bit(UnitKind::heading)) == 0; }

void keep(std::vector<Evidence>& out, Evidence evidence) {
  if (out.size() < kMaxEvidence) out.push_back(evidence);
}

}  // namespace

void Detectors::make_index() {
  std::vector<std::vector<std::uint32_t>> of_group(lexicon_.group_count());
  std::vector<std::vector<std::uint32_t>> of_set(heading_sets_.size());
  std::vector<std::vector<std::uint32_t>> below(heading_sets_.size());
  std::vector<std::vector<std::uint32_t>> sets(lexicon_.group_count());
  for (std::uint32_t i = 0; i < clues_.size(); ++i) {
    const Clue& clue = clues_[i];
    if (!clue.say) {
      of_set[*clue.under].push_back(i);
      continue;
    }
    of_group[*clue.say].push_back(i);
    if (waits_for_heading(clue)) below[*clue.under].push_back(i);
  }
  for (std::uint32_t set = 0; set < heading_sets_.size(); ++set) sets[heading_sets_[set]].push_back(set);
  for (const auto& list : of_group) clues_of_group_.add(list);
  for (const auto& list : of_set) clues_of_set_.add(list);
  std::vector<std::vector<std::uint32_t>> named(lexicon_.group_count());
  for (std::uint32_t i = 0; i < phrases_.size(); ++i) {
    if (phrases_[i].kinds != 0) named[phrases_[i].group].push_back(i);
  }
  for (const auto& list : named) phrases_of_group_.add(list);
  for (const auto& list : below) said_below_.add(list);
  for (const auto& list : sets) sets_of_group_.add(list);
}

// What these clues wait for, and what they ask where something was said.
void EvidencePlan::take_on(std::uint32_t first_clue, std::uint32_t last_clue, Sought& sought) {
  for (std::uint32_t i = first_clue; i < last_clue; ++i) {
    const Clue& clue = detectors_->clues_[i];
    clues_[i] = ClueState::open;
    if (clue.say) sought.read[*clue.say] = true;
    if (clue.say && !waits_for_heading(clue)) ++waits_[*clue.say];
    if (clue.under) ++waits_[detectors_->heading_sets_[*clue.under]];
    for (const auto& group : {clue.with, clue.unless, clue.never}) {
      if (group) sought.asked[*group] = true;
    }
  }
}

void EvidencePlan::take_on(const Detector& detector, Sought& sought) {
  take_on(detector.first_clue, detector.last_clue, sought);
  asked_detectors_.push_back(&detector);
  if (detector.headings) ++waits_[detectors_->heading_sets_[*detector.headings]];
  if (detector.labels) sought.asked[*detector.labels] = true;
  for (const FieldClue& field : detector.fields) {
    if (!field.say) continue;
    ++waits_[*field.say];
    field_paths_[field.field - 1U] = true;
  }
}

Sought EvidencePlan::take_on_all(const Asked& asked) {
  const std::vector<bool> none(waits_.size(), false);
  Sought sought{none, none, none};
  if (!waits_.empty()) ++waits_[detectors_->placeholder_];
  for (const Detector& detector : detectors_->detectors_) {
    if (asked.disclosure(detector.id)) take_on(detector, sought);
  }
  for (const AuditRule& rule : detectors_->audit_rules_) {
    if (asked.rule(rule.rule)) take_on(rule.first_clue, rule.last_clue, sought);
  }
  for (const NamedPhrases& phrases : detectors_->phrases_) {
    if (!asked.rule(phrases.rule)) continue;
    sought.asked[phrases.group] = true;
    if (phrases.kinds != 0) ++waits_[phrases.group];
  }
  for (GroupId group = 0; group < waits_.size(); ++group) {
    if (waits_[group] != 0) sought.read[group] = sought.at_once[group] = true;
  }
  return sought;
}

EvidencePlan::EvidencePlan(const Detectors& detectors, const Asked& asked)
    : detectors_(&detectors),
      clues_(detectors.clues_.size(), ClueState::unasked),
      waits_(detectors.lexicon().group_count(), 0),
      field_paths_(detectors.field_paths_.size(), false),
      lists_(detectors.lexicon(), take_on_all(asked)) {}

EvidenceReader::EvidenceReader(const EvidencePlan& plan)
    : detectors_(plan.detectors_),
      plan_(&plan),
      scanner_(plan.lists_),
      stride_((detectors_->heading_sets_.size() + 63) / 64),
      seen_(detectors_->clues_.size()),
      entered_(stride_, 0),
      waiting_(plan.waits_) {}

// One pass over the units: what a unit says is judged while the scanner has it in hand.
void EvidenceReader::read(const Card& card) {
  read_prose(card, prose_);
  for (std::size_t i = 0; i < detectors_->field_paths_.size(); ++i) {
    if (!plan_->field_paths_[i]) continue;
    for (const yaml::Node* node : fields(card, detectors_->field_paths_[i])) {
      if (node->is_scalar()) add_field_unit(card, node->span, static_cast<std::uint16_t>(i + 1), prose_);
    }
  }
  clues_ = plan_->clues_;
  field_hits_.clear();
  placeholders_.assign(plan_->asked_detectors_.size(), std::nullopt);
  begin_card(card);
  text_ = card.text;
  for (std::uint32_t i = 0; i < prose_.units.size(); ++i) read_unit(card, i);
  disclosures_.clear();
  for (std::size_t i = 0; i < plan_->asked_detectors_.size(); ++i)
    disclosures_.push_back(detect(*plan_->asked_detectors_[i], placeholders_[i], card));
}

void EvidenceReader::begin_card(const Card& card) {
  section_sets_.assign(std::max<std::size_t>(card.sections.size(), 1) * stride_, 0);
  opened_ = 0;
  std::fill(entered_.begin(), entered_.end(), 0);
  said_.resize(detectors_->phrases_.size());
  for (auto& said : said_) said.clear();
  for (const GroupId group : touched_) {
    if ((waiting_[group] == 0) != (plan_->waits_[group] == 0))
      scanner_.want(group, plan_->waits_[group] != 0);
    waiting_[group] = plan_->waits_[group];
  }
  touched_.clear();
}

// A group is looked for while a clue waits for it: one that was not found yet and whose heading stands above.
void EvidenceReader::wait_for(GroupId group, bool more) {
  touched_.push_back(group);
  if (more ? waiting_[group]++ == 0 : --waiting_[group] == 0) scanner_.want(group, more);
}

// A section inherits the headings of the sections around it, which stand before it.
void EvidenceReader::enter_section(const Card& card, std::uint32_t section) {
  for (; opened_ <= section && opened_ < card.sections.size(); ++opened_) {
    const std::size_t parent = card.sections[opened_].parent;
    for (std::size_t word = 0; word < stride_ && opened_ > 0; ++word) {
      section_sets_[opened_ * stride_ + word] |= section_sets_[parent * stride_ + word];
    }
  }
  for (std::size_t word = 0; word < stride_; ++word) {
    const std::uint64_t row = section_sets_[section * stride_ + word];
    for (std::uint64_t bits = row ^ entered_[word]; bits != 0; bits &= bits - 1) {
      const auto bit = static_cast<unsigned>(std::countr_zero(bits));
      const auto set = static_cast<std::uint32_t>(word * 64 + bit);
      const auto& below = detectors_->said_below_;
      for (const std::uint32_t* clue = below.begin(set); clue != below.end(set); ++clue) {
        if (clues_[*clue] == EvidencePlan::ClueState::open)
          wait_for(*detectors_->clues_[*clue].say, (row >> bit & 1U) != 0);
      }
    }
    entered_[word] = row;
  }
}

// A clue is found once. It is found in a section where it was looked for, so somebody waits for its words.
void EvidenceReader::settle(std::uint32_t index, Evidence evidence) {
  clues_[index] = EvidencePlan::ClueState::holds;
  seen_[index] = evidence;
  if (const auto& say = detectors_->clues_[index].say) wait_for(*say, false);
}

void EvidenceReader::read_unit(const Card& card, std::uint32_t index) {
  Unit& unit = prose_.units[index];
  if (unit.kind != UnitKind::field) enter_section(card, unit.section);
  hits_.clear();
  scanner_.scan(card.text, prose_, index, hits_);
  if (unit.kind != UnitKind::code && unit.kind != UnitKind::heading) {
    const bool says_so = std::any_of(
        hits_.begin(), hits_.end(), [this](const Hit& hit) { return hit.group == detectors_->placeholder_; });
    unit.placeholder = says_so || card.quote(unit.span).find("{{") != std::string_view::npos;
  }
  if (unit.kind == UnitKind::heading) mark_section(unit);
  if (unit.kind == UnitKind::field) return keep_field_hits(unit);
  if (unit.placeholder) return note_placeholder(unit);
  note_said(unit, index);
  read_said(unit);
  if (unit.kind != UnitKind::heading) read_below_headings(unit);
}

void EvidenceReader::mark_section(const Unit& unit) {
  for (const Hit& hit : hits_) {
    const auto& sets = detectors_->sets_of_group_;
    for (const std::uint32_t* set = sets.begin(hit.group); set != sets.end(hit.group); ++set) {
      section_sets_[unit.section * stride_ + *set / 64] |= std::uint64_t{1} << (*set % 64);
    }
  }
}

void EvidenceReader::note_said(const Unit& unit, std::uint32_t index) {
  const auto& named = detectors_->phrases_of_group_;
  for (const Hit& hit : hits_) {
    for (const std::uint32_t* one = named.begin(hit.group); one != named.end(hit.group); ++one) {
      if ((detectors_->phrases_[*one].kinds & bit(unit.kind)) != 0)
        said_[*one].push_back({index, hit.first_word, hit.last_word});
    }
  }
}

Evidence EvidenceReader::evidence_of(const Unit& unit, const Hit& hit) const {
  return {unit.span, words_of(prose_, hit.first_word, hit.last_word)};
}

void EvidenceReader::keep_field_hits(const Unit& unit) {
  if (unit.placeholder) return;
  for (const Hit& hit : hits_) field_hits_.push_back({hit.group, unit.field, evidence_of(unit, hit)});
}

bool EvidenceReader::fits(const Clue& clue, const Unit& unit) {
  if ((clue.kinds >> static_cast<unsigned>(unit.kind) & 1U) == 0 || unit.size() < clue.min_words)
    return false;
  if (clue.under && !section_has(unit.section, *clue.under)) return false;
  if (clue.unless && scanner_.holds(*clue.unless)) return false;
  if (clue.never && scanner_.holds(*clue.never)) return false;
  return !clue.with || scanner_.holds(*clue.with);
}

void EvidenceReader::read_said(const Unit& unit) {
  const auto& clues = detectors_->clues_of_group_;
  for (const Hit& hit : hits_) {
    for (const std::uint32_t* clue = clues.begin(hit.group); clue != clues.end(hit.group); ++clue) {
      if (clues_[*clue] == EvidencePlan::ClueState::open && fits(detectors_->clues_[*clue], unit))
        settle(*clue, evidence_of(unit, hit));
    }
  }
}

void EvidenceReader::read_below_headings(const Unit& unit) {
  const auto& clues = detectors_->clues_of_set_;
  for (std::size_t word = 0; word < stride_; ++word) {
    for (std::uint64_t bits = section_sets_[unit.section * stride_ + word]; bits != 0; bits &= bits - 1) {
      const auto set = static_cast<std::uint32_t>(word * 64 + static_cast<unsigned>(std::countr_zero(bits)));
      for (const std::uint32_t* clue = clues.begin(set); clue != clues.end(set); ++clue) {
        if (clues_[*clue] == EvidencePlan::ClueState::open && fits(detectors_->clues_[*clue], unit))
          settle(*clue, {unit.span, unit.span});
      }
    }
  }
}

void EvidenceReader::note_placeholder(const Unit& unit) {
  for (std::size_t i = 0; i < placeholders_.size(); ++i) {
    if (placeholders_[i]) continue;
    const Detector& detector = *plan_->asked_detectors_[i];
    const bool here = (detector.headings && section_has(unit.section, *detector.headings)) ||
                      (detector.labels && scanner_.holds(*detector.labels));
    if (here) placeholders_[i] = Evidence{unit.span, unit.span};
  }
}

double EvidenceReader::read_field(const FieldClue& clue, const Card& card, std::vector<Evidence>& out) const {
  if (clue.say) {
    for (const FieldHit& hit : field_hits_) {
      if (hit.group != *clue.say || hit.field != clue.field) continue;
      keep(out, hit.evidence);
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

// The weight of the clues that hold, and their words.
double EvidenceReader::gather(std::uint32_t first, std::uint32_t last, std::vector<Evidence>& out) const {
  double weight = 0.0;
  for (std::uint32_t clue = first; clue < last; ++clue) {
    if (clues_[clue] != EvidencePlan::ClueState::holds) continue;
    keep(out, seen_[clue]);
    weight += detectors_->clues_[clue].weight;
  }
  return weight;
}

Disclosure EvidenceReader::detect(const Detector& detector, const std::optional<Evidence>& placeholder,
                                  const Card& card) const {
  Disclosure result;
  result.id = detector.id;
  result.rule = detector.rule;
  double weight = 0.0;
  for (const FieldClue& clue : detector.fields) weight += read_field(clue, card, result.evidence);
  weight += gather(detector.first_clue, detector.last_clue, result.evidence);
  if (weight >= kEnough) {
    result.status = Status::disclosed;
    return result;
  }
  result.evidence.clear();
  if (placeholder) {
    result.status = Status::placeholder;
    result.evidence.push_back(*placeholder);
  }
  return result;
}

bool EvidenceReader::applies(const AuditRule& rule, const Card& card, std::vector<Evidence>& quotes) const {
  const auto disclosed = [this](const std::string& id) { return is_disclosed(disclosures_, id); };
  const auto present = [&card](const std::string& path) {
    const auto found = fields(card, path);
    return std::any_of(found.begin(), found.end(),
                       [](const yaml::Node* node) { return informative(*node, {}) != nullptr; });
  };
  if (std::any_of(rule.absent.begin(), rule.absent.end(), disclosed)) return false;
  if (!std::all_of(rule.disclosed.begin(), rule.disclosed.end(), disclosed)) return false;
  if (!std::all_of(rule.fields.begin(), rule.fields.end(), present)) return false;
  if (std::any_of(rule.no_fields.begin(), rule.no_fields.end(), present)) return false;
  return rule.first_clue == rule.last_clue || gather(rule.first_clue, rule.last_clue, quotes) >= kEnough;
}

}  // namespace cardwarden
