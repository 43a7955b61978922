// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "engine/repository_query.h"
#include "evidence/query.h"

namespace cardwarden::rules {
namespace {

constexpr double kTolerance = 0.1;     // a number that was only rounded is nearer
constexpr double kLeastClaim = 100e3;  // smaller numbers are seldom the size of a model
constexpr double kMostClaim = 100e12;

struct Claim {
  double value = 0;
  double rounding = 0;  // half of its last digit
  Evidence evidence;
};

double scale_of(std::string_view unit) {
  const std::string word = text::lower_ascii(unit);
  if (word == "k" || word == "thousand") return 1e3;
  if (word == "m" || word == "mio" || word == "million" || word == "millions") return 1e6;
  if (word == "b" || word == "bn" || word == "billion" || word == "billions") return 1e9;
  return word == "t" || word == "trillion" ? 1e12 : 1;
}

// "7.24B parameters", "Parameters: 494,000,000": the one number of the unit that can be a size.
std::optional<Claim> claim_of(const Subject& subject, const Said& said) {
  const Unit& unit = subject.phrases.unit(said);
  if (subject.phrases.in(unit, "others")) return std::nullopt;
  const Block& block = subject.card.blocks[unit.block];
  if (unit.kind == UnitKind::table && query::cells(subject.card, block).size() != 2) return std::nullopt;
  const Span said_words = subject.phrases.evidence(said).words;
  std::optional<Claim> out;
  for (const query::Number& number : query::numbers(subject.card, unit.span)) {
    const double scale = scale_of(subject.card.quote(number.unit));
    const double value = number.value * scale;
    if (!said_words.contains(number.span) || value < kLeastClaim || value > kMostClaim) continue;
    if (out) return std::nullopt;
    const Span words{number.span.begin, std::max(number.span.end, number.unit.end)};
    // "0.3B" is anything from 0.25 to 0.35.
    out = Claim{value, std::pow(10.0, -number.decimals) * scale / 2, {unit.span, words}};
  }
  return out;
}

bool near(const Claim& claim, const ParameterCount& count) {
  if (count.kind == CountKind::unknown) return false;
  const auto low = static_cast<double>(count.low);
  const auto high = static_cast<double>(count.high);
  return claim.value >= std::min(low * (1 - kTolerance), low - claim.rounding) &&
         claim.value <= std::max(high * (1 + kTolerance), high + claim.rounding);
}

bool fits(const WeightFacts& weights, const Claim& claim) {
  return near(claim, weights.parameters) ||
         std::any_of(weights.sets.begin(), weights.sets.end(),
                     [&claim](const WeightSet& set) { return near(claim, set.parameters); });
}

std::string grouped(std::uint64_t number) {
  std::string out = std::to_string(number);
  for (std::size_t at = out.size(); at > 3;) out.insert(at -= 3, 1, ',');
  return out;
}

}  // namespace

std::vector<Finding> repository_param_count_mismatch(const Subject& subject) {
  const WeightFacts& weights = *subject.repository->weights;
  const auto model = std::find_if(weights.sets.begin(), weights.sets.end(),
                                  [](const WeightSet& set) { return set.role == WeightRole::model; });
  if (model == weights.sets.end()) return {};
  std::optional<Claim> shown;
  for (const Said& said : subject.phrases.said("claim")) {
    const auto claim = claim_of(subject, said);
    if (!claim) continue;
    if (fits(weights, *claim)) return {};
    if (!shown) shown = claim;
  }
  if (!shown) return {};
  const std::string& path = weights.files[model->files.front()].path;
  if (weights.parameters.kind == CountKind::unknown) {
    Finding finding = cannot_tell("The number of parameters in the text cannot be compared with the weights.",
                                  {path, 0, weights.parameters.reason}, "parameters");
    finding.evidence = {shown->evidence};
    return {finding};
  }
  const bool exact = weights.parameters.kind == CountKind::exact;
  const std::string counted = (exact ? "" : "about ") + grouped(weights.parameters.value) + " parameters";
  return {refuted(shown->evidence, {path, 0, counted + ". " + weights.parameters.reason},
                  "The text says " + text::excerpt(subject.card.quote(shown->evidence.words), 60) +
                      " parameters, but the weights have " + counted + ".",
                  "Correct the number, or say what it counts (active parameters, the base model, a part).",
                  "parameters")};
}

}  // namespace cardwarden::rules
