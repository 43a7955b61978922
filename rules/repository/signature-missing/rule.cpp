// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

namespace cardwarden::rules {

std::vector<Finding> repository_signature_missing(const Subject& subject) {
  const auto& files = subject.repository->weights->files;
  if (files.empty() || !subject.repository->model_signatures.empty()) return {};
  return {
      file_finding(Outcome::absent, {files.front().path, 0, "weights without a signature beside them"},
                   "The repository has weights and no model signature.",
                   "Sign the model, for instance with OpenSSF model signing, and publish model.sig beside "
                   "the weights.",
                   "model-signature")};
}

}  // namespace cardwarden::rules
