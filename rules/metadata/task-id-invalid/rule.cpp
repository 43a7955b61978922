// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include "engine/hub.h"
#include "engine/metadata.h"

namespace cardwarden::rules {

std::vector<Finding> metadata_task_id_invalid(const Subject& subject) {
  if (subject.card.kind != Kind::dataset) return {};
  const metadata::Vocabulary ids{"a task id of the Hub", hub::entries(hub::List::task_ids),
                                 hub::version(hub::List::task_ids)};
  std::vector<Finding> out;
  for (const metadata::Value& value : metadata::select(subject.card, "task_ids[]")) {
    if (metadata::full(out)) break;
    if (!value.is_text() || metadata::listed(ids, value.text())) continue;
    Finding finding = metadata::not_listed(value, ids);
    if (hub::contains(hub::List::tasks, value.text())) {
      finding.message = metadata::quoted(value.text()) + " is a task category, not a task id.";
      finding.remedy = "Move it to task_categories, and write the finer task here.";
    } else if (value.text().find("-other-") != std::string_view::npos) {
      finding.remedy = "Write the free part as a tag in tags, and remove it here.";
    }
    out.push_back(finding);
  }
  return out;
}

}  // namespace cardwarden::rules
