// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "engine/license_chain.h"
#include "engine/repository_query.h"

namespace cardwarden::rules {
namespace {

// A name for several licences covers each of them: "bsd" and "cc" of the Hub's list, and the RAIL family.
bool covers(std::string_view declared, std::string_view id) {
  if (declared == id) return true;
  if (declared == "openrail") return id.find("rail") != std::string_view::npos;
  for (const std::string_view family : {"bsd", "cc", "gpl", "lgpl"}) {
    if (declared == family) return id.substr(0, family.size() + 1) == std::string(family) + "-";
  }
  return false;
}

FileQuote words_of(const LicenseFile& file, Span words) {
  const auto begin = file.text.begin();
  const auto line = std::count(begin, begin + static_cast<std::ptrdiff_t>(words.begin), '\n') + 1;
  return {file.path, static_cast<std::uint32_t>(line), text::excerpt(words.of(file.text), kMaxQuoteChars)};
}

bool is_license_of_base(const Subject& subject, std::string_view id) {
  const auto holds = [id](std::string_view base) {
    const BaseTerms* terms = terms_of_base(base);
    return terms != nullptr && terms->license == id;
  };
  for (const yaml::Node* base : around::declared_bases(subject.card)) {
    if (holds(base->text)) return true;
  }
  const auto named = around::base_in_files(*subject.repository);
  return named && holds(named->id);
}

}  // namespace

std::vector<Finding> repository_license_file_mismatch(const Subject& subject) {
  const yaml::Node* shown = nullptr;
  std::vector<std::string> declared;
  for (const yaml::Node* node : fields(subject.card, "license[]")) {
    if (!node->is_scalar() || text::trim(node->text).empty()) continue;
    declared.push_back(text::lower_ascii(text::trim(node->text)));
    if (shown == nullptr) shown = node;
  }
  if (shown == nullptr || declared.front() == "other" || declared.front() == "unknown") return {};
  const LicenseFile* other = nullptr;
  const LicenseMatch* match = nullptr;
  for (const LicenseFile& file : subject.repository->snapshot->licenses) {
    if (file.role != LicenseRole::license || file.path.find('/') != std::string::npos) continue;
    for (const LicenseMatch& one : file.reading.matches) {
      const auto fits = [&one](const std::string& id) { return covers(id, one.id); };
      if (std::any_of(declared.begin(), declared.end(), fits) || is_license_of_base(subject, one.id))
        return {};
      if (other != nullptr || one.strength != LicenseStrength::text) continue;
      other = &file;
      match = &one;
    }
  }
  if (other == nullptr) return {};
  return {refuted(around::evidence_of(*shown), words_of(*other, match->words),
                  "The front matter says " + text::excerpt(shown->text, 60) + ", but " + other->path +
                      " is the text of the " + std::string(match->name) + ".",
                  "Name the licence of the file in the front matter, or replace the file by the text of the "
                  "licence that is meant.",
                  "license")};
}

}  // namespace cardwarden::rules
