// SPDX-License-Identifier: Apache-2.0
#include "evidence/disclosure.h"

#include <algorithm>
#include <cstdlib>

namespace cardwarden {

std::string_view to_string(Status status) {
  switch (status) {
    case Status::disclosed:
      return "disclosed";
    case Status::placeholder:
      return "placeholder";
    case Status::absent:
      return "absent";
  }
  return "absent";
}

const Disclosure* find_disclosure(const Disclosures& disclosures, std::string_view id) {
  const auto found =
      std::lower_bound(disclosures.begin(), disclosures.end(), id,
                       [](const Disclosure& one, std::string_view name) { return one.id < name; });
  return found != disclosures.end() && found->id == id ? &*found : nullptr;
}

bool is_disclosed(const Disclosures& disclosures, std::string_view id) {
  const Disclosure* found = find_disclosure(disclosures, id);
  return found != nullptr && found->status == Status::disclosed;
}

const Disclosure* AskedDisclosures::find(std::string_view id) const {
  if (std::find(asked_->begin(), asked_->end(), id) == asked_->end()) std::abort();
  return find_disclosure(*all_, id);
}

bool AskedDisclosures::holds(std::string_view id) const {
  const Disclosure* found = find(id);
  return found != nullptr && found->status == Status::disclosed;
}

}  // namespace cardwarden
