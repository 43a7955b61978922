// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "engine/repository_query.h"
#include "evidence/query.h"

namespace cardwarden::rules {
namespace {

constexpr const char* kRemedy = "Correct the text or the configuration.";
constexpr double kRounding = 1.03;  // "128K" may be 128,000 or 131,072
constexpr double kLeastContext = 256;

bool is_left_out(const Subject& subject, const Unit& unit) {
  const Block& block = subject.card.blocks[unit.block];
  const bool wide = unit.kind == UnitKind::table && query::cells(subject.card, block).size() != 2;
  return wide || subject.phrases.in(unit, "others").has_value();
}

std::optional<Finding> check_family(const Subject& subject, const ModelConfig& config) {
  if (!config.model_type) return std::nullopt;
  const auto family = around::family_of_type(config.model_type->value);
  if (!family) return std::nullopt;
  for (const Said& said : subject.phrases.said("architecture")) {
    const Unit& unit = subject.phrases.unit(said);
    if (is_left_out(subject, unit)) continue;
    const auto named = around::families_in(subject.card.quote(unit.span));
    if (named.empty() || std::find(named.begin(), named.end(), *family) != named.end()) continue;
    return refuted({unit.span, unit.span}, around::quote(config.path, *config.model_type),
                   "The text names another architecture than the model_type " +
                       text::excerpt(config.model_type->value, 60) + " of config.json.",
                   kRemedy, "architecture");
  }
  return std::nullopt;
}

// The one number of a unit, with "128K" as 128,000.
std::optional<std::pair<double, Span>> only_number(const Subject& subject, const Unit& unit) {
  std::optional<std::pair<double, Span>> out;
  for (const query::Number& number : query::numbers(subject.card, unit.span)) {
    const std::string letters = text::lower_ascii(subject.card.quote(number.unit));
    const double scale = letters == "k" ? 1e3 : letters == "m" ? 1e6 : 1;
    if (out || number.percent) return std::nullopt;
    out = {number.value * scale, Span{number.span.begin, scale > 1 ? number.unit.end : number.span.end}};
  }
  return out;
}

std::optional<Finding> check_layers(const Subject& subject, const ModelConfig& config) {
  if (!config.layers) return std::nullopt;
  for (const Said& said : subject.phrases.said("layers")) {
    const Unit& unit = subject.phrases.unit(said);
    const auto number = only_number(subject, unit);
    if (!number || is_left_out(subject, unit) || number->first == static_cast<double>(config.layers->value))
      continue;
    return refuted({unit.span, number->second}, around::quote(config.path, *config.layers),
                   "The text gives another number of layers than config.json.", kRemedy, "layers");
  }
  return std::nullopt;
}

std::optional<Finding> check_context(const Subject& subject, const ModelConfig& config) {
  if (!config.max_positions || config.rope_scaling) return std::nullopt;
  const auto positions = static_cast<double>(config.max_positions->value);
  for (const Said& said : subject.phrases.said("context")) {
    const Unit& unit = subject.phrases.unit(said);
    const auto number = only_number(subject, unit);
    if (!number || is_left_out(subject, unit) || number->first < kLeastContext) continue;
    if (number->first <= positions * kRounding) continue;
    return refuted({unit.span, number->second}, around::quote(config.path, *config.max_positions),
                   "The text promises a longer context than config.json has positions for.", kRemedy,
                   "context");
  }
  return std::nullopt;
}

}  // namespace

std::vector<Finding> repository_architecture_mismatch(const Subject& subject) {
  const ModelConfig* config = around::root_config(*subject.repository);
  if (config == nullptr) return {};
  std::vector<Finding> findings;
  for (const auto check : {check_family, check_layers, check_context}) {
    if (auto finding = check(subject, *config)) findings.push_back(std::move(*finding));
  }
  return findings;
}

}  // namespace cardwarden::rules
