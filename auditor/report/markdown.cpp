// SPDX-License-Identifier: Apache-2.0
// A comment for a pull request: the verdict, a table of the cards with findings, details that fold away. It
// stays under the length that GitHub accepts, so it is held in memory whatever the number of cards. The first
// line is a marker by which a bot finds its own comment again.
#include <ostream>

#include "base/text.h"
#include "report/formats.h"
#include "report/render.h"
#include "report/repository_lines.h"

namespace cardwarden {
namespace {

// GitHub refuses comments over 65,536 characters. A byte is at most a character.
constexpr std::size_t kMaxTable = 16'000;
constexpr std::size_t kMaxDetails = 44'000;

// Whether "www" stands before `at`: GitHub makes a link of what follows.
bool ends_in_www(std::string_view s, std::size_t at) {
  return text::equal_ignoring_case(s.substr(at - 3, 3), "www");
}

// Text of a card, or about one, as text: every character with a meaning in Markdown or HTML becomes an
// entity, addresses make no link, and names after @ and numbers after # are parted so that nobody is notified
// and nothing is linked.
std::string escape(std::string_view raw) {
  constexpr std::string_view kSpecial = "\\`*_[]<>#|~&@$";
  const std::string s = text::printable(raw);
  std::string out;
  for (std::size_t at = 0; at < s.size(); ++at) {
    const char c = s[at];
    const bool address =
        (c == ':' && s.compare(at, 3, "://") == 0) || (c == '.' && at >= 3 && ends_in_www(s, at));
    if (!address && kSpecial.find(c) == std::string_view::npos) {
      out += c;
      continue;
    }
    out += "&#" + std::to_string(static_cast<int>(c)) + ';';
    if (c == '@' || c == '#') out += "&#8203;";
  }
  return out;
}

std::string code(std::string_view raw) { return "<code>" + escape(raw) + "</code>"; }

std::string_view mark(Severity severity) {
  if (severity == Severity::error) return "🔴 error";
  return severity == Severity::warning ? "🟡 warning" : "🔵 info";
}

std::string quotes(const CardReport& report, const Finding& finding) {
  std::string out;
  for (std::size_t i = 0; i < finding.evidence.size(); ++i) {
    const Span span = render::quoted_span(finding.evidence[i]);
    out += "<br>" + std::string(render::quote_label(finding, i)) + ", line " +
           std::to_string(render::place_of(*report.card, span).begin.line) + ": " +
           code(render::quote(report, span));
  }
  for (const FileQuote& quote : finding.files) {
    out += "<br>" + std::string(render::file_label(finding)) + ", " + escape(render::place_text(quote)) +
           ": " + code(render::quote(quote));
  }
  return out;
}

std::string row(const CardReport& report, const JudgedFinding& judged) {
  const Finding& f = judged.finding;
  const render::Place place = render::place_of(*report.card, f);
  return "| " + std::string(mark(judged.severity)) + " | " +
         (place.whole_card ? "card" : std::to_string(place.begin.line)) + " | " + code(f.rule) + " | " +
         escape(f.message) + quotes(report, f) + " | " + escape(f.remedy) + " |\n";
}

class MarkdownWriter : public ReportWriter {
 public:
  explicit MarkdownWriter(std::ostream& out) : out_(out) {}

  void begin(const RunInfo& run) override {
    gate_ = render::gate_of(run);
    footer_ = "<sub>";
    if (run.policy != nullptr) {
      footer_ += "Policy " + escape(run.policy->name) + ' ' + escape(run.policy->version) + ", digest " +
                 code(run.policy->digest) + ". ";
    }
    footer_ += "Cardwarden " + escape(run.version) + ". " + std::string(render::kDisclaimer) + "</sub>\n";
  }

  void card(const CardReport& report) override {
    const render::Counts counts = render::counts_of(report);
    add_repository(report);
    if (counts.findings() == 0) return;
    add_to_table(report, counts);
    add_details(report, counts);
  }

  void problem(const InputProblem& problem) override {
    ++problems_;
    const std::string line = "- " + code(problem.path) + ": " + escape(problem.message) + '\n';
    if (unreadable_.size() + line.size() <= kMaxTable / 8)
      unreadable_ += line;
    else
      ++unreadable_cut_;
  }

