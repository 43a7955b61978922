// SPDX-License-Identifier: Apache-2.0
// For people at a terminal: a line a finding, the source line with a caret, what to write, and one summary
// line. Clean cards and suppressed findings say nothing. Nothing of a card is written unescaped.
#include "base/text.h"

#include <algorithm>
#include <ostream>

#include "report/excerpt.h"
#include "report/formats.h"
#include "report/render.h"
#include "report/repository_lines.h"

namespace cardwarden {
namespace {

constexpr std::size_t kAlignedRule = 44;  // longer rule ids do not push the others to the right

constexpr std::size_t kLabelCells = 20;  // of the lines about the repository

constexpr std::string_view kBold = "1";
constexpr std::string_view kDim = "2";
constexpr std::string_view kRed = "1;31";
constexpr std::string_view kGreen = "1;32";
constexpr std::string_view kYellow = "1;33";
constexpr std::string_view kCyan = "1;36";

std::string_view colour_of(Severity severity) {
  if (severity == Severity::error) return kRed;
  return severity == Severity::warning ? kYellow : kCyan;
}

std::string padding(std::size_t used, std::size_t wanted) {
  return std::string(used < wanted ? wanted - used : 0, ' ');
}

// A finding that is shown, with the two columns whose width depends on its neighbours.
struct Line {
  const JudgedFinding* judged;
  std::string place;  // "README.md:42:1"
  std::size_t place_cells;
  bool has_excerpt;
};

struct Widths {
  std::size_t place = 0;
  std::size_t severity = 0;
  std::size_t rule = 0;
  std::size_t gutter = 1;  // digits of the largest line number shown
};

class TextWriter : public ReportWriter {
 public:
  explicit TextWriter(std::ostream& out) : out_(out) {}

  void begin(const RunInfo& run) override {
    gate_ = render::gate_of(run);
    colour_ = run.colour;
    terminal_width_ = run.terminal_width;
  }

  void card(const CardReport& report) override {
    write_findings(report, lines_of(report));
    if (report.repository != nullptr) write_repository(report);
  }

  void write_findings(const CardReport& report, const std::vector<Line>& lines) {
    if (lines.empty()) return;
    const Widths widths = measure(*report.card, lines);
    if (said_something_) out_ << '\n';
    said_something_ = true;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (i > 0 && (lines[i].has_excerpt || lines[i - 1].has_excerpt)) out_ << '\n';
      write_head(lines[i], widths);
      if (!spans_of(*report.card, lines[i].judged->finding).empty())
        write_excerpts(report, *lines[i].judged, widths);
      write_files(lines[i].judged->finding, widths);
      // Of findings that follow each other with the same advice, the last one gives it.
      const bool same_advice =
          i + 1 < lines.size() && lines[i + 1].judged->finding.remedy == lines[i].judged->finding.remedy;
      if (!same_advice) write_help(lines[i].judged->finding, widths);
    }
  }

  void problem(const InputProblem& problem) override {
    if (said_something_) out_ << '\n';
    said_something_ = true;
    ++problems_;
    out_ << paint(kBold, text::printable(problem.path)) << ": " << paint(kRed, "cannot be read") << ": "
         << text::printable(problem.message) << '\n';
  }

  void end(const Totals& totals) override {
    if (said_something_) out_ << '\n';
    const bool passed = gate_passes(totals, gate_);
    const bool calm = passed && problems_ == 0 && totals.findings() == 0;
    out_ << paint(calm ? kGreen : passed ? kBold : kRed, render::summary(totals, gate_, problems_)) << '\n';
  }

 private:
  std::string paint(std::string_view code, std::string_view s) const {
    if (!colour_) return std::string(s);
    return "\x1b[" + std::string(code) + 'm' + std::string(s) + "\x1b[0m";
  }

  static std::vector<Line> lines_of(const CardReport& report) {
    std::vector<Line> lines;
    for (const JudgedFinding& judged : report.findings) {
      if (!judged.counts()) continue;
      const Finding& finding = judged.finding;
      const render::Target target = render::target_of(report, finding);
      const Position at = target.place.begin;
      std::string place = text::printable(target.path);
      // Of a file as a whole no line is known.
      const bool whole_file = target.path != report.card->path && finding.files.front().line == 0;
      if (!whole_file) place += ':' + std::to_string(at.line) + ':' + std::to_string(at.column);
      const std::size_t cells = text::display_width(place);
      lines.push_back({&judged, std::move(place), cells, !target.place.whole_card || !finding.files.empty()});
    }
    return lines;
  }

