// SPDX-License-Identifier: Apache-2.0
#include "policy/waiver.h"

#include <algorithm>
#include <set>

namespace cardwarden {

bool concerns(const GrantedWaiver& waiver, const WaivedSubject& subject) {
  return waiver.subject == subject.name && (!waiver.sha256 || *waiver.sha256 == subject.sha256);
}

WaiverAnswer find_waiver(const Waivers& waivers, std::string_view rule, const WaivedSubject& subject) {
  WaiverAnswer out;
  for (const GrantedWaiver& one : waivers.granted) {
    if (one.rule != rule || !concerns(one, subject)) continue;
    const GrantedWaiver*& best = one.expires > waivers.now ? out.in_force : out.expired;
    if (best == nullptr || one.expires > best->expires) best = &one;
  }
  if (out.in_force != nullptr) out.expired = nullptr;
  return out;
}

std::vector<std::string> waivers_in_force(const Waivers& waivers,
                                          const std::vector<WaivedSubject>& subjects) {
  std::set<std::string> ids;
  for (const GrantedWaiver& one : waivers.granted) {
    if (one.expires <= waivers.now) continue;
    const bool meant = std::any_of(subjects.begin(), subjects.end(),
                                   [&one](const WaivedSubject& subject) { return concerns(one, subject); });
    if (meant) ids.insert(one.record_id);
  }
  return {ids.begin(), ids.end()};
}

}  // namespace cardwarden
