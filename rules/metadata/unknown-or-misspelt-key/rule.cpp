// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/text.h"
#include "engine/metadata.h"

namespace cardwarden::rules {
namespace {

using Keys = std::span<const std::string_view>;

// Keys that the Hub reads in cards of every kind, and those of one kind.
constexpr std::array<std::string_view, 8> kCommon = {"license",         "license_name", "license_link",
                                                     "license_details", "tags",         "datasets",
                                                     "thumbnail",       "description"};
constexpr std::array<std::string_view, 9> kRepository = {"language",
                                                         "language_bcp47",
                                                         "language_details",
                                                         "extra_gated_prompt",
                                                         "extra_gated_fields",
                                                         "extra_gated_heading",
                                                         "extra_gated_description",
                                                         "extra_gated_button_content",
                                                         "extra_gated_eu_disallowed"};
constexpr std::array<std::string_view, 14> kModel = {
    "library_name",    "pipeline_tag",  "buckets",          "metrics",   "base_model", "base_model_relation",
    "new_version",     "model-index",   "co2_eq_emissions", "inference", "widget",     "mask_token",
    "instance_prompt", "finetuned_from"};
constexpr std::array<std::string_view, 14> kDataset = {"annotations_creators",
                                                       "language_creators",
                                                       "multilinguality",
                                                       "size_categories",
                                                       "source_datasets",
                                                       "task_categories",
                                                       "task_ids",
                                                       "paperswithcode_id",
                                                       "pretty_name",
                                                       "configs",
                                                       "dataset_info",
                                                       "viewer",
                                                       "benchmark",
                                                       "train-eval-index"};
constexpr std::array<std::string_view, 27> kSpace = {"title",
                                                     "emoji",
                                                     "colorFrom",
                                                     "colorTo",
                                                     "sdk",
                                                     "sdk_version",
                                                     "python_version",
                                                     "app_file",
                                                     "app_build_command",
                                                     "app_port",
                                                     "base_path",
                                                     "fullWidth",
                                                     "header",
                                                     "short_description",
                                                     "models",
                                                     "pinned",
                                                     "hf_oauth",
                                                     "hf_oauth_scopes",
                                                     "hf_oauth_expiration_minutes",
                                                     "hf_oauth_authorized_org",
                                                     "disable_embedding",
                                                     "startup_duration_timeout",
                                                     "custom_headers",
                                                     "preload_from_hub",
                                                     "suggested_hardware",
                                                     "suggested_storage",
                                                     "duplicated_from"};
// Keys that tools write, near a key of the Hub but not meant for it.
constexpr std::array<std::string_view, 9> kOthers = {"model_name",    "model_type", "model_id",
                                                     "model_creator", "model_link", "quantized_by",
                                                     "name",          "task",       "version"};

bool has(Keys keys, std::string_view key) { return std::find(keys.begin(), keys.end(), key) != keys.end(); }

std::vector<std::string_view> known_for(Kind kind) {
  std::vector<std::string_view> out(kCommon.begin(), kCommon.end());
  const auto add = [&out](Keys keys) { out.insert(out.end(), keys.begin(), keys.end()); };
  if (kind != Kind::space) add(kRepository);
  add(kind == Kind::model ? Keys(kModel) : kind == Kind::dataset ? Keys(kDataset) : Keys(kSpace));
  return out;
}

bool is_key_of_any_kind(std::string_view key) {
  return has(kCommon, key) || has(kRepository, key) || has(kModel, key) || has(kDataset, key) ||
         has(kSpace, key) || has(kOthers, key);
}

std::string folded(std::string_view key) {
  std::string out = text::lower_ascii(text::trim(key));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c == '-' || c == ' '; }, '_');
  if (out.size() > 8 && out.compare(out.size() - 8, 8, "category") == 0)
    out.replace(out.size() - 1, 1, "ies");
  return out;
}

std::string_view meant(const std::string& key, Keys known) {
  std::string_view best;
  std::size_t distance = key.size() <= 6 ? 2 : 3;  // one letter in a short key, two in a long one
  if (key.size() < 4) distance = 1;                // three letters: case and separators only
  for (const std::string_view candidate : known) {
    const std::size_t d = text::edit_distance(key, folded(candidate), 2);
    if (d < distance) {
      distance = d;
      best = candidate;
    }
  }
  return best;
}

}  // namespace

std::vector<Finding> metadata_unknown_or_misspelt_key(const Subject& subject) {
  std::vector<Finding> out;
  const std::vector<std::string_view> known = known_for(subject.card.kind);
  const yaml::Node& root = subject.card.front_matter.root;
  for (const yaml::Entry& entry : root.entries) {
    const std::string& key = entry.key.text;
    if (metadata::full(out)) break;
    if (is_key_of_any_kind(key)) continue;
    const std::string_view other = meant(folded(key), known);
    if (other.empty()) continue;
    const bool plural = key == std::string(other) + "s";
    std::string message =
        plural
            ? "The Hub ignores the key \"" + key + "\"; the key it reads is \"" + std::string(other) + "\"."
            : "\"" + key + "\" is no key of the Hub's metadata, so what it says is lost without notice.";
    const bool both = root.find(other) != nullptr;
    out.push_back(violated(
        entry.key.span, std::move(message),
        both ? "Merge it into the key " + std::string(other) + ", which the card has too, and remove it."
             : "Rename the key to " + std::string(other) + ".",
        key));
  }
  return out;
}

}  // namespace cardwarden::rules
