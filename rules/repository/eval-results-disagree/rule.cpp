// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>

#include "base/text.h"
#include "engine/repository_query.h"
#include "evidence/query.h"

namespace cardwarden::rules {
namespace {

constexpr std::size_t kMaxMetrics = 500;  // of model-index; more are not compared

std::string squeeze(std::string_view s) {
  std::string out;
  for (const char c : text::lower(s)) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out.push_back(c);
  }
  return out;
}

std::string value_of(const yaml::Node* node) {
  return query::says_something(node) ? node->text : std::string();
}

int decimals_of(std::string_view written) {
  const std::size_t dot = written.find('.');
  if (dot == std::string_view::npos) return 0;
  std::size_t end = dot + 1;
  while (end < written.size() && written[end] >= '0' && written[end] <= '9') ++end;
  return static_cast<int>(end - dot - 1);
}

// On the same scale, or one as a share and the other in per cent.
bool same(const query::Number& claim, double value, std::string_view written) {
  query::Number other;
  other.value = value;
  other.decimals = decimals_of(written);
  if (query::same_figure(claim, other)) return true;
  for (const int shift : {2, -2}) {
    query::Number scaled = other;
    scaled.value = shift > 0 ? value * 100 : value / 100;
    scaled.decimals = std::max(0, other.decimals - shift);
    if (query::same_figure(claim, scaled)) return true;
  }
  return false;
}

struct Refutation {
  FileQuote quote;
  double value = 0;
  std::string written;
};

bool names_settings(std::string_view words) {
  const std::string folded = text::lower_ascii(words);
  return folded.find("shot") != std::string::npos || folded.find("test") != std::string::npos ||
         folded.find("train") != std::string::npos;
}

// The one item of .eval_results for the metric's data set.
std::optional<Refutation> in_eval_results(const Snapshot& snapshot, const query::IndexedMetric& metric) {
  const std::string type = squeeze(value_of(metric.dataset_type));
  std::optional<Refutation> out;
  for (const EvalResult& one : snapshot.eval_results) {
    if (!one.dataset || !one.value || type.empty() || squeeze(one.dataset->value) != type) continue;
    if (out || one.revision || names_settings(value_of(metric.name))) return std::nullopt;
    out = Refutation{around::quote(one.path, *one.value), std::strtod(one.value->value.c_str(), nullptr),
                     one.value->value};
  }
  return out;
}

// "eval_accuracy" of the trainer's files, which is measured on the evaluation set.
std::optional<Refutation> in_results(const Snapshot& snapshot, const query::IndexedMetric& metric) {
  const std::string settings = value_of(metric.split) + " " + value_of(metric.name);
  if (names_settings(settings)) return std::nullopt;
  const std::string type = squeeze(value_of(metric.type));
  for (const NamedNumber& one : snapshot.results) {
    if (one.name.rfind("eval_", 0) != 0 || type.empty() || squeeze(one.name.substr(5)) != type) continue;
    const std::size_t colon = one.fact.quote.rfind(':');
    return Refutation{around::quote(one.path, one.fact), one.fact.value,
                      colon == std::string::npos ? one.fact.quote : one.fact.quote.substr(colon + 1)};
  }
  return std::nullopt;
}

template <typename Key>
bool only_one(const std::vector<query::IndexedMetric>& index, const Key& key) {
  return std::count_if(index.begin(), index.end(), key) == 1;
}

}  // namespace

std::vector<Finding> repository_eval_results_disagree(const Subject& subject) {
  auto index = query::model_index(subject.card);
  if (index.size() > kMaxMetrics) index.resize(kMaxMetrics);
  std::vector<Finding> findings;
  for (const query::IndexedMetric& metric : index) {
    const std::string data = squeeze(value_of(metric.dataset_type));
    const std::string type = squeeze(value_of(metric.type));
    const auto figures = query::numbers(subject.card, metric.value->span);
    if (figures.empty()) continue;
    std::optional<Refutation> file;
    if (only_one(index, [&](const auto& one) { return squeeze(value_of(one.dataset_type)) == data; }))
      file = in_eval_results(*subject.repository->snapshot, metric);
    if (!file && only_one(index, [&](const auto& one) { return squeeze(value_of(one.type)) == type; }))
      file = in_results(*subject.repository->snapshot, metric);
    if (!file || same(figures.front(), file->value, file->written)) continue;
    const std::string shown = text::excerpt(value_of(metric.type), 60);
    findings.push_back(
        refuted(around::evidence_of(*metric.value), file->quote,
                "The card gives another value for " + shown + " than " + file->quote.path + ".",
                "Correct the wrong figure, or name the split, setting or revision in which the two differ.",
                "model-index." + shown));
  }
  return findings;
}

}  // namespace cardwarden::rules
