// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "engine/gguf_query.h"
#include "engine/hub.h"
#include "engine/license_chain.h"

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

bool is_covered(const Subject& subject, const std::vector<std::string>& declared, std::string_view id) {
  return std::any_of(declared.begin(), declared.end(),
                     [id](const std::string& one) { return covers(one, id); }) ||
         is_license_of_base(subject, id);
}

// The header of a GGUF file, where it names a licence of the Hub's list; writers put all kinds of words
// there.
std::vector<Finding> compare_headers(const Subject& subject, const yaml::Node& shown,
                                     const std::vector<std::string>& declared) {
  for (const around::HeaderValue& one : around::header_values(*subject.repository, "general.license")) {
    const std::string id = text::lower_ascii(one.text);
    if (id == "other" || id == "unknown" || !hub::contains(hub::List::licenses, id)) continue;
    if (is_covered(subject, declared, id)) continue;
    return {refuted(around::evidence_of(shown), one.quote,
                    "The front matter says " + text::excerpt(shown.text, 60) + ", but the header of " +
                        one.file->path + " says " + id + ".",
                    "Name the licence of the weights in the front matter, or write the header anew with the "
                    "licence that is meant.",
                    "license header")};
  }
  return {};
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
  std::vector<Finding> findings = compare_headers(subject, *shown, declared);
  const LicenseFile* other = nullptr;
  const LicenseMatch* match = nullptr;
  for (const LicenseFile& file : subject.repository->snapshot->licenses) {
    if (file.role != LicenseRole::license || file.path.find('/') != std::string::npos) continue;
    for (const LicenseMatch& one : file.reading.matches) {
      if (is_covered(subject, declared, one.id)) return findings;
      if (other != nullptr || one.strength != LicenseStrength::text) continue;
      other = &file;
      match = &one;
    }
  }
  if (other == nullptr) return findings;
  findings.push_back(
      refuted(around::evidence_of(*shown), words_of(*other, match->words),
              "The front matter says " + text::excerpt(shown->text, 60) + ", but " + other->path +
                  " is the text of the " + std::string(match->name) + ".",
              "Name the licence of the file in the front matter, or replace the file by the text of the "
              "licence that is meant.",
              "license"));
  return findings;
}

}  // namespace cardwarden::rules
