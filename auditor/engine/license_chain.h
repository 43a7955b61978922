// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the licence of a base model asks of what is made from it: the table rules/tables/base_licenses.txt,
// embedded by the build, with its version and date. A base that is not in the table is not judged.

#include <string_view>
#include <vector>

namespace cardwarden {

struct BaseTerms {
  std::string_view pattern;  // "meta-llama/llama-3.1-*", lower case
  std::string_view license;  // id, as read_license() gives it where it knows the text
  std::string_view demands;  // "use", "nc", "copyleft"
  std::string_view name;     // as people say it
};

const std::vector<BaseTerms>& base_terms();
std::string_view base_terms_version();  // "1 of 2026-08-01"

// The first line that matches an id "owner/name"; nullptr when none does.
const BaseTerms* terms_of_base(std::string_view id);

// Licences that hand on neither a restriction of use nor a copyleft: what a derivative of a restricted base
// cannot carry alone.
bool is_permissive_license(std::string_view id);

}  // namespace cardwarden
