// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "engine/metadata.h"

namespace cardwarden::rules {
namespace {

// Fields that the Hub, its client or the data set loader read as text.
constexpr std::array kTextFields = {
    "language[]",
    "language_bcp47[]",
    "license[]",
    "license_name",
    "license_link",
    "library_name",
    "pipeline_tag",
    "tags[]",
    "datasets[]",
    "models[]",
    "metrics[]",
    "base_model[]",
    "new_version",
    "pretty_name",
    "paperswithcode_id",
    "thumbnail",
    "task_categories[]",
    "task_ids[]",
    "size_categories[]",
    "multilinguality[]",
    "source_datasets[]",
    "annotations_creators[]",
    "language_creators[]",
    "configs[].config_name",
    "configs[].data_files[].split",
    "dataset_info[].config_name",
    "dataset_info[].splits[].name",
    "dataset_info[].features[].name",
    "dataset_info[].features[].dtype.class_label.names.*",
    "model-index[].name",
    "model-index[].results[].task.type",
    "model-index[].results[].task.name",
    "model-index[].results[].dataset.type",
    "model-index[].results[].dataset.name",
    "model-index[].results[].dataset.config",
    "model-index[].results[].dataset.split",
    "model-index[].results[].dataset.revision",
    "model-index[].results[].metrics[].type",
    "model-index[].results[].metrics[].name",
    "title",
    "short_description",
    "app_file",
    "extra_gated_prompt",
    "extra_gated_heading",
    "extra_gated_description",
    "extra_gated_button_content",
};
// Text by its meaning, but a plain number that reads back as it is written does no harm: 3.9 yes, 3.10 no.
constexpr std::array kVersionFields = {"version", "sdk_version", "python_version", "dataset_info[].version"};

Finding coerced(const metadata::Value& value) {
  const std::string read = metadata::read_as(*value.node);
  std::string message = "Written without quotes, " + value.node->text + " is read as " + read +
                        ", not as text, by YAML readers such as the Hub's Python client.";
  std::string remedy = "Quote it: \"" + value.node->text + "\".";
  if (value.path.rfind("language", 0) == 0 && read == "the boolean false") {
    remedy += " For Norwegian, nb (Bokmål) and nn (Nynorsk) need no quotes.";
  }
  return violated(value.span, std::move(message), std::move(remedy), value.path);
}

// Whether a value, or one below it, is read as something other than text.
bool holds_other_than_text(const yaml::Node& node) {
  if (node.is_scalar() || node.is_null()) return metadata::scalar_type(node) != metadata::Scalar::text;
  return std::any_of(node.items.begin(), node.items.end(), holds_other_than_text) ||
         std::any_of(node.entries.begin(), node.entries.end(),
                     [](const yaml::Entry& entry) { return holds_other_than_text(entry.value); });
}

// Fields of the card where a value could be misread; most have none, and need no further look.
std::vector<std::string_view> suspects(const Card& card) {
  std::vector<std::string_view> out;
  for (const yaml::Entry& entry : card.front_matter.root.entries) {
    if (holds_other_than_text(entry.value)) out.push_back(entry.key.text);
  }
  return out;
}

bool concerns(std::string_view path, const std::vector<std::string_view>& fields) {
  return std::find(fields.begin(), fields.end(), path.substr(0, path.find_first_of(".["))) != fields.end();
}

}  // namespace

std::vector<Finding> metadata_yaml_type_coercion(const Subject& subject) {
  std::vector<Finding> out;
  const std::vector<std::string_view> fields = suspects(subject.card);
  for (const char* path : kTextFields) {
    if (!concerns(path, fields)) continue;
    for (const metadata::Value& value : metadata::select(subject.card, path)) {
      if (metadata::full(out)) return out;
      if (metadata::scalar_type(*value.node) != metadata::Scalar::text) out.push_back(coerced(value));
    }
  }
  for (const char* path : kVersionFields) {
    if (!concerns(path, fields)) continue;
    for (const metadata::Value& value : metadata::select(subject.card, path)) {
      const std::string read = metadata::read_as(*value.node);
      if (!read.empty() && read != "the number " + value.node->text) out.push_back(coerced(value));
    }
  }
  return out;
}

}  // namespace cardwarden::rules
