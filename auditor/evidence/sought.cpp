// SPDX-License-Identifier: Apache-2.0
#include "evidence/sought.h"

#include <algorithm>
#include <iterator>

namespace cardwarden {
namespace {

std::vector<bool> phrases_of(const Lists<std::uint32_t>& phrases_of_group, const std::vector<bool>& groups,
                             std::uint32_t count) {
  std::vector<bool> out(count, false);
  for (GroupId group = 0; group < groups.size(); ++group) {
    if (!groups[group]) continue;
    std::for_each(phrases_of_group.begin(group), phrases_of_group.end(group),
                  [&out](std::uint32_t phrase) { out[phrase] = true; });
  }
  return out;
}

template <typename T, typename Keep>
Lists<T> kept(const Lists<T>& lists, Keep keep) {
  Lists<T> out;
  out.first.reserve(lists.first.size());
  out.items.reserve(lists.items.size());
  for (std::uint32_t list = 0; list < lists.size(); ++list) {
    std::copy_if(lists.begin(list), lists.end(list), std::back_inserter(out.items), keep);
    out.first.push_back(static_cast<std::uint32_t>(out.items.size()));
  }
  return out;
}

}  // namespace

void SoughtLists::keep_trials(const std::vector<bool>& read) {
  constexpr std::uint32_t kNone = ~0U;
  std::vector<std::uint32_t> place(lexicon->trials_.size(), kNone);
  for (std::uint32_t i = 0; i < place.size(); ++i) {
    if (!read[lexicon->trials_[i].phrase]) continue;
    place[i] = static_cast<std::uint32_t>(trials.size());
    trials.push_back(lexicon->trials_[i]);
  }
  const auto waits = [&](const Lexicon::Waiting& one) { return place[one.trial] != kNone; };
  in_text = kept(lexicon->waiting_in_text_, waits);
  elsewhere = kept(lexicon->waiting_elsewhere_, waits);
  for (Lexicon::Waiting& one : in_text.items) one.trial = place[one.trial];
  for (Lexicon::Waiting& one : elsewhere.items) one.trial = place[one.trial];
  for (const std::uint32_t trial : lexicon->at_start_) {
    if (place[trial] != kNone) at_start.push_back(place[trial]);
  }
  for (Lexicon::ClassWaiting one : lexicon->by_class_) {
    if (!waits(one.waiting)) continue;
    one.waiting.trial = place[one.waiting.trial];
    by_class.push_back(one);
  }
}

template <typename Visit>
void SoughtLists::each_need(Visit visit) {
  const auto each = [&visit](auto& list) { std::for_each(std::begin(list), std::end(list), visit); };
  for (Lexicon::Waiting& one : in_text.items) each(one.needs);
  for (Lexicon::Waiting& one : elsewhere.items) each(one.needs);
  for (Lexicon::ClassWaiting& one : by_class) each(one.waiting.needs);
  for (Lexicon::Trial& one : trials) each(one.needs);
  for (Lexicon::Phrase& one : phrases) each(one.needs);
  each(group_needs);
}

void SoughtLists::keep_needs(const std::vector<bool>& asked_phrases, const std::vector<bool>& asked_groups) {
  for (std::uint32_t phrase = 0; phrase < phrases.size(); ++phrase) {
    if (!asked_phrases[phrase])
      std::fill(std::begin(phrases[phrase].needs), std::end(phrases[phrase].needs), kNoNeed);
  }
  for (GroupId group = 0; group < group_needs.size(); ++group) {
    if (!asked_groups[group]) group_needs[group] = kNoNeed;
  }
  std::vector<Need> number(lexicon->need_count_, kNoNeed);
  each_need([&](Need& need) {
    if (need >= kFirstSetNeed && number[need] == kNoNeed) number[need] = static_cast<Need>(need_count++);
    if (need >= kFirstSetNeed) need = number[need];
  });
  needs = kept(lexicon->needs_of_, [&](Need need) { return number[need] != kNoNeed; });
  for (Need& need : needs.items) need = number[need];
}

SoughtLists::SoughtLists(const Lexicon& all, const Sought& sought)
    : lexicon(&all), phrases(all.phrases_), group_needs(all.group_needs_), wanted(all.phrase_count(), 0) {
  keep_trials(phrases_of(all.phrases_of_, sought.read, all.phrase_count()));
  keep_needs(phrases_of(all.phrases_of_, sought.asked, all.phrase_count()), sought.asked);
  for (GroupId group = 0; group < sought.at_once.size(); ++group) {
    if (!sought.at_once[group]) continue;
    std::for_each(all.phrases_of_.begin(group), all.phrases_of_.end(group),
                  [this](std::uint32_t phrase) { ++wanted[phrase]; });
  }
}

}  // namespace cardwarden
