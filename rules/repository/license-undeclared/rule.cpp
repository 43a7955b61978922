// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "engine/repository_query.h"

namespace cardwarden::rules {

std::vector<Finding> repository_license_undeclared(const Subject& subject) {
  if (!fields(subject.card, "license[]").empty()) return {};
  for (const LicenseFile& file : subject.repository->snapshot->licenses) {
    if (file.role != LicenseRole::license || file.path.find('/') != std::string::npos) continue;
    for (const LicenseMatch& match : file.reading.matches) {
      if (match.strength != LicenseStrength::text) continue;
      const auto begin = file.text.begin();
      const auto line = std::count(begin, begin + static_cast<std::ptrdiff_t>(match.words.begin), '\n') + 1;
      return {file_finding(Outcome::violated,
                           {file.path, static_cast<std::uint32_t>(line),
                            text::excerpt(match.words.of(file.text), kMaxQuoteChars)},
                           file.path + " is the text of the " + std::string(match.name) +
                               ", but the front matter names no licence.",
                           match.hub_id
                               ? "Add license: " + std::string(match.id) + " to the front matter."
                               : "Add license: other, license_name and license_link to the front matter.",
                           "license")};
    }
  }
  return {};
}

}  // namespace cardwarden::rules
