// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <array>

#include "engine/metadata.h"

namespace cardwarden::rules {
namespace {

using metadata::Value;

constexpr std::array<std::string_view, 6> kTypes = {"text",    "checkbox", "date_picker",
                                                    "country", "select",   "ip_location"};

Finding wrong(const Value& value, std::string message, std::string remedy) {
  return violated(value.span, std::move(message), std::move(remedy), value.path);
}

// An option is a text, or a mapping with label and value.
void check_options(const Value& field, std::vector<Finding>& out) {
  const Value options = metadata::member(field, "options");
  if (!options.exists() || !options.node->is_sequence() || options.node->items.empty()) {
    out.push_back(wrong(options.exists() ? options : field,
                        field.path + " is a select field without a list of options.",
                        "Add options: with one entry for each choice."));
    return;
  }
  for (const Value& option : metadata::items(options)) {
    const bool labelled =
        metadata::member(option, "label").is_text() && metadata::member(option, "value").is_text();
    if (option.is_text() || labelled) continue;
    out.push_back(wrong(option, option.path + " is neither a text nor a label with a value.",
                        "Write a text, or label: and value:."));
  }
}

void check_field(const Value& field, std::vector<Finding>& out) {
  const metadata::Vocabulary types{"a type of gate field", kTypes};
  if (!field.node->is_mapping()) {
    if (field.node->is_sequence() || field.blank()) {
      out.push_back(wrong(field, field.path + " has no type.",
                          "Write its type: text, checkbox, date_picker, country, select or ip_location."));
    } else if (field.text() == "select") {
      out.push_back(wrong(field, field.path + " is a select field without a list of options.",
                          "Write type: select and options: below the label."));
    } else {
      metadata::expect_listed(field, types, out);
    }
    return;
  }
  const Value type = metadata::member(field, "type");
  if (!type.is_text()) {
    out.push_back(wrong(field, field.path + " has no type.",
                        "Add type: text, checkbox, date_picker, country, select or ip_location."));
    return;
  }
  metadata::expect_listed(type, types, out);
  if (type.text() == "select") check_options(field, out);
}

}  // namespace

std::vector<Finding> metadata_gate_field_invalid(const Subject& subject) {
  if (subject.card.kind == Kind::space) return {};
  std::vector<Finding> out;
  const Value fields = metadata::select_one(subject.card, "extra_gated_fields");
  if (!fields.exists() || fields.blank()) return out;
  if (!fields.node->is_mapping()) {
    out.push_back(wrong(fields, "extra_gated_fields must map each label to a type.",
                        "Write one line for each field, for example Company: text."));
    return out;
  }
  for (const Value& field : metadata::members(fields)) {
    if (metadata::full(out)) break;
    check_field(field, out);
  }
  return out;
}

}  // namespace cardwarden::rules
