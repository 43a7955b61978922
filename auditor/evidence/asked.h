// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a run asks of the text of its cards. Words that answer nothing asked are not looked for.

#include <set>
#include <string_view>
#include <tuple>

namespace cardwarden {

// The texts must outlive whoever is given this.
struct Asked {
  bool everything = true;                  // every disclosure, every rule; the sets are not looked at
  std::set<std::string_view> disclosures;  // ids
  std::set<std::string_view> rules;        // ids of rules whose clues and phrases are read

  bool operator<(const Asked& other) const {
    return std::tie(everything, disclosures, rules) <
           std::tie(other.everything, other.disclosures, other.rules);
  }
  bool disclosure(std::string_view id) const { return everything || disclosures.count(id) != 0; }
  bool rule(std::string_view id) const { return everything || rules.count(id) != 0; }
};

}  // namespace cardwarden
