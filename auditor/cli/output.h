// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where reports go: standard output, or files that appear whole or not at all.

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/command.h"
#include "report/report.h"

namespace cardwarden::cli {

// The writers of one run. The nth format goes to the nth output; a format without one goes to standard
// output, and only one may.
class Outputs {
 public:
  static Result<Outputs> open(World& world, const std::vector<std::string>& formats,
                              const std::vector<std::string>& files);

  Outputs(Outputs&&) = default;
  Outputs& operator=(Outputs&&) = delete;
  ~Outputs();  // removes the temporary files of a run that did not come to commit()

  void begin(const RunInfo& run);
  void card(const CardReport& report);
  void problem(const InputProblem& problem);
  void end(const Totals& totals);
  Done commit();  // after end(): the files take their names

  // Whether a report shows all disclosures of a card.
  bool show_disclosures() const { return show_disclosures_; }
  bool text_on_terminal() const { return text_on_terminal_; }
  // Whether a person reads standard output: text stands there, or nothing does.
  bool words_on_standard_output() const { return words_on_standard_output_; }

 private:
  struct File {
    std::string path;
    std::string temporary;  // empty: written in place, or renamed already
    std::unique_ptr<std::ofstream> stream;
  };
  Outputs() = default;

  std::vector<File> files_;
  std::vector<std::unique_ptr<ReportWriter>> writers_;  // after files_: destroyed first
  std::vector<bool> to_terminal_;
  bool show_disclosures_ = false;
  bool text_on_terminal_ = false;
  bool words_on_standard_output_ = true;
};

}  // namespace cardwarden::cli
