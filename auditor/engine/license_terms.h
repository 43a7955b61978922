// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a declared licence asks of those who use a work, as a set of conditions, so that two ids can be
// compared: a licence that drops conditions and adds none is looser. Read from the families of the Hub's
// licence ids; the table is in license_terms.cpp. It compares families, it judges no contract. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cardwarden {

using LicenseTerms = std::uint16_t;  // mask over LicenseTerm

enum LicenseTerm : std::uint16_t {
  kKeepNotice = 1U << 0U,     // name the author, keep the licence text
  kShareFiles = 1U << 1U,     // changed files stay under the licence (weak copyleft)
  kShareWork = 1U << 2U,      // works made with it stay under the licence
  kShareService = 1U << 3U,   // also those that are offered over a network
  kUseLimits = 1U << 4U,      // uses are forbidden by name, or a policy of acceptable use applies
  kNonCommercial = 1U << 5U,  // no commercial use
  kNoDerivatives = 1U << 6U,  // no changed versions
  kResearchOnly = 1U << 7U,   // research only
  kScaleLimits = 1U << 8U,    // other terms for large companies
};

// Nothing for an id that the table does not know, such as "other". Case does not count.
std::optional<LicenseTerms> license_terms(std::string_view id);

enum class LicenseMove : std::uint8_t {
  same,
  declared,   // there was none
  removed,    // there is none now
  loosened,   // conditions fell away and none came
  tightened,  // conditions came and none fell away
  changed,    // neither, or it cannot be told
};
std::string_view to_string(LicenseMove move);

// Several ids are read as a choice: what holds under each of them holds.
LicenseMove compare_licenses(const std::vector<std::string>& before, const std::vector<std::string>& after);

// The conditions in `before` that `after` lacks, in words: "no commercial use, share alike".
std::string dropped_terms(const std::vector<std::string>& before, const std::vector<std::string>& after);

}  // namespace cardwarden
