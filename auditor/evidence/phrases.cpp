// SPDX-License-Identifier: Apache-2.0
#include "evidence/phrases.h"

#include <algorithm>
#include <cstdlib>

#include "evidence/detector.h"

namespace cardwarden {

const NamedPhrases* Detectors::find_phrases(std::string_view rule, std::string_view name) const {
  const auto place = std::find_if(phrases_.begin(), phrases_.end(), [&](const NamedPhrases& one) {
    return one.rule == rule && one.name == name;
  });
  return place == phrases_.end() ? nullptr : &*place;
}

const NamedPhrases& EvidenceReader::phrases(std::string_view rule, std::string_view name) const {
  const NamedPhrases* found = detectors_->find_phrases(rule, name);
  if (found == nullptr) std::abort();
  return *found;
}

const std::vector<Said>& EvidenceReader::said(const NamedPhrases& phrases) const {
  return said_[static_cast<std::size_t>(&phrases - detectors_->phrases_.data())];
}

std::optional<Hit> EvidenceReader::find(const Unit& unit, GroupId group) {
  scanner_.take(text_, prose_, static_cast<std::uint32_t>(&unit - prose_.units.data()));
  return scanner_.find(group);
}

std::optional<Span> EvidenceReader::find(std::string_view text, GroupId group) {
  read_words(text, aside_.words);
  aside_.units.assign(1, Unit{});
  aside_.units.front().last_word = static_cast<std::uint32_t>(aside_.words.size());
  scanner_.take(text, aside_, 0);
  const auto hit = scanner_.find(group);
  if (!hit) return std::nullopt;
  return words_of(aside_, hit->first_word, hit->last_word);
}

const std::vector<Said>& Phrases::said(std::string_view name) const {
  return reader_->said(reader_->phrases(rule_, name));
}

const Unit& Phrases::unit(const Said& said) const { return reader_->prose().units[said.unit]; }

Evidence Phrases::evidence(const Said& said) const {
  return {unit(said).span, words_of(reader_->prose(), said.first_word, said.last_word)};
}

std::optional<Span> Phrases::in(const Unit& unit, std::string_view name) const {
  const auto hit = reader_->find(unit, reader_->phrases(rule_, name).group);
  if (!hit) return std::nullopt;
  return words_of(reader_->prose(), hit->first_word, hit->last_word);
}

std::optional<Span> Phrases::in(std::string_view text, std::string_view name) const {
  return reader_->find(text, reader_->phrases(rule_, name).group);
}

}  // namespace cardwarden
