// SPDX-License-Identifier: Apache-2.0
#pragma once
// Report formats. All render the same values and none changes the exit code. A writer is given the run's
// start, then each card once in a fixed order, then the end; it keeps nothing of a card, so that memory does
// not grow with the number of cards (formats that need totals first spool to a temporary file).

#include <functional>
#include <iosfwd>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/rule_page.h"
#include "policy/judge.h"

namespace cardwarden {

struct RunInfo {
  std::string_view version;        // of the tool, "0.1.0"
  std::string_view commit;         // git commit of the build, may be "unknown"
  std::string_view rules_digest;   // SHA-256 of the built-in rules
  const Policy* policy = nullptr;  // outlives the writer
  std::vector<RuleMeta> rules;     // every rule the policy switches on, sorted by id
  std::map<std::string, std::string, std::less<>>
      titles;                     // rule id → title, of rules beyond those; may be empty
  bool colour = false;            // for text
  unsigned terminal_width = 100;  // for text
};

// A file that could not be read; reported beside the cards.
struct InputProblem {
  std::string path;
  std::string message;
};

class ReportWriter {
 public:
  ReportWriter() = default;
  ReportWriter(const ReportWriter&) = delete;
  ReportWriter& operator=(const ReportWriter&) = delete;
  virtual ~ReportWriter() = default;

  virtual void begin(const RunInfo& run) = 0;
  virtual void card(const CardReport& report) = 0;
  virtual void problem(const InputProblem& problem) = 0;
  virtual void end(const Totals& totals) = 0;
};

struct ReportFormat {
  std::string_view name;  // "text", as typed
  std::string_view what;  // one line for --help
  std::unique_ptr<ReportWriter> (*make)(std::ostream& out);
  bool shows_disclosures = false;  // all of them, not only those that findings are about
};

// text json jsonl sarif junit github gitlab markdown html csv
const std::vector<ReportFormat>& report_formats();
const ReportFormat* find_report_format(std::string_view name);

}  // namespace cardwarden
