// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <array>

#include "engine/metadata.h"

namespace cardwarden::rules {
namespace {

constexpr std::array<std::string_view, 6> kAnnotations = {
    "found", "crowdsourced", "expert-generated", "machine-generated", "no-annotation", "other"};
constexpr std::array<std::string_view, 5> kLanguage = {"found", "crowdsourced", "expert-generated",
                                                       "machine-generated", "other"};
constexpr std::array<std::string_view, 4> kMultilinguality = {"monolingual", "multilingual", "translation",
                                                              "other"};
constexpr std::array<std::string_view, 2> kSources = {"original", "extended"};

// "original", "extended", "extended|squad", or the id of a data set.
void check_source(const metadata::Value& value, std::vector<Finding>& out) {
  const std::string_view text = value.text();
  if (text == "original" || text == "extended" || text.substr(0, 9) == "extended|") return;
  if (text == "Original" || text == "Extended" || text == "extention" || text == "extension") {
    out.push_back(metadata::not_listed(value, {"a source that the Hub knows", kSources}));
    return;
  }
  metadata::expect_repository_id(value, "data set", out);
}

}  // namespace

std::vector<Finding> metadata_dataset_creators_invalid(const Subject& subject) {
  if (subject.card.kind != Kind::dataset) return {};
  std::vector<Finding> out;
  const auto field = [&](std::string_view key) { return metadata::select_one(subject.card, key); };
  metadata::expect_listed(field("annotations_creators"),
                          {"a way of annotating that the Hub knows", kAnnotations}, out);
  metadata::expect_listed(field("language_creators"),
                          {"an origin of the language that the Hub knows", kLanguage}, out);
  metadata::expect_listed(field("multilinguality"),
                          {"a kind of multilinguality that the Hub knows", kMultilinguality}, out);
  for (const metadata::Value& value : metadata::one_or_many(field("source_datasets"))) {
    if (value.is_text()) check_source(value, out);
  }
  return out;
}

}  // namespace cardwarden::rules
