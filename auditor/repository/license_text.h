// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which licence a text is. The text is folded (case, punctuation and line breaks do not count) and searched
// for passages that stand in one licence only; the table is in license_marks.cpp. A text may hold several
// licences. No match means "not known here", never "no licence". Pure; linear in the text for a fixed table.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"

namespace cardwarden {

constexpr std::size_t kMaxLicenseBytes = 256U
                                         << 10U;  // of one licence file; the longest common one has 43 KB

enum class LicenseStrength : std::uint8_t {
  named,  // the licence is named or linked, its text is not here
  text,   // its own passages stand here
};

struct LicenseMatch {
  std::string_view id;    // the Hub's id where the Hub has one ("apache-2.0"), else ours ("qwen-research")
  std::string_view name;  // as people say it
  bool hub_id = true;     // whether the Hub's list knows the id
  LicenseStrength strength = LicenseStrength::named;
  Span words;  // in the text: the first passage that shows it
};

struct LicenseReading {
  std::vector<LicenseMatch> matches;  // texts first, each licence once, in the order of the text
  // Words that add a restriction to a licence that has none of them ("commons clause", "non-commercial"): the
  // text is then a changed one, whatever it is called.
  std::vector<Span> added_terms;
};

LicenseReading read_license(std::string_view text);

namespace license_marks {  // the table; used by read_license()

struct Mark {
  std::string_view id;
  std::string_view name;
  bool hub_id;
  bool restricts;                       // its own text speaks of use restrictions or of commercial use
  std::vector<std::string_view> all;    // folded passages that must all stand in the text
  std::vector<std::string_view> none;   // folded passages that must not
  std::vector<std::string_view> named;  // folded passages, any of which names the licence
};
const std::vector<Mark>& table();
const std::vector<std::string_view>& added_terms();

}  // namespace license_marks
}  // namespace cardwarden
