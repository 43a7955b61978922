// SPDX-License-Identifier: Apache-2.0
// JUnit XML as Jenkins and GitLab read it: a suite a card, a case for each rule that found something, or one
// passing case for a clean card. A rule whose findings are all suppressed is skipped.
#include <algorithm>
#include <ostream>

#include "base/text.h"
#include "report/formats.h"
#include "report/markup.h"
#include "report/render.h"
#include "report/spool.h"

namespace cardwarden {
namespace {

// The findings of one rule in one card, in the order of the card.
struct RuleCase {
  std::string_view rule;
  std::vector<const JudgedFinding*> findings;

  bool failed() const {
    return std::any_of(findings.begin(), findings.end(), [](const JudgedFinding* f) { return f->counts(); });
  }
};

std::vector<RuleCase> cases_of(const CardReport& report) {
  std::vector<RuleCase> cases;
  for (const JudgedFinding& judged : report.findings) {
    const auto same = [&](const RuleCase& c) { return c.rule == judged.finding.rule; };
    auto at = std::find_if(cases.begin(), cases.end(), same);
    if (at == cases.end()) at = cases.insert(cases.end(), RuleCase{judged.finding.rule, {}});
    at->findings.push_back(&judged);
  }
  return cases;
}

struct Counts {
  std::uint64_t tests = 0;
  std::uint64_t failures = 0;
  std::uint64_t errors = 0;
  std::uint64_t skipped = 0;
};

class JunitWriter : public ReportWriter {
 public:
  explicit JunitWriter(std::ostream& out) : out_(out) {}

  void begin(const RunInfo& /*run*/) override {}

  void card(const CardReport& report) override {
    const Card& card = *report.card;
    const std::vector<RuleCase> cases = cases_of(report);
    Counts counts;
    counts.tests = std::max<std::uint64_t>(cases.size(), 1);
    for (const RuleCase& c : cases) c.failed() ? ++counts.failures : ++counts.skipped;
    open_suite(card.path, counts);
    for (const RuleCase& c : cases) write_case(report, c);
    if (cases.empty()) {
      markup_.literal("    ").leaf("testcase",
                                   {{"classname", card.path}, {"name", "card"}, {"file", card.path}});
      markup_.literal("\n");
    }
    close_suite();
  }

  void problem(const InputProblem& problem) override {
    open_suite(problem.path, {1, 0, 1, 0});
    markup_.literal("    ").open("testcase",
                                 {{"classname", problem.path}, {"name", "read"}, {"file", problem.path}});
    markup_.element("error", problem.message, {{"message", problem.message}, {"type", "unreadable"}});
    markup_.close().literal("\n");
    close_suite();
  }

  void end(const Totals& /*totals*/) override {
    render::Markup head;
    head.literal("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    head.open("testsuites", {{"name", render::kToolName},
                             {"tests", std::to_string(all_.tests)},
                             {"failures", std::to_string(all_.failures)},
                             {"errors", std::to_string(all_.errors)},
                             {"skipped", std::to_string(all_.skipped)}});
    out_ << head.literal("\n").take();
    spool_.copy_to(out_);
    out_ << head.close().literal("\n").take();
  }

 private:
  void open_suite(std::string_view path, const Counts& counts) {
    all_.tests += counts.tests;
    all_.failures += counts.failures;
    all_.errors += counts.errors;
    all_.skipped += counts.skipped;
    markup_.literal("  ").open("testsuite", {{"name", path},
                                             {"tests", std::to_string(counts.tests)},
                                             {"failures", std::to_string(counts.failures)},
                                             {"errors", std::to_string(counts.errors)},
                                             {"skipped", std::to_string(counts.skipped)}});
    markup_.literal("\n");
  }

  void close_suite() {
    markup_.literal("  ").close().literal("\n");
    spool_.append(markup_.take());
  }

  void write_case(const CardReport& report, const RuleCase& c) {
    const Card& card = *report.card;
    const bool failed = c.failed();
    const auto shown = std::find_if(c.findings.begin(), c.findings.end(),
                                    [&](const JudgedFinding* f) { return f->counts() == failed; });
    const JudgedFinding& first = **shown;
    const render::Target target = render::target_of(report, first.finding);
    const std::string line = std::to_string(target.place.begin.line);
    markup_.literal("    ").open(
        "testcase", {{"classname", card.path}, {"name", c.rule}, {"file", target.path}, {"line", line}});
    if (failed) {
      markup_.element("failure", body(report, c),
                      {{"message", first.finding.message}, {"type", to_string(first.severity)}});
    } else {
      markup_.leaf(
          "skipped",
          {{"message", first.reason.empty() ? std::string(render::words(first.suppression)) : first.reason}});
    }
    markup_.close().literal("\n");
  }

  static std::string body(const CardReport& report, const RuleCase& c) {
    std::string out;
    for (const JudgedFinding* judged : c.findings) {
      if (!judged->counts()) continue;
      const Finding& f = judged->finding;
      const auto [path, place] = render::target_of(report, f);
      out += path + ':' + std::to_string(place.begin.line) + ':' + std::to_string(place.begin.column) + ": " +
             f.message + '\n';
      for (const Evidence& e : f.evidence)
        out += "  \"" + render::quote(report, render::quoted_span(e)) + "\"\n";
      for (const FileQuote& quote : f.files)
        out += "  " + render::place_text(quote) + ": \"" + render::quote(quote) + "\"\n";
      if (!f.remedy.empty()) out += "  " + f.remedy + '\n';
    }
    return out;
  }

  std::ostream& out_;
  render::Markup markup_;
  render::Spool spool_;
  Counts all_;
};

}  // namespace

std::unique_ptr<ReportWriter> make_junit_writer(std::ostream& out) {
  return std::make_unique<JunitWriter>(out);
}

}  // namespace cardwarden
