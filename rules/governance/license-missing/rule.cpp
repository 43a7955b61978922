// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "engine/repository_query.h"
#include "evidence/query.h"

namespace cardwarden::rules {
namespace {

constexpr const char* kMessage = "The card names no licence, neither in its front matter nor in its text";
constexpr const char* kRemedy =
    "Add the key license to the front matter with an identifier the Hub knows, and say in the text what the "
    "licence covers.";

// The first line of a file that says something.
FileQuote first_words(const LicenseFile& file) {
  std::uint32_t line = 0;
  for (const std::string_view one : text::split(file.text, '\n')) {
    ++line;
    if (!text::trim(one).empty()) return {file.path, line, text::excerpt(text::trim(one), kMaxQuoteChars)};
  }
  return {file.path, 0, "empty"};
}

}  // namespace

// Neither the front matter nor the body says under which licence the subject is released. A licence file that
// is recognised says it: that the front matter does not repeat it is repository/license-undeclared's.
std::vector<Finding> governance_license_missing(const Subject& subject) {
  const Disclosure* license = subject.disclosures.find("license");
  if (license == nullptr || license->status == Status::disclosed) return {};
  if (query::says_something(field(subject.card, "license"))) return {};
  const LicenseFile* unknown = nullptr;
  if (subject.repository != nullptr) {
    for (const LicenseFile& file : subject.repository->snapshot->licenses) {
      if (file.role != LicenseRole::license || file.path.find('/') != std::string::npos) continue;
      const auto& matches = file.reading.matches;
      if (std::any_of(matches.begin(), matches.end(),
                      [](const LicenseMatch& one) { return one.strength == LicenseStrength::text; }))
        return {};
      if (unknown == nullptr) unknown = &file;
    }
  }
  Finding finding =
      card_finding(Outcome::absent, std::string(kMessage) + ".", kRemedy, "governance/license-missing");
  if (unknown != nullptr) {
    const auto& named = unknown->reading.matches;
    finding.message =
        std::string(kMessage) + ". " + text::excerpt(unknown->path, 100) + " lies beside it" +
        (named.empty() ? ", but its text is not that of a licence that is known here."
                       : " and names the " + std::string(named.front().name) + ", without its text.");
    finding.remedy =
        "Name the terms of the file: license, or license: other with license_name and license_link.";
    finding.files.push_back(first_words(*unknown));
  }
  return {finding};
}

}  // namespace cardwarden::rules
