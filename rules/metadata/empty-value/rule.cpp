// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <algorithm>
#include <array>

#include "engine/metadata.h"

namespace cardwarden::rules {
namespace {

using metadata::Value;

// Fields that say something about the repository; a key without a value says nothing.
constexpr std::array<std::string_view, 38> kFields = {"license",
                                                      "license_name",
                                                      "license_link",
                                                      "tags",
                                                      "datasets",
                                                      "language",
                                                      "language_bcp47",
                                                      "library_name",
                                                      "pipeline_tag",
                                                      "metrics",
                                                      "base_model",
                                                      "base_model_relation",
                                                      "new_version",
                                                      "model-index",
                                                      "co2_eq_emissions",
                                                      "annotations_creators",
                                                      "language_creators",
                                                      "multilinguality",
                                                      "size_categories",
                                                      "source_datasets",
                                                      "task_categories",
                                                      "task_ids",
                                                      "pretty_name",
                                                      "paperswithcode_id",
                                                      "configs",
                                                      "dataset_info",
                                                      "title",
                                                      "sdk",
                                                      "sdk_version",
                                                      "python_version",
                                                      "app_file",
                                                      "models",
                                                      "short_description",
                                                      "extra_gated_prompt",
                                                      "extra_gated_fields",
                                                      "extra_gated_heading",
                                                      "extra_gated_description",
                                                      "extra_gated_button_content"};
// Lists whose entries have rules of their own.
constexpr std::array<std::string_view, 5> kOthers = {"datasets", "models", "base_model", "model-index",
                                                     "configs"};

}  // namespace

std::vector<Finding> metadata_empty_value(const Subject& subject) {
  std::vector<Finding> out;
  for (const std::string_view key : kFields) {
    const Value field = metadata::select_one(subject.card, key);
    if (!field.exists()) continue;
    const std::string name(key);
    // "paperswithcode_id: null" is how data set cards say that there is no such page.
    const bool stated = key == "paperswithcode_id" && !field.text().empty();
    if (field.blank() && !stated) {
      out.push_back(violated(field.span, "The key " + name + " has no value.",
                             "Write the value, or remove the key.", name));
    }
    if (std::find(kOthers.begin(), kOthers.end(), key) != kOthers.end()) continue;
    for (std::size_t i = 0; i < field.node->items.size(); ++i) {
      if (!metadata::is_blank(field.node->items[i])) continue;
      if (metadata::full(out)) return out;
      const Value item = metadata::item(field, i);
      out.push_back(violated(item.span.empty() ? field.span : item.span,
                             "An entry of the list " + name + " is empty.",
                             "Write the value, or remove the entry.", item.path));
    }
  }
  return out;
}

}  // namespace cardwarden::rules
