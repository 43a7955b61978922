// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

namespace cardwarden::rules {
namespace {

constexpr std::size_t kMaxQuotes = 5;  // of one file

}  // namespace

std::vector<Finding> repository_pickle_imports(const Subject& subject) {
  std::vector<Finding> findings;
  const WeightFile* unknown = nullptr;
  std::size_t unknown_files = 0;
  for (const WeightFile& file : subject.repository->weights->files) {
    if (file.pickle_state == PickleState::not_assessable && file.role != WeightRole::training_state) {
      if (unknown == nullptr) unknown = &file;
      ++unknown_files;
    }
    Finding finding = card_finding(Outcome::violated, file.path + " imports what weights do not need.",
                                   "Do not load the file. Publish the weights as safetensors.", file.path);
    for (const PickleGlobal& global : file.pickle.globals) {
      if (is_usual_global(global.module, global.name) || finding.files.size() >= kMaxQuotes) continue;
      finding.files.push_back({file.path, 0,
                               "imports " + global.module + "." + global.name + ", called " +
                                   std::to_string(global.called) +
                                   (global.called == 1 ? " time" : " times")});
    }
    if (!finding.files.empty()) findings.push_back(std::move(finding));
  }
  if (unknown != nullptr) {
    findings.push_back(cannot_tell(
        unknown_files == 1 ? "What a pickle imports cannot be read here."
                           : "What " + std::to_string(unknown_files) + " pickles import cannot be read here.",
        {unknown->path, 0, unknown->note}, "pickles"));
  }
  return findings;
}

}  // namespace cardwarden::rules
