// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "engine/repository_query.h"

namespace cardwarden::rules {

std::vector<Finding> repository_revision_unpinned(const Subject& subject) {
  std::vector<Finding> findings;
  for (const AdapterConfig& adapter : subject.repository->snapshot->adapter_configs) {
    const bool pinned = adapter.revision && !text::trim(adapter.revision->value).empty();
    if (!adapter.base_model || pinned || !around::is_hub_id(adapter.base_model->value)) continue;
    findings.push_back(file_finding(Outcome::violated, around::quote(adapter.path, *adapter.base_model),
                                    adapter.path + " names the base model without a revision.",
                                    "Add the commit of the base model as \"revision\".", adapter.path));
  }
  for (const Said& said : subject.phrases.said("remote")) {
    if (subject.phrases.in(subject.phrases.unit(said), "pinned")) continue;
    const Evidence evidence = subject.phrases.evidence(said);
    Finding finding = violated(evidence.words, "The example runs code of a repository without a revision.",
                               "Add revision=\"<commit>\" to the call.", "remote-code");
    finding.evidence = {evidence};
    findings.push_back(std::move(finding));
    break;
  }
  return findings;
}

}  // namespace cardwarden::rules
