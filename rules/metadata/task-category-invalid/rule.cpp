// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <algorithm>
#include <array>

#include "engine/hub.h"
#include "engine/metadata.h"

namespace cardwarden::rules {
namespace {

// Pipeline tags of models that are no category of data sets.
constexpr std::array<std::string_view, 5> kNotForDatasets = {
    "audio-text-to-text", "document-question-answering", "keypoint-detection", "video-to-video", "other"};

Finding judge(const metadata::Value& value) {
  const std::string task(value.text());
  if (hub::contains(hub::List::tasks, task)) {
    return violated(
        value.span, "\"" + task + "\" is a task of the Hub, but not a category of data sets.",
        "Choose the category that is nearest, or remove the entry and say in the text what the data is for.",
        value.path);
  }
  if (task == "text2text-generation" || task == "conversational") {
    return violated(value.span, "\"" + task + "\" is no longer a task of the Hub.",
                    "Write text-generation, or the task that fits more closely: translation, summarization, "
                    "question-answering.",
                    value.path);
  }
  if (hub::contains(hub::List::task_ids, task)) {
    return violated(value.span, "\"" + task + "\" is a task id, not a task category.",
                    "Move it to task_ids, and write its category here.", value.path);
  }
  return metadata::not_listed(
      value, {"a task category of the Hub", hub::entries(hub::List::tasks), hub::version(hub::List::tasks)});
}

}  // namespace

std::vector<Finding> metadata_task_category_invalid(const Subject& subject) {
  if (subject.card.kind != Kind::dataset) return {};
  std::vector<Finding> out;
  for (const metadata::Value& value : metadata::select(subject.card, "task_categories[]")) {
    const bool excluded =
        std::find(kNotForDatasets.begin(), kNotForDatasets.end(), value.text()) != kNotForDatasets.end();
    if (metadata::full(out)) break;
    if (value.is_text() && (excluded || !hub::contains(hub::List::tasks, value.text())))
      out.push_back(judge(value));
  }
  return out;
}

}  // namespace cardwarden::rules
