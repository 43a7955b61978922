// SPDX-License-Identifier: Apache-2.0
// GitLab's code quality report: one JSON array. Suppressed findings are left out, and so are files that could
// not be read, for which the format has no place (the exit code and the log tell of them).
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>

#include "crypto/bytes.h"
#include "report/formats.h"
#include "report/render.h"

namespace cardwarden {
namespace {

using Json = nlohmann::ordered_json;

std::string_view level(const JudgedFinding& judged) {
  switch (judged.severity) {
    case Severity::error:
      return judged.finding.outcome == Outcome::contradicted ? "critical" : "major";
    case Severity::warning:
      return "minor";
    case Severity::info:
    case Severity::off:
      break;
  }
  return "info";
}

class GitlabWriter : public ReportWriter {
 public:
  explicit GitlabWriter(std::ostream& out) : out_(out) {}

  void begin(const RunInfo& /*run*/) override { out_ << '['; }

  void card(const CardReport& report) override {
    const std::string path(render::relative_path(report.card->path));
    std::map<std::string_view, int> seen;
    for (const JudgedFinding& judged : report.findings) {
      if (!judged.counts()) continue;
      const Finding& f = judged.finding;
      const auto [target, place] = render::target_of(report, f);
      std::string said = f.message;
      for (const FileQuote& quote : f.files)
        said += " " + render::place_text(quote) + ": \"" + render::quote(quote) + "\".";
      // GitLab drops the second of two equal fingerprints, so path and count go into it.
      const std::string identity =
          path + '\n' + judged.fingerprint + '\n' + std::to_string(seen[judged.fingerprint]++);
      const Json json = {{"description", f.remedy.empty() ? said : said + ' ' + f.remedy},
                         {"check_name", f.rule},
                         {"fingerprint", sha256_hex(identity).substr(0, 32)},
                         {"severity", level(judged)},
                         {"location",
                          {{"path", render::relative_path(target)},
                           {"lines", {{"begin", place.begin.line}, {"end", place.end.line}}}}}};
      out_ << (first_ ? "\n" : ",\n")
           << render::safe_json(json.dump(-1, ' ', false, Json::error_handler_t::replace));
      first_ = false;
    }
  }

  void problem(const InputProblem& /*problem*/) override {}

  void end(const Totals& /*totals*/) override { out_ << (first_ ? "]\n" : "\n]\n"); }

 private:
  std::ostream& out_;
  bool first_ = true;
};

}  // namespace

std::unique_ptr<ReportWriter> make_gitlab_writer(std::ostream& out) {
  return std::make_unique<GitlabWriter>(out);
}

}  // namespace cardwarden
