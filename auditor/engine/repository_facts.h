// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a rule can see of the repository around a card, at one commit. Read once by whoever opens the
// repository and shared by all rules; nothing here is owned.

#include <vector>

#include "repository/history.h"
#include "repository/model_signature.h"
#include "repository/snapshot.h"
#include "repository/ssh_signature.h"
#include "repository/weights.h"

namespace cardwarden {

struct SecretFiles;
struct Timeline;

struct RepositoryFacts {
  const Snapshot* snapshot = nullptr;            // never null
  const WeightFacts* weights = nullptr;          // never null
  std::vector<ModelSignature> model_signatures;  // of model.sig and other *.sig, in the order of their paths
  SignatureReport commit_signature;
  const History* history = nullptr;  // null where nobody read it
  const SecretFiles* secrets =
      nullptr;                         // of its text files (engine/secret_files.h); null where nobody looked
  const Timeline* timeline = nullptr;  // of that history (engine/timeline.h); null where nobody made it
};

}  // namespace cardwarden