  void end(const Totals& totals) override {
    const bool passed = gate_passes(totals, gate_);
    out_ << "<!-- cardwarden-report -->\n### "
         << (passed ? "✅ Cardwarden: gate passed" : "❌ Cardwarden: gate failed") << "\n\n"
         << escape(render::summary(totals, gate_, problems_)) << "\n\n";
    if (!unreadable_.empty())
      out_ << "Could not be read:\n\n" << unreadable_ << cut(unreadable_cut_, "file") << '\n';
    if (!table_.empty()) {
      out_ << "| Card | Kind | Disclosed | Errors | Warnings | Info | Suppressed |\n"
           << "|---|---|---:|---:|---:|---:|---:|\n"
           << table_ << cut(table_cut_, "card") << '\n';
    }
    if (!details_.empty()) out_ << details_;
    out_ << repositories_;
    if (details_cut_ > 0) out_ << cut(details_cut_, "finding") << '\n';
    out_ << footer_;
  }

 private:
  static std::string cut(std::uint64_t n, std::string_view what) {
    if (n == 0) return {};
    return "\n" +
           text::plural(n, "more " + std::string(what) + " is", "more " + std::string(what) + "s are") +
           " left out to keep this comment short; the other report formats have all.\n";
  }

  // In its own fold, after the findings; a card without a repository has none.
  void add_repository(const CardReport& report) {
    if (report.repository == nullptr) return;
    std::string block = "<details><summary>Repository of " + code(report.card->path) + "</summary>\n\n";
    for (const render::LabelledLine& line : render::repository_lines(*report.repository))
      block += "- " + escape(line.label) + ": " + escape(line.text) + '\n';
    for (const Finding& finding : report.not_assessable)
      block += "- Cannot be told, " + code(finding.rule) + ": " + escape(finding.message) + '\n';
    block += "\n</details>\n\n";
    if (repositories_.size() + block.size() <= kMaxTable / 4) repositories_ += block;
  }

  void add_to_table(const CardReport& report, const render::Counts& counts) {
    const render::Coverage coverage = render::coverage_of(report);
    const std::string line =
        "| " + code(report.card->path) + " | " + std::string(to_string(report.card->kind)) + " | " +
        std::to_string(coverage.disclosed) + " of " + std::to_string(coverage.all()) + " | " +
        std::to_string(counts.errors) + " | " + std::to_string(counts.warnings) + " | " +
        std::to_string(counts.infos) + " | " + std::to_string(counts.suppressed) + " |\n";
    if (table_cut_ == 0 && table_.size() + line.size() <= kMaxTable)
      table_ += line;
    else
      ++table_cut_;
  }

  void add_details(const CardReport& report, const render::Counts& counts) {
    const std::string head =
        "<details><summary>" + code(report.card->path) + ": " + render::in_words(counts) +
        "</summary>\n\n| Severity | Line | Rule | Finding | What to write |\n|---|---:|---|---|---|\n";
    constexpr std::string_view kTail = "\n</details>\n\n";
    std::string rows;
    for (const JudgedFinding& judged : report.findings) {
      if (!judged.counts()) continue;
      const std::string line = row(report, judged);
      const std::size_t size = details_.size() + head.size() + rows.size() + line.size() + kTail.size();
      if (details_cut_ == 0 && size <= kMaxDetails)
        rows += line;
      else
        ++details_cut_;
    }
    if (!rows.empty()) details_ += head + rows + std::string(kTail);
  }

  std::ostream& out_;
  Gate gate_;
  std::string footer_;
  std::string unreadable_;
  std::string table_;
  std::string details_;
  std::string repositories_;
  std::uint64_t problems_ = 0;
  std::uint64_t unreadable_cut_ = 0;
  std::uint64_t table_cut_ = 0;
  std::uint64_t details_cut_ = 0;
};

}  // namespace

std::unique_ptr<ReportWriter> make_markdown_writer(std::ostream& out) {
  return std::make_unique<MarkdownWriter>(out);
}

}  // namespace cardwarden
