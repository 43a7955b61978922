// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <cmath>
#include <optional>

#include "base/text.h"
#include "evidence/query.h"

namespace cardwarden::rules {
namespace {

constexpr std::string_view kField = "co2_eq_emissions";
constexpr std::string_view kRemedy =
    "Write the emissions of training in grams of CO2 equivalent in the front matter, and the same amount "
    "with its unit in the text.";

// Grams per unit; 0 when the word is no unit of mass.
double grams_per(std::string_view unit) {
  const std::string u = text::lower_ascii(unit);
  if (u == "g" || u == "gram" || u == "grams" || u == "gco2" || u == "gco2eq" || u == "gco2e") return 1;
  if (u == "kg" || u == "kgs" || u == "kilogram" || u == "kilograms" || u == "kgco2" || u == "kgco2eq" ||
      u == "kgco2e")
    return 1e3;
  if (u == "t" || u == "ton" || u == "tons" || u == "tonne" || u == "tonnes" || u == "tco2" ||
      u == "tco2eq" || u == "tco2e")
    return 1e6;
  return 0;
}

struct Amount {
  double grams = 0;
  query::Number number;
  Evidence evidence;
};

// The amounts that the text calls emissions. Rates (per hour, per kWh) and grid intensities are not amounts.
std::vector<Amount> stated_amounts(const Card& card, const Phrases& phrases) {
  std::vector<Amount> out;
  for (const Said& said : phrases.said("emission")) {
    const Unit& unit = phrases.unit(said);
    if (phrases.in(unit, "rate")) continue;
    const bool in_grams = phrases.in(unit, "grams").has_value();
    for (const query::Number& number : query::numbers(card, unit.span)) {
      double scale = grams_per(card.quote(number.unit));
      if (scale == 0 && in_grams && number.unit.empty()) scale = 1;
      if (scale == 0 || number.percent) continue;
      const Span words{number.span.begin, number.unit.empty() ? number.span.end : number.unit.end};
      out.push_back({number.value * scale, number, {unit.span, words}});
    }
  }
  return out;
}

// Equal up to rounding of the text's figure.
bool agrees(double field_grams, const Amount& amount) {
  const double scale = amount.number.value == 0 ? 1 : amount.grams / amount.number.value;
  const double slack = scale * std::pow(10.0, -amount.number.decimals) + 0.01 * amount.grams;
  return std::abs(field_grams - amount.grams) <= slack;
}

}  // namespace

std::vector<Finding> governance_co2_unit_suspect(const Subject& subject) {
  const Card& card = subject.card;
  const yaml::Node* node = field(card, "co2_eq_emissions.emissions");
  if (node == nullptr) node = field(card, kField);
  if (node == nullptr || !node->is_scalar()) return {};
  const auto figures = query::numbers(card, node->span);
  if (figures.empty()) return {};
  const query::Number& figure = figures.front();
  const std::string_view unit = card.quote(figure.unit);
  if (grams_per(unit) > 1) {
    Finding finding = violated(node->span,
                               "The emissions of the front matter are written in " + std::string(unit) +
                                   ", but readers of this field take grams.",
                               std::string(kRemedy), std::string(kField));
    finding.evidence = {{node->span, node->span}};
    return {finding};
  }
  const std::vector<Amount> amounts = stated_amounts(card, subject.phrases);
  for (const Amount& amount : amounts) {
    if (agrees(figure.value, amount)) return {};
  }
  for (const Amount& amount : amounts) {
    if (figure.value <= 0 || amount.grams <= 0) continue;
    const double ratio = amount.grams / figure.value;
    const bool slip = std::abs(ratio - 1e3) < 20 || std::abs(ratio - 1e6) < 2e4;
    Finding finding = violated(
        node->span,
        slip ? "The emissions of the front matter look like kilograms or tonnes, but readers of this field "
               "take grams: the text gives a larger unit."
             : "The emissions of the front matter, read as grams, differ from the amount in the text.",
        std::string(kRemedy), std::string(kField));
    finding.outcome = Outcome::contradicted;
    finding.evidence = {{node->span, node->span}, amount.evidence};
    return {finding};
  }
  return {};
}

}  // namespace cardwarden::rules
