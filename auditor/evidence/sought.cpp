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

SoughtLists::SoughtLists(const Lexicon& all, const Sought& sought)
    : wanted(all.phrase_count(), 0), lexicon(&all) {
  const std::vector<bool> read = phrases_of(all.phrases_of_, sought.read, all.phrase_count());
  const std::vector<bool> asked = phrases_of(all.phrases_of_, sought.asked, all.phrase_count());
  const auto is_read = [&](std::uint32_t trial) { return bool{read[all.trials_[trial].phrase]}; };
  const auto waits = [&](const Lexicon::Waiting& one) { return is_read(one.trial); };
  in_text = kept(all.waiting_in_text_, waits);
  elsewhere = kept(all.waiting_elsewhere_, waits);
  std::copy_if(all.at_start_.begin(), all.at_start_.end(), std::back_inserter(at_start), is_read);
  std::copy_if(all.by_class_.begin(), all.by_class_.end(), std::back_inserter(by_class),
               [&](const Lexicon::ClassWaiting& one) { return waits(one.waiting); });

  std::vector<bool> looked_at(all.need_count_, false);
  const auto look_at = [&](const auto& list) {
    for (const Need need : list) looked_at[need] = true;
  };
  const auto look_at_waiting = [&](const Lexicon::Waiting& one) {
    look_at(one.needs);
    look_at(all.trials_[one.trial].needs);
  };
  std::for_each(in_text.items.begin(), in_text.items.end(), look_at_waiting);
  std::for_each(elsewhere.items.begin(), elsewhere.items.end(), look_at_waiting);
  for (const std::uint32_t trial : at_start) look_at(all.trials_[trial].needs);
  for (const Lexicon::ClassWaiting& one : by_class) look_at_waiting(one.waiting);
  for (std::uint32_t phrase = 0; phrase < asked.size(); ++phrase) {
    if (asked[phrase]) look_at(all.phrases_[phrase].needs);
  }
  for (GroupId group = 0; group < sought.asked.size(); ++group) {
    if (sought.asked[group]) looked_at[all.group_needs_[group]] = true;
  }
  for (GroupId group = 0; group < sought.at_once.size(); ++group) {
    if (!sought.at_once[group]) continue;
    std::for_each(all.phrases_of_.begin(group), all.phrases_of_.end(group),
                  [this](std::uint32_t phrase) { ++wanted[phrase]; });
  }
  needs = kept(all.needs_of_, [&](Need need) { return bool{looked_at[need]}; });
}

}  // namespace cardwarden