  static Widths measure(const Card& card, const std::vector<Line>& lines) {
    Widths widths;
    for (const Line& line : lines) {
      widths.place = std::max(widths.place, line.place_cells);
      widths.severity = std::max(widths.severity, to_string(line.judged->severity).size());
      if (line.judged->finding.rule.size() <= kAlignedRule) {
        widths.rule = std::max(widths.rule, line.judged->finding.rule.size());
      }
      for (const Span span : spans_of(card, line.judged->finding)) {
        widths.gutter = std::max(widths.gutter, std::to_string(card.lines.line_of(span.begin)).size());
      }
    }
    return widths;
  }

  void write_head(const Line& line, const Widths& widths) {
    const std::string_view severity = to_string(line.judged->severity);
    const Finding& finding = line.judged->finding;
    out_ << paint(kBold, line.place) << padding(line.place_cells, widths.place) << ' '
         << paint(colour_of(line.judged->severity), severity) << padding(severity.size(), widths.severity)
         << ' ' << paint(kDim, finding.rule) << padding(finding.rule.size(), widths.rule) << ' '
         << text::printable(finding.message) << '\n';
  }

  // What is shown of the card: both sides of a contradiction, else the place of the finding.
  static std::vector<Span> spans_of(const Card& card, const Finding& finding) {
    std::vector<Span> spans;
    if (finding.outcome == Outcome::contradicted || !finding.located) {
      for (const Evidence& quote : finding.evidence) {
        spans.push_back(render::place_of(card, render::quoted_span(quote)).span);
      }
    }
    if (spans.empty() && finding.located) spans.push_back(render::place_of(card, finding.span).span);
    return spans;
  }

  void write_excerpts(const CardReport& report, const JudgedFinding& judged, const Widths& widths) {
    const Card& card = *report.card;
    const std::size_t gutter = widths.gutter + 4;  // " 42 | "
    const std::size_t cells = terminal_width_ > gutter ? terminal_width_ - gutter : 0;
    const std::vector<Span> spans = spans_of(card, judged.finding);
    const bool labelled = judged.finding.outcome == Outcome::contradicted &&
                          judged.finding.evidence.size() + judged.finding.files.size() > 1;
    bar(widths);
    for (std::size_t i = 0; i < spans.size(); ++i) {
      const render::SourceLine line = render::source_line(card, spans[i], cells, report.sensitive);
      if (i > 0) bar(widths);
      const std::string number = std::to_string(line.number);
      out_ << ' ' << padding(number.size(), widths.gutter) << paint(kDim, number + " |")
           << (line.text.empty() ? "" : " ") << line.text << '\n';
      std::string caret(line.caret_cells, '^');
      if (line.last_line > line.number) caret += " to line " + std::to_string(line.last_line);
      if (labelled) caret += ' ' + std::string(render::quote_label(judged.finding, i));
      out_ << std::string(widths.gutter + 1, ' ') << paint(kDim, " |") << std::string(line.caret_at + 1, ' ')
           << paint(colour_of(judged.severity), caret) << '\n';
    }
  }

  void bar(const Widths& widths) { out_ << std::string(widths.gutter + 1, ' ') << paint(kDim, " |") << '\n'; }

  void write_files(const Finding& finding, const Widths& widths) {
    for (const FileQuote& quote : finding.files) {
      out_ << std::string(widths.gutter + 2, ' ') << paint(kCyan, "= found:") << ' '
           << text::printable(render::place_text(quote)) << ": " << render::quote(quote) << '\n';
    }
  }

  void write_repository(const CardReport& report) {
    if (said_something_) out_ << '\n';
    said_something_ = true;
    out_ << paint(kBold, "Repository") << '\n';
    for (const render::LabelledLine& line : render::repository_lines(*report.repository)) {
      out_ << "  " << paint(kDim, line.label + ':') << padding(line.label.size(), kLabelCells)
           << text::printable(line.text) << '\n';
    }
    if (report.not_assessable.empty()) return;
    out_ << '\n' << paint(kBold, "What the repository cannot tell") << '\n';
    for (const Finding& finding : report.not_assessable) {
      out_ << "  " << paint(kDim, finding.rule) << ' ' << text::printable(finding.message) << '\n';
      for (const FileQuote& quote : finding.files) {
        out_ << "    " << paint(kCyan, "= found:") << ' ' << text::printable(render::place_text(quote))
             << ": " << render::quote(quote) << '\n';
      }
    }
  }

  void write_help(const Finding& finding, const Widths& widths) {
    if (finding.remedy.empty()) return;
    out_ << std::string(widths.gutter + 2, ' ') << paint(kCyan, "= help:") << ' '
         << text::printable(finding.remedy) << '\n';
  }

  std::ostream& out_;
  Gate gate_;
  bool colour_ = false;
  unsigned terminal_width_ = 100;
  bool said_something_ = false;
  std::uint64_t problems_ = 0;
};

}  // namespace

std::unique_ptr<ReportWriter> make_text_writer(std::ostream& out) {
  return std::make_unique<TextWriter>(out);
}

}  // namespace cardwarden
