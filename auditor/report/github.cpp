// SPDX-License-Identifier: Apache-2.0
// Workflow commands of GitHub Actions, one a finding, then a plain summary line. GitHub shows 10 errors,
// 10 warnings and 10 notices a step; the rest stays readable in the log. Suppressed findings are left out.
#include <ostream>

#include "base/text.h"
#include "report/formats.h"
#include "report/render.h"

namespace cardwarden {
namespace {

// The escapes the runner undoes. `property` escapes the separators of properties too.
std::string escape(std::string_view raw, bool property) {
  std::string out;
  for (const char c : text::printable(raw)) {
    if (c == '%')
      out += "%25";
    else if (property && c == ':')
      out += "%3A";
    else if (property && c == ',')
      out += "%2C";
    else
      out += c;
  }
  return out;
}

std::string_view command(Severity severity) {
  if (severity == Severity::error) return "error";
  return severity == Severity::warning ? "warning" : "notice";
}

class GithubWriter : public ReportWriter {
 public:
  explicit GithubWriter(std::ostream& out) : out_(out) {}

  void begin(const RunInfo& run) override { gate_ = render::gate_of(run); }

  void card(const CardReport& report) override {
    for (const JudgedFinding& judged : report.findings) {
      if (!judged.counts()) continue;
      const Finding& f = judged.finding;
      const auto [path, place] = render::target_of(report, f);
      out_ << "::" << command(judged.severity) << " file=" << escape(render::relative_path(path), true)
           << ",line=" << place.begin.line;
      if (!place.whole_card) {
        // GitHub refuses columns on annotations of several lines.
        if (place.begin.line == place.end.line) out_ << ",col=" << place.begin.column;
        out_ << ",endLine=" << place.end.line;
        if (place.begin.line == place.end.line) out_ << ",endColumn=" << place.end.column;
      }
      out_ << ",title=" << escape(f.rule, true) << "::" << escape(f.message, false);
      for (const FileQuote& quote : f.files)
        out_ << "%0A" << escape(render::place_text(quote) + ": " + render::quote(quote), false);
      if (!f.remedy.empty()) out_ << "%0A" << escape(f.remedy, false);
      out_ << '\n';
    }
  }

  void problem(const InputProblem& problem) override {
    ++problems_;
    out_ << "::error file=" << escape(render::relative_path(problem.path), true)
         << ",title=unreadable::" << escape(problem.message, false) << '\n';
  }

  void end(const Totals& totals) override { out_ << render::summary(totals, gate_, problems_) << '\n'; }

 private:
  std::ostream& out_;
  Gate gate_;
  std::uint64_t problems_ = 0;
};

}  // namespace

std::unique_ptr<ReportWriter> make_github_writer(std::ostream& out) {
  return std::make_unique<GithubWriter>(out);
}

}  // namespace cardwarden
