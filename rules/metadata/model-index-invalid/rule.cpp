// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <algorithm>

#include "base/text.h"
#include "engine/metadata.h"

namespace cardwarden::rules {
namespace {

using metadata::Value;

// "model-index[0].results[1].task" → "/0/results/1/task", as the Hub's messages name places.
std::string pointer(const std::string& path) {
  std::string out;
  for (const char c : path.substr(std::string_view("model-index").size())) {
    if (c == '[' || c == '.')
      out += '/';
    else if (c != ']')
      out += c;
  }
  return out.empty() ? "/" : out;
}

Finding at(const Value& value, const std::string& what, std::string remedy) {
  return violated(value.span, "model-index: " + pointer(value.path) + " " + what, std::move(remedy),
                  value.path);
}

// The member, or nothing and a finding at its parent.
Value require(const Value& parent, std::string_view key, std::string_view meaning,
              std::vector<Finding>& out) {
  Value value = metadata::member(parent, key);
  if (value.exists() && !value.blank()) return value;
  const std::string name(key);
  if (value.exists()) {
    out.push_back(at(value, "is empty.", "Write " + std::string(meaning) + "."));
  } else {
    Finding finding =
        at(parent, "must have property '" + name + "'.", "Add " + name + ": " + std::string(meaning) + ".");
    finding.key += "." + name;
    out.push_back(std::move(finding));
  }
  return {};
}

bool expect_mapping(const Value& value, std::vector<Finding>& out) {
  if (!value.exists()) return false;
  if (value.node->is_mapping()) return true;
  out.push_back(at(value, "must be a mapping of keys to values.",
                   "Write its keys on lines of their own, one level deeper."));
  return false;
}

bool expect_list(const Value& value, std::vector<Finding>& out) {
  if (!value.exists()) return false;
  if (value.node->is_sequence()) return true;
  out.push_back(at(value, "must be a list.", "Begin each entry with a dash."));
  return false;
}

void check_metric(const Value& metric, std::vector<Finding>& out) {
  if (!expect_mapping(metric, out)) return;
  require(metric, "type", "the id of the metric, for example accuracy", out);
  require(metric, "value", "the measured value", out);
  const Value verified = metadata::member(metric, "verified");
  const Value token = metadata::member(metric, "verifyToken");
  if (verified.exists() && verified.text() == "true" && !token.exists()) {
    out.push_back(
        at(verified, "is set by hand; the Hub computes it from a verifyToken.", "Remove verified."));
  }
}

void check_result(const Value& result, std::vector<Finding>& out) {
  if (!expect_mapping(result, out)) return;
  if (const Value task = require(result, "task", "the task, with its type", out); expect_mapping(task, out)) {
    require(task, "type", "the id of the task, for example text-classification", out);
  }
  if (const Value dataset = metadata::member(result, "dataset"); dataset.blank()) {
    require(result, "dataset", "the data set, with type and name", out);
  } else if (expect_mapping(dataset, out)) {
    require(dataset, "type", "the id of the data set on the Hub", out);
    require(dataset, "name", "the name of the data set for readers", out);
  }
  if (const Value metrics = require(result, "metrics", "the metrics, each with type and value", out);
      expect_list(metrics, out)) {
    for (const Value& metric : metadata::items(metrics)) check_metric(metric, out);
  }
  if (const Value source = metadata::member(result, "source");
      source.exists() && expect_mapping(source, out)) {
    require(source, "url", "where the result was published", out);
  }
}

// Tools that leave the data set out leave it out of every result: one finding for all of them.
void check_datasets(const std::vector<Value>& results, std::vector<Finding>& out) {
  const auto lacks = [](const Value& result) {
    return result.node->is_mapping() && !metadata::member(result, "dataset").exists();
  };
  const auto first = std::find_if(results.begin(), results.end(), lacks);
  if (first == results.end()) return;
  const auto more = std::count_if(first + 1, results.end(), lacks);
  Finding finding = at(*first, "must have property 'dataset'",
                       "Add dataset: with the type and name of the data set the numbers were measured on.");
  finding.message +=
      more == 0 ? "."
                : "; so must " +
                      text::plural(static_cast<std::size_t>(more), "other result", "other results") + ".";
  finding.key += ".dataset";
  out.push_back(std::move(finding));
}

}  // namespace

std::vector<Finding> metadata_model_index_invalid(const Subject& subject) {
  if (subject.card.kind != Kind::model) return {};
  std::vector<Finding> out;
  const Value index = metadata::select_one(subject.card, "model-index");
  if (index.blank() || !expect_list(index, out)) return out;
  for (const Value& model : metadata::items(index)) {
    if (!expect_mapping(model, out)) continue;
    require(model, "name", "the name of the model", out);
    const Value results = require(model, "results", "the list of results", out);
    if (!expect_list(results, out)) continue;
    for (const Value& result : metadata::items(results)) {
      if (metadata::full(out)) return out;
      check_result(result, out);
    }
    check_datasets(metadata::items(results), out);
  }
  return out;
}

}  // namespace cardwarden::rules
