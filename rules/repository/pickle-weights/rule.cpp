// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include "engine/repository_query.h"

namespace cardwarden::rules {

std::vector<Finding> repository_pickle_weights(const Subject& subject) {
  std::vector<Finding> findings;
  for (const WeightFile* file : around::files_that_run_code(*subject.repository->weights, false)) {
    findings.push_back(
        file_finding(Outcome::violated, around::quote_format(*file),
                     file->path + " can run code when it is loaded, and there are no safetensors beside it.",
                     "Publish the weights as safetensors.", file->path));
  }
  return findings;
}

}  // namespace cardwarden::rules
