// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/text.h"
#include "engine/repository_query.h"

namespace cardwarden::rules {
namespace {

struct Precision {
  const char* phrases;       // of detect.yaml
  std::string_view dtype;    // in a header
  std::string_view name;     // in config.json
  std::string_view in_text;  // in a message
};
constexpr std::array<Precision, 3> kPrecisions = {{{"fp32", "F32", "float32", "32 bit"},
                                                   {"fp16", "F16", "float16", "fp16"},
                                                   {"bf16", "BF16", "bfloat16", "bf16"}}};

constexpr double kPart = 0.1;  // of the elements: norms and routers are often kept in another type

bool any_gguf(const WeightFacts& weights) {
  return std::any_of(weights.sets.begin(), weights.sets.end(),
                     [](const WeightSet& set) { return set.format == WeightFormat::gguf; });
}

// What the repository says of the stored types.
struct Stored {
  FileQuote quote;
  std::vector<std::string> types;  // of headers, or of the configuration where there is no header
  bool quantized = false;
  std::optional<std::int64_t> bits;
};

std::optional<Stored> stored(const RepositoryFacts& facts) {
  const WeightFacts& weights = *facts.weights;
  const ModelConfig* config = around::root_config(facts);
  Stored out;
  std::uint64_t all = 0;
  for (const auto& [dtype, elements] : weights.dtypes) all += elements;
  for (const auto& [dtype, elements] : weights.dtypes) {
    if (static_cast<double>(elements) >= kPart * static_cast<double>(all)) out.types.push_back(dtype);
    if (!out.quote.words.empty()) out.quote.words += ", ";
    out.quote.words += std::to_string(elements) + " elements of " + dtype;
  }
  const auto headed = std::find_if(weights.files.begin(), weights.files.end(), [](const WeightFile& file) {
    return file.role == WeightRole::model && !file.dtypes.empty();
  });
  if (headed != weights.files.end()) out.quote.path = headed->path;
  if (config != nullptr && config->quantization) {
    out.quantized = true;
    out.quote = around::quote(config->path, config->quantization->method);
    if (config->quantization->bits) {
      out.bits = config->quantization->bits->value;
      out.quote = around::quote(config->path, *config->quantization->bits);
    }
  } else if (out.types.empty() && config != nullptr && config->dtype) {
    out.quote = around::quote(config->path, *config->dtype);
    for (const Precision& one : kPrecisions) {
      if (one.name == config->dtype->value) out.types.emplace_back(one.dtype);
    }
  }
  if (out.quote.path.empty() || (!out.quantized && out.types.empty())) return std::nullopt;
  return out;
}

bool plain_types(const Stored& facts) {
  return !facts.quantized && std::all_of(facts.types.begin(), facts.types.end(), [](const std::string& type) {
    return std::any_of(kPrecisions.begin(), kPrecisions.end(),
                       [&type](const Precision& one) { return one.dtype == type; });
  });
}

// Where the claim is wrong, what the weights are instead.
bool refutes(const Stored& facts, const Phrases& phrases, const Unit& unit) {
  if (phrases.in(unit, "unquantised")) return facts.quantized;
  if (phrases.in(unit, "four-bit")) return plain_types(facts) || (facts.bits && *facts.bits != 4);
  if (phrases.in(unit, "eight-bit")) return plain_types(facts) || (facts.bits && *facts.bits != 8);
  std::size_t named = 0;
  bool right = false;
  for (const Precision& one : kPrecisions) {
    if (!phrases.in(unit, one.phrases)) continue;
    ++named;
    right = right || std::find(facts.types.begin(), facts.types.end(), one.dtype) != facts.types.end();
  }
  return named > 0 && !right && plain_types(facts);
}

// Weights whose types cannot be read, where the text says what they are.
std::vector<Finding> types_not_known(const Subject& subject) {
  const WeightFacts& weights = *subject.repository->weights;
  const auto model = std::find_if(weights.files.begin(), weights.files.end(),
                                  [](const WeightFile& file) { return file.role == WeightRole::model; });
  if (model == weights.files.end()) return {};
  for (const Said& said : subject.phrases.said("stored")) {
    if (subject.phrases.in(subject.phrases.unit(said), "others")) continue;
    Finding finding = cannot_tell("The precision in the text cannot be compared with the weights.",
                                  {model->path, 0, "no header here, and no type in config.json"}, "dtype");
    finding.evidence = {subject.phrases.evidence(said)};
    return {finding};
  }
  return {};
}

}  // namespace

std::vector<Finding> repository_dtype_mismatch(const Subject& subject) {
  if (any_gguf(*subject.repository->weights)) return {};
  const auto facts = stored(*subject.repository);
  if (!facts) return types_not_known(subject);
  for (const Said& said : subject.phrases.said("stored")) {
    const Unit& unit = subject.phrases.unit(said);
    if (subject.phrases.in(unit, "others") || !refutes(*facts, subject.phrases, unit)) continue;
    return {refuted(subject.phrases.evidence(said), facts->quote,
                    "The text gives another precision than the weights have.",
                    "Correct the text, or say which file it speaks of.", "dtype")};
  }
  return {};
}

}  // namespace cardwarden::rules
