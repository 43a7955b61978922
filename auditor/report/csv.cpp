// SPDX-License-Identifier: Apache-2.0
// RFC 4180: a header, then one row a finding, CR LF ends. Cells that a spreadsheet would take for a formula
// begin with an apostrophe. A file that could not be read is a row with the outcome "unreadable".
#include <array>
#include <ostream>

#include "base/text.h"
#include "report/formats.h"
#include "report/render.h"

namespace cardwarden {
namespace {

constexpr std::size_t kColumns = 15;
using Row = std::array<std::string, kColumns>;

std::string cell(std::string_view raw) {
  std::string s = text::printable(raw);
  constexpr std::string_view kFormula = "=+-@|%";
  // White space before the sign is skipped by spreadsheets, so it is no defence.
  const std::string_view trimmed = text::trim(s);
  if (!trimmed.empty() && kFormula.find(trimmed.front()) != std::string_view::npos) s.insert(0, 1, '\'');
  if (s.find_first_of(",\"") == std::string::npos && text::trim(s).size() == s.size()) return s;
  std::string out = "\"";
  for (const char c : s) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

class CsvWriter : public ReportWriter {
 public:
  explicit CsvWriter(std::ostream& out) : out_(out) {}

  void begin(const RunInfo& /*run*/) override {
    write({"path", "kind", "line", "column", "end_line", "end_column", "rule", "severity", "outcome",
           "message", "remedy", "quote", "fingerprint", "suppression", "reason"});
  }

  void card(const CardReport& report) override {
    const Card& card = *report.card;
    for (const JudgedFinding& judged : report.findings) {
      const Finding& f = judged.finding;
      const auto [path, place] = render::target_of(report, f);
      std::vector<std::string> quotes;
      for (const Evidence& e : f.evidence) quotes.push_back(render::quote(report, render::quoted_span(e)));
      for (const FileQuote& quote : f.files)
        quotes.push_back(render::place_text(quote) + ": " + render::quote(quote));
      if (quotes.empty() && !place.whole_card) quotes.push_back(render::quote(report, place.span));
      write({path, std::string(to_string(card.kind)), std::to_string(place.begin.line),
             std::to_string(place.begin.column), std::to_string(place.end.line),
             std::to_string(place.end.column), std::string(f.rule), std::string(to_string(judged.severity)),
             std::string(to_string(f.outcome)), f.message, f.remedy, text::join(quotes, " | "),
             judged.fingerprint, std::string(render::words(judged.suppression)), judged.reason});
    }
  }

  void problem(const InputProblem& problem) override {
    Row row;
    row[0] = problem.path;
    row[8] = "unreadable";
    row[9] = problem.message;
    write(row);
  }

  void end(const Totals& /*totals*/) override {}

 private:
  void write(const Row& row) {
    for (std::size_t i = 0; i < row.size(); ++i) out_ << (i == 0 ? "" : ",") << cell(row[i]);
    out_ << "\r\n";
  }

  std::ostream& out_;
};

}  // namespace

std::unique_ptr<ReportWriter> make_csv_writer(std::ostream& out) { return std::make_unique<CsvWriter>(out); }

}  // namespace cardwarden
