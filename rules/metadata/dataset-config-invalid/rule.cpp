// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <algorithm>
#include <set>

#include "engine/metadata.h"

namespace cardwarden::rules {
namespace {

using metadata::Value;
using Findings = std::vector<Finding>;

void report(const Value& value, std::string message, std::string remedy, Findings& out) {
  if (metadata::full(out)) return;
  out.push_back(violated(value.span, std::move(message), std::move(remedy), value.path));
}

bool is_split_name(std::string_view name) {  // letters, digits and underscores, with dots between
  const auto word = [](char c) {
    return c == '_' || c == '.' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  return std::all_of(name.begin(), name.end(), word) && name.front() != '.' && name.back() != '.';
}

void check_split(const Value& split, Findings& out) {
  if (!split.is_text() || is_split_name(split.text())) return;
  report(split,
         metadata::quoted(split.text()) +
             " cannot be the name of a split: names are of letters, digits, '_' and '.'.",
         "Write an underscore in place of each other character.", out);
}

bool is_pattern(const Value& path) {  // one text, or a list of texts
  const std::vector<Value> each = metadata::one_or_many(path);
  return !each.empty() && std::all_of(each.begin(), each.end(), [](const Value& v) { return v.is_text(); });
}

void check_data_files(const Value& files, Findings& out) {
  constexpr const char* kHow = "Write a path, a list of paths, or a list of entries with split: and path:.";
  if (!files.exists() || files.is_text()) return;
  if (!files.node->is_sequence()) return report(files, files.path + " is not a path or a list.", kHow, out);
  for (const Value& item : metadata::items(files)) {
    if (item.is_text()) continue;
    const Value split = metadata::member(item, "split");
    if (!split.is_text() || !is_pattern(metadata::member(item, "path"))) {
      report(item, item.path + " is neither a path nor a split with its path.", kHow, out);
    }
    check_split(split, out);
  }
}

void check_names(const Value& list, bool required, Findings& out) {
  std::set<std::string_view> seen;
  for (const Value& config : metadata::one_or_many(list)) {
    const Value name = metadata::member(config, "config_name");
    if (!name.is_text()) {
      if (required)
        report(config, config.path + " has no config_name.",
               "Add config_name; a single configuration is named default.", out);
    } else if (!seen.insert(name.text()).second) {
      report(name, "The configuration " + metadata::quoted(name.text()) + " is described twice.",
             "Give each configuration a name of its own.", out);
    }
  }
}

void check_configs(const Value& configs, Findings& out) {
  if (!configs.exists() || configs.blank()) return;
  if (!configs.node->is_sequence())
    return report(configs, "configs is not a list.",
                  "Begin each configuration with a dash: - config_name: default.", out);
  const std::vector<Value> all = metadata::items(configs);
  if (!all.empty() &&
      std::none_of(all.begin(), all.end(), [](const Value& v) { return v.node->is_mapping(); })) {
    return report(configs,
                  "configs lists bare names. The loader reads entries with config_name, and a bare name "
                  "describes nothing.",
                  "Write - config_name: and data_files: for each, or remove configs.", out);
  }
  check_names(configs, true, out);
  bool has_default = false;
  for (const Value& config : all) {
    check_data_files(metadata::member(config, "data_files"), out);
    const Value marked = metadata::member(config, "default");
    if (!marked.exists() || marked.text() != "true") continue;
    if (has_default)
      report(marked, "More than one configuration is the default.",
             "Keep default: true on one configuration.", out);
    has_default = true;
  }
}

void check_count(const Value& value, Findings& out) {
  if (!value.exists() || value.blank() || metadata::is_number(value)) return;
  report(value, value.path + " is not a number.",
         "Write a bare whole number, without quotes, units or separators.", out);
}

void check_info(const Value& info, Findings& out) {
  if (!info.exists() || info.blank()) return;
  if (info.node->is_scalar())
    return report(info, "dataset_info is not a mapping or a list.", "Write its keys one level deeper.", out);
  const bool several = info.node->is_sequence() && info.node->items.size() > 1;
  check_names(info, several, out);
  for (const Value& one : metadata::one_or_many(info)) {
    for (const std::string_view key : {"download_size", "dataset_size"})
      check_count(metadata::member(one, key), out);
    const Value splits = metadata::member(one, "splits");
    if (splits.exists() && !splits.blank() && !splits.node->is_sequence()) {
      report(splits, splits.path + " is not a list.", "Begin each split with a dash: - name: train.", out);
    }
    for (const Value& split : metadata::items(splits)) {
      const Value name = metadata::member(split, "name");
      if (!name.is_text())
        report(split, split.path + " has no name.", "Add name, for example name: train.", out);
      check_split(name, out);
      for (const std::string_view key : {"num_bytes", "num_examples"})
        check_count(metadata::member(split, key), out);
    }
  }
}

}  // namespace

std::vector<Finding> metadata_dataset_config_invalid(const Subject& subject) {
  if (subject.card.kind != Kind::dataset) return {};
  Findings out;
  check_configs(metadata::select_one(subject.card, "configs"), out);
  check_info(metadata::select_one(subject.card, "dataset_info"), out);
  return out;
}

}  // namespace cardwarden::rules
