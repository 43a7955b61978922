// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <array>

#include "engine/metadata.h"

namespace cardwarden::rules {
namespace {

using metadata::Value;

enum class Shape { text, text_or_list, list, boolean, mapping };

struct Field {
  std::string_view key;
  Shape shape;
};

// Top-level fields that no rule of their own reads. Text that is written as a number or a boolean is the
// concern of metadata/yaml-type-coercion.
constexpr std::array kFields = std::to_array<Field>({
    {"license", Shape::text_or_list},
    {"license_name", Shape::text},
    {"license_link", Shape::text},
    {"tags", Shape::list},
    {"datasets", Shape::text_or_list},
    {"thumbnail", Shape::text},
    {"description", Shape::text},
    {"language", Shape::text_or_list},
    {"language_bcp47", Shape::text_or_list},
    {"library_name", Shape::text},
    {"pipeline_tag", Shape::text},
    {"buckets", Shape::text_or_list},
    {"metrics", Shape::text_or_list},
    {"base_model", Shape::text_or_list},
    {"base_model_relation", Shape::text},
    {"mask_token", Shape::text},
    {"extra_gated_prompt", Shape::text},
    {"extra_gated_heading", Shape::text},
    {"extra_gated_description", Shape::text},
    {"extra_gated_button_content", Shape::text},
    {"extra_gated_eu_disallowed", Shape::boolean},
    {"pretty_name", Shape::text},
    {"paperswithcode_id", Shape::text},
    {"annotations_creators", Shape::text_or_list},
    {"language_creators", Shape::text_or_list},
    {"multilinguality", Shape::text_or_list},
    {"size_categories", Shape::text_or_list},
    {"source_datasets", Shape::text_or_list},
    {"task_categories", Shape::text_or_list},
    {"task_ids", Shape::text_or_list},
    {"title", Shape::text},
    {"emoji", Shape::text},
    {"colorFrom", Shape::text},
    {"colorTo", Shape::text},
    {"sdk", Shape::text},
    {"sdk_version", Shape::text},
    {"python_version", Shape::text},
    {"app_file", Shape::text},
    {"app_build_command", Shape::text},
    {"app_port", Shape::text},
    {"base_path", Shape::text},
    {"header", Shape::text},
    {"short_description", Shape::text},
    {"suggested_hardware", Shape::text},
    {"suggested_storage", Shape::text},
    {"duplicated_from", Shape::text},
    {"models", Shape::text_or_list},
    {"hf_oauth_scopes", Shape::list},
    {"preload_from_hub", Shape::list},
    {"fullWidth", Shape::boolean},
    {"pinned", Shape::boolean},
    {"hf_oauth", Shape::boolean},
    {"disable_embedding", Shape::boolean},
    {"custom_headers", Shape::mapping},
});

bool fits(const Value& value, Shape shape) {
  switch (shape) {
    case Shape::text:
      return value.node->is_scalar();
    case Shape::text_or_list:
      return !value.node->is_mapping();
    case Shape::list:
      return value.node->is_sequence();
    case Shape::boolean:
      return metadata::is_boolean(value);
    case Shape::mapping:
      return value.node->is_mapping();
  }
  return true;
}

std::string_view name(Shape shape) {
  switch (shape) {
    case Shape::text:
      return "one text";
    case Shape::text_or_list:
      return "a text or a list of texts";
    case Shape::list:
      return "a list of texts";
    case Shape::boolean:
      return "a boolean";
    case Shape::mapping:
      return "a mapping of keys to values";
  }
  return {};
}

std::string how(Shape shape) {
  if (shape == Shape::boolean) return "Write true or false, without quotes.";
  if (shape == Shape::list) return "Write each entry on a line of its own, after a dash.";
  return "Write " + std::string(name(shape)) + ".";
}

void check_items(const Value& list, std::vector<Finding>& out) {
  for (std::size_t i = 0; i < list.node->items.size(); ++i) {
    const yaml::Node& node = list.node->items[i];
    if (node.is_scalar() || node.is_null()) continue;
    if (metadata::full(out)) return;
    const Value item = metadata::item(list, i);
    out.push_back(violated(
        item.span, item.path + " is not a text, and the Hub reads only texts in this list.",
        "Write the entry as one text; quote it if it holds a colon, a bracket or a brace.", item.path));
  }
}

}  // namespace

std::vector<Finding> metadata_value_type_invalid(const Subject& subject) {
  std::vector<Finding> out;
  for (const Field& field : kFields) {
    const Value value = metadata::select_one(subject.card, field.key);
    if (!value.exists() || value.blank()) continue;
    // The Hub takes one tag for a list of one; with a comma, several were meant.
    const bool one_tag =
        field.key == "tags" && value.node->is_scalar() && value.text().find(',') == std::string_view::npos;
    if (one_tag || fits(value, field.shape)) {
      if (field.shape == Shape::list || field.shape == Shape::text_or_list) check_items(value, out);
      continue;
    }
    const std::string shape(name(field.shape));
    out.push_back(violated(
        value.span, "The Hub reads " + std::string(field.key) + " as " + shape + "; this value is none.",
        how(field.shape), value.path));
  }
  return out;
}

}  // namespace cardwarden::rules
