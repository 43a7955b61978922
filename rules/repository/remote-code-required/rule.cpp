// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "engine/repository_query.h"

namespace cardwarden::rules {
namespace {

constexpr const char* kRemedy =
    "Use an architecture that the library has, or say in the card why the code is needed and pin its "
    "revision.";

// "modeling_x.Model" is code where modeling_x.py lies beside the configuration,
// "owner/name--modeling_x.Model" always.
bool runs_code(const Snapshot& snapshot, const std::string& config, const std::string& entry) {
  if (entry.find("--") != std::string::npos) return true;
  const std::string folder = config.substr(0, config.size() - std::string("config.json").size());
  return snapshot.find(folder + entry.substr(0, entry.find('.')) + ".py") != nullptr;
}

}  // namespace

std::vector<Finding> repository_remote_code_required(const Subject& subject) {
  const Snapshot& snapshot = *subject.repository->snapshot;
  const auto asked = subject.phrases.said("asked");
  const auto at = std::find_if(asked.begin(), asked.end(), [&](const Said& said) {
    return !subject.phrases.in(subject.phrases.unit(said), "not-asked");
  });
  const bool card_asks = at != asked.end();
  for (const ModelConfig& config : snapshot.configs) {
    for (const TextFact& entry : config.remote_code) {
      if (!card_asks && !runs_code(snapshot, config.path, entry.value)) continue;
      Finding finding = file_finding(
          Outcome::violated, around::quote(config.path, entry),
          config.path + " sends the loader to code of a repository: " + text::excerpt(entry.value, 100) + ".",
          kRemedy, "remote-code");
      if (card_asks) finding.evidence.push_back(subject.phrases.evidence(*at));
      return {finding};
    }
  }
  if (!card_asks) return {};
  const Evidence evidence = subject.phrases.evidence(*at);
  Finding finding =
      violated(evidence.words, "The card tells readers to run code of a repository.", kRemedy, "remote-code");
  finding.evidence = {evidence};
  return {finding};
}

}  // namespace cardwarden::rules
