// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <array>

#include "engine/metadata.h"

namespace cardwarden::rules {
namespace {

using metadata::Value;

constexpr std::array kTexts = {"source", "training_type", "geographical_location", "hardware_used"};

// Grams, as a bare number that is not negative.
void check_grams(const Value& value, std::vector<Finding>& out) {
  if (value.blank()) return;
  const std::optional<double> grams = metadata::number(value);
  if (grams && *grams >= 0) return;
  const std::string shown =
      value.node->is_scalar() ? " is " + metadata::quoted(value.text()) : " is not a single value";
  out.push_back(violated(value.span,
                         value.path + shown + ", where the Hub reads a number of grams of CO2 equivalent.",
                         "Write the grams as a bare number, without a unit: 1 kg is 1000.", value.path));
}

}  // namespace

std::vector<Finding> metadata_co2_field_invalid(const Subject& subject) {
  if (subject.card.kind != Kind::model) return {};
  std::vector<Finding> out;
  const Value field = metadata::select_one(subject.card, "co2_eq_emissions");
  if (!field.exists() || field.blank()) return out;
  if (!field.node->is_mapping()) {
    check_grams(field, out);
    return out;
  }
  const Value emissions = metadata::member(field, "emissions");
  if (emissions.exists()) {
    check_grams(emissions, out);
  } else {
    out.push_back(violated(field.span, "co2_eq_emissions has no emissions, so it states no amount.",
                           "Add emissions: with the grams of CO2 equivalent.", field.path));
  }
  for (const char* key : kTexts) {
    const Value text = metadata::member(field, key);
    if (!text.exists() || text.blank() || text.node->is_scalar()) continue;
    out.push_back(
        violated(text.span, text.path + " must be one text.", "Write it as one line of text.", text.path));
  }
  return out;
}

}  // namespace cardwarden::rules
