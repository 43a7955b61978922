// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <algorithm>

#include "engine/metadata.h"

namespace cardwarden::rules {
namespace {

bool missing(const Card& card, std::string_view key) {
  const metadata::Value value = metadata::select_one(card, key);
  return !value.exists() || value.blank();
}

// A licence file at the root is the text, with or without a link to it.
bool has_license_file(const RepositoryFacts* repository) {
  if (repository == nullptr) return false;
  const auto& files = repository->snapshot->licenses;
  return std::any_of(files.begin(), files.end(), [](const LicenseFile& file) {
    return file.role == LicenseRole::license && file.path.find('/') == std::string::npos;
  });
}

}  // namespace

std::vector<Finding> metadata_license_other_incomplete(const Subject& subject) {
  if (subject.card.kind == Kind::space) return {};
  const bool no_name = missing(subject.card, "license_name");
  const bool no_link = missing(subject.card, "license_link") && !has_license_file(subject.repository);
  if (!no_name && !no_link) return {};
  for (const metadata::Value& value : metadata::select(subject.card, "license[]")) {
    if (!value.is_text() || value.text() != "other") continue;
    std::string what = no_name && no_link ? "neither license_name nor license_link says"
                       : no_name          ? "no license_name says"
                                          : "no license_link leads to the text that says";
    std::string remedy = no_name && no_link ? "Add license_name and license_link"
                         : no_name          ? "Add license_name"
                                            : "Add license_link";
    return {
        violated(value.span, "The license is \"other\", and " + what + " which one.",
                 remedy + (no_link ? " (LICENSE, LICENSE.md or a URL)." : " (a short name of the terms)."),
                 value.path)};
  }
  return {};
}

}  // namespace cardwarden::rules
