// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <algorithm>
#include <array>

#include "engine/hub.h"
#include "engine/metadata.h"

namespace cardwarden::rules {
namespace {

// Tasks of data sets that no model has as its tag.
constexpr std::array<std::string_view, 5> kNotForModels = {"tabular-to-text", "table-to-text",
                                                           "multiple-choice", "text-retrieval", "other"};

}  // namespace

std::vector<Finding> metadata_pipeline_tag_invalid(const Subject& subject) {
  if (subject.card.kind != Kind::model) return {};
  const metadata::Value value = metadata::select_one(subject.card, "pipeline_tag");
  if (!value.is_text()) return {};
  const std::string tag(value.text());
  const bool excluded = std::find(kNotForModels.begin(), kNotForModels.end(), tag) != kNotForModels.end();
  if (hub::contains(hub::List::tasks, tag) && !excluded) return {};
  if (excluded) {
    return {violated(
        value.span,
        "\"" + tag + "\" is a task of the Hub, but not one that a model can have as its pipeline tag.",
        "Choose the task that the model performs, or remove pipeline_tag.", value.path)};
  }
  if (tag == "text2text-generation" || tag == "conversational") {
    return {violated(
        value.span, "\"" + tag + "\" is no longer a task of the Hub.",
        tag == "conversational"
            ? "Write text-generation, and add conversational to tags."
            : "Write the task that the model performs: text-generation, translation or summarization.",
        value.path)};
  }
  return {metadata::not_listed(
      value, {"a task of the Hub", hub::entries(hub::List::tasks), hub::version(hub::List::tasks)})};
}

}  // namespace cardwarden::rules
