// SPDX-License-Identifier: Apache-2.0
// One indented JSON document. Cards are written as they come; problems wait until the cards are through.
#include <ostream>

#include "report/card_json.h"
#include "report/formats.h"
#include "report/render.h"
#include "report/spool.h"

namespace cardwarden {
namespace {

constexpr int kIndent = 2;

class JsonWriter : public ReportWriter {
 public:
  explicit JsonWriter(std::ostream& out) : out_(out) {}

  void begin(const RunInfo& run) override {
    gate_ = render::gate_of(run);
    out_ << "{\n  \"schema\": \"" << render::kJsonSchema
         << "\",\n  \"tool\": " << render::indented(render::tool_json(run, kIndent), 2)
         << ",\n  \"policy\": " << render::indented(render::policy_json(run, kIndent), 2)
         << ",\n  \"cards\": [";
  }

  void card(const CardReport& report) override {
    out_ << (cards_++ == 0 ? "\n    " : ",\n    ")
         << render::indented(render::card_json(report, {}, kIndent), 4);
  }

  void problem(const InputProblem& problem) override {
    spool_.append(problems_++ == 0 ? "\n    " : ",\n    ");
    spool_.append(render::indented(render::problem_json(problem, {}, kIndent), 4));
  }

  void end(const Totals& totals) override {
    out_ << (cards_ == 0 ? "]" : "\n  ]") << ",\n  \"problems\": [";
    spool_.copy_to(out_);
    out_ << (problems_ == 0 ? "]" : "\n  ]")
         << ",\n  \"totals\": " << render::indented(render::totals_json(totals, problems_, kIndent), 2)
         << ",\n  \"gate\": " << render::indented(render::gate_json(totals, gate_, kIndent), 2)
         << ",\n  \"note\": \"" << render::kDisclaimer << "\"\n}\n";
  }

 private:
  std::ostream& out_;
  Gate gate_;
  render::Spool spool_;
  std::uint64_t cards_ = 0;
  std::uint64_t problems_ = 0;
};

}  // namespace

std::unique_ptr<ReportWriter> make_json_writer(std::ostream& out) {
  return std::make_unique<JsonWriter>(out);
}

}  // namespace cardwarden
