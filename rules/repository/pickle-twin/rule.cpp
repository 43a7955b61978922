// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include "engine/repository_query.h"

namespace cardwarden::rules {

std::vector<Finding> repository_pickle_twin(const Subject& subject) {
  std::vector<Finding> findings;
  for (const WeightFile* file : around::files_that_run_code(*subject.repository->weights, true)) {
    findings.push_back(file_finding(
        Outcome::violated, around::quote_format(*file),
        file->path + " can run code when it is loaded; the same folder has the weights as safetensors.",
        "Remove the pickle, so that no loader takes it by mistake.", file->path));
  }
  return findings;
}

}  // namespace cardwarden::rules
