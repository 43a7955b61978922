// SPDX-License-Identifier: Apache-2.0
// JSON Lines: an object a card or problem, the summary last. Nothing is held back.
#include <ostream>

#include "report/card_json.h"
#include "report/formats.h"
#include "report/render.h"

namespace cardwarden {
namespace {

constexpr int kOneLine = -1;

class JsonlWriter : public ReportWriter {
 public:
  explicit JsonlWriter(std::ostream& out) : out_(out) {}

  void begin(const RunInfo& run) override {
    gate_ = render::gate_of(run);
    tool_ = render::tool_json(run, kOneLine);
    policy_ = render::policy_json(run, kOneLine);
  }

  void card(const CardReport& report) override {
    out_ << render::card_json(report, "card", kOneLine) << '\n';
  }

  void problem(const InputProblem& problem) override {
    ++problems_;
    out_ << render::problem_json(problem, "problem", kOneLine) << '\n';
  }

  void end(const Totals& totals) override {
    out_ << R"({"type":"summary","schema":")" << render::kJsonSchema << R"(","tool":)" << tool_
         << R"(,"policy":)" << policy_ << R"(,"totals":)" << render::totals_json(totals, problems_, kOneLine)
         << R"(,"gate":)" << render::gate_json(totals, gate_, kOneLine) << R"(,"note":")"
         << render::kDisclaimer << "\"}\n";
  }

 private:
  std::ostream& out_;
  Gate gate_;
  std::string tool_;
  std::string policy_;
  std::uint64_t problems_ = 0;
};

}  // namespace

std::unique_ptr<ReportWriter> make_jsonl_writer(std::ostream& out) {
  return std::make_unique<JsonlWriter>(out);
}

}  // namespace cardwarden
