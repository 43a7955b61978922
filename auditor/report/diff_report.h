// SPDX-License-Identifier: Apache-2.0
#pragma once
// What lies between two commits: disclosures, findings and weights, for a terminal and as JSON
// (docs/formats/history.md).

#include <iosfwd>
#include <string>
#include <vector>

#include "policy/judge.h"
#include "report/timeline_report.h"

namespace cardwarden {

constexpr std::string_view kDiffSchema = "cardwarden-diff/1";

// A finding that one side has and the other has not, by its fingerprint. Text is masked already.
struct DiffFinding {
  std::string rule;
  Severity severity = Severity::warning;
  std::string message;
  std::uint32_t line = 0;  // 0: the card as a whole
  std::string fingerprint;
};

struct DiffReport {
  std::string_view version;  // of the tool
  std::string repository;
  std::string before;  // as the user named them
  std::string after;
  ObjectId before_id;
  ObjectId after_id;
  std::string card;
  CardComparison changes;
  std::vector<DiffFinding> appeared;
  std::vector<DiffFinding> gone;
  std::size_t stayed = 0;
  std::vector<std::string> weights_added;  // paths
  std::vector<std::string> weights_changed;
  std::vector<std::string> weights_removed;
  std::size_t disclosed_before = 0;  // of the catalogue
  std::size_t disclosed_after = 0;
  bool colour = false;

  bool empty() const {
    return changes.empty() && appeared.empty() && gone.empty() && weights_added.empty() &&
           weights_changed.empty() && weights_removed.empty();
  }
};

void write_diff_text(std::ostream& out, const DiffReport& report);
void write_diff_json(std::ostream& out, const DiffReport& report);

}  // namespace cardwarden
