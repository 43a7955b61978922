// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "engine/gguf_query.h"
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

// What the files call the architecture.
struct Named {
  std::string_view family;
  std::string words;  // "the model_type llama of config.json"
  FileQuote quote;
};
std::optional<Named> family_of_files(const Subject& subject, const ModelConfig* config) {
  if (config != nullptr) {
    const auto family = config->model_type ? around::family_of_type(config->model_type->value) : std::nullopt;
    if (!family) return std::nullopt;
    return Named{*family,
                 "the model_type " + text::excerpt(config->model_type->value, 60) + " of config.json",
                 around::quote(config->path, *config->model_type)};
  }
  std::optional<Named> out;
  for (const around::HeaderValue& one : around::header_values(*subject.repository, "general.architecture")) {
    // Converters write these for several families: Mistral as "llama", RoBERTa as "bert".
    const bool shared = one.text == "llama" || one.text == "bert";
    const auto family = shared ? std::nullopt : around::family_of_type(one.text);
    if (!family || (out && out->family != *family)) return std::nullopt;
    if (!out) {
      out =
          Named{*family, "the header of " + text::excerpt(one.file->path, 100) + ", " + std::string(*family),
                one.quote};
    }
  }
  return out;
}

std::optional<Finding> check_family(const Subject& subject, const ModelConfig* config) {
  const auto files = family_of_files(subject, config);
  if (!files) return std::nullopt;
  for (const Said& said : subject.phrases.said("architecture")) {
    const Unit& unit = subject.phrases.unit(said);
    if (is_left_out(subject, unit)) continue;
    const auto named = around::families_in(subject.card.quote(unit.span));
    if (named.empty() || std::find(named.begin(), named.end(), files->family) != named.end()) continue;
    return refuted({unit.span, unit.span}, files->quote,
                   "The text names another architecture than " + files->words + ".", kRemedy, "architecture");
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

std::optional<Finding> check_layers(const Subject& subject, const ModelConfig* config) {
  if (config == nullptr || !config->layers) return std::nullopt;
  for (const Said& said : subject.phrases.said("layers")) {
    const Unit& unit = subject.phrases.unit(said);
    const auto number = only_number(subject, unit);
    if (!number || is_left_out(subject, unit) || number->first == static_cast<double>(config->layers->value))
      continue;
    return refuted({unit.span, number->second}, around::quote(config->path, *config->layers),
                   "The text gives another number of layers than config.json.", kRemedy, "layers");
  }
  return std::nullopt;
}

// How many positions the files have, the most that any says; nothing where they are scaled.
struct Positions {
  double count = 0;
  FileQuote quote;
};
std::optional<Positions> positions_of(const Subject& subject, const ModelConfig* config) {
  std::optional<Positions> out;
  if (config != nullptr) {
    // "default" is how newer writers say that nothing is scaled.
    if (config->rope_scaling && config->rope_scaling->value != "default") return std::nullopt;
    if (config->max_positions) {
      out = Positions{static_cast<double>(config->max_positions->value),
                      around::quote(config->path, *config->max_positions)};
    }
  }
  if (const auto header = around::header_context(*subject.repository)) {
    if (header->scaled) return std::nullopt;
    const auto count = static_cast<double>(header->tokens);
    if (!out || count > out->count) out = Positions{count, header->quote};
  }
  return out;
}

bool only_pointers(const WeightFacts& weights) {
  return !weights.files.empty() && std::all_of(weights.files.begin(), weights.files.end(),
                                               [](const WeightFile& file) { return file.from_pointer; });
}

std::optional<Finding> check_context(const Subject& subject, const ModelConfig* config) {
  const auto positions = positions_of(subject, config);
  const WeightFacts& weights = *subject.repository->weights;
  if (!positions && (config != nullptr || !only_pointers(weights))) return std::nullopt;
  for (const Said& said : subject.phrases.said("context")) {
    const Unit& unit = subject.phrases.unit(said);
    const auto number = only_number(subject, unit);
    if (!number || is_left_out(subject, unit) || number->first < kLeastContext) continue;
    if (!positions) {
      Finding finding =
          cannot_tell("The context length in the text cannot be compared with the weights.",
                      {weights.files.front().path, 0, "no header here, and no config.json"}, "context");
      finding.evidence = {{unit.span, number->second}};
      return finding;
    }
    if (number->first <= positions->count * kRounding) continue;
    return refuted({unit.span, number->second}, positions->quote,
                   "The text promises a longer context than " + positions->quote.path + " has positions for.",
                   kRemedy, "context");
  }
  return std::nullopt;
}

}  // namespace

std::vector<Finding> repository_architecture_mismatch(const Subject& subject) {
  const ModelConfig* config = around::root_config(*subject.repository);
  std::vector<Finding> findings;
  for (const auto check : {check_family, check_layers, check_context}) {
    if (auto finding = check(subject, config)) findings.push_back(std::move(*finding));
  }
  return findings;
}

}  // namespace cardwarden::rules
