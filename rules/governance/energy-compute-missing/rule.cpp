// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include "evidence/query.h"

namespace cardwarden::rules {

// Training costs compute and energy. A repackaging of another model costs next to none and is not asked.
std::vector<Finding> governance_energy_compute_missing(const Subject& subject) {
  for (const std::string_view id : {"compute", "environmental-impact", "x-energy", "x-flops"}) {
    if (subject.disclosures.holds(id)) return {};
  }
  if (query::is_conversion(subject.card, subject.phrases)) return {};
  return {card_finding(Outcome::absent,
                       "The card gives neither the compute nor the energy that training took.",
                       "State the training hardware and time, or the operations, and the energy or emissions "
                       "if they were measured.",
                       "compute")};
}

}  // namespace cardwarden::rules
