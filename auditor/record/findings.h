// SPDX-License-Identifier: Apache-2.0
#pragma once
// What an audit found, as one document: canonical JSON, addressed by its SHA-256. It holds words of cards, so
// it stays outside the log, where it can be deleted; secrets are masked as in every report.
// Format: docs/formats/findings.md. Pure: the same reports give the same bytes.

#include <string>
#include <vector>

#include "policy/judge.h"
#include "record/statement.h"

namespace cardwarden {

struct FindingsDocument {
  std::string json;
  DocumentRef ref;
};

FindingsDocument findings_document(const std::vector<const CardReport*>& reports);

}  // namespace cardwarden
