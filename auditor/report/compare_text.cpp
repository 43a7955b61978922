// SPDX-License-Identifier: Apache-2.0
// The comparison for a terminal: columns side by side where they fit, else one candidate after another.
#include <algorithm>
#include <ostream>

#include "base/text.h"
#include "report/compare_report.h"

namespace cardwarden {
namespace {

using render::CompareAnswer;
using render::Tone;

constexpr std::size_t kLabel = 16;        // cells of the questions
constexpr std::size_t kLeastColumn = 26;  // cells of a candidate

// Words of one line each, at most `width` cells; a longer word stands alone.
std::vector<std::string> wrapped(std::string_view words, std::size_t width) {
  std::vector<std::string> out;
  std::string line;
  for (const std::string_view word : text::split(words, ' ')) {
    if (!line.empty() && text::display_width(line) + 1 + text::display_width(word) > width) {
      out.push_back(line);
      line.clear();
    }
    line += (line.empty() ? "" : " ") + std::string(word);
  }
  if (!line.empty()) out.push_back(line);
  return out;
}

class Writer {
 public:
  Writer(std::ostream& out, const CompareReport& report) : out_(out), report_(report) {
    const std::size_t room = report.terminal_width > kLabel ? report.terminal_width - kLabel : 0;
    width_ = room / std::max<std::size_t>(1, report.candidates.size());
    side_by_side_ = width_ >= kLeastColumn + 2;
    if (!side_by_side_) width_ = std::max(room, kLeastColumn);
  }

  void write() {
    if (side_by_side_) {
      std::vector<const CompareCandidate*> all;
      for (const CompareCandidate& one : report_.candidates) all.push_back(&one);
      write_columns(all);
      return;
    }
    for (const CompareCandidate& one : report_.candidates) {
      if (&one != &report_.candidates.front()) out_ << '\n';
      write_columns({&one});
    }
  }

 private:
  std::string paint(std::string_view code, std::string_view s) const {
    if (!report_.colour || code.empty()) return std::string(s);
    return "\x1b[" + std::string(code) + 'm' + std::string(s) + "\x1b[0m";
  }
  static std::string_view colour_of(Tone tone) {
    return tone == Tone::good ? "32" : tone == Tone::bad ? "31" : tone == Tone::doubtful ? "33" : "";
  }

  struct Cell {
    std::vector<std::string> lines;
    std::string_view colour;  // of the first lines
    std::size_t coloured = 0;
  };

  void row(std::string_view label, const std::vector<Cell>& cells) {
    std::size_t height = 0;
    for (const Cell& cell : cells) height = std::max(height, cell.lines.size());
    for (std::size_t i = 0; i < height; ++i) {
      std::string line = paint("2", i == 0 ? label : "");
      std::size_t used = i == 0 ? label.size() : 0;
      for (std::size_t c = 0; c < cells.size(); ++c) {
        const std::string& words = i < cells[c].lines.size() ? cells[c].lines[i] : std::string();
        if (words.empty()) continue;
        const std::size_t at = kLabel + c * width_;
        line += std::string(at > used ? at - used : 1, ' ');
        line += paint(i < cells[c].coloured ? cells[c].colour : "", words);
        used = std::max(at, used) + text::display_width(words);
      }
      out_ << line << '\n';
    }
  }

  void write_columns(const std::vector<const CompareCandidate*>& candidates) {
    std::vector<Cell> names;
    std::vector<Cell> sentences;
    std::vector<std::vector<CompareAnswer>> answers;
    for (const CompareCandidate* one : candidates) {
      names.push_back(cell(one->name, "1"));
      sentences.push_back(cell(render::plain_sentence(*one), ""));
      answers.push_back(render::compare_answers(*one));
    }
    row("", names);
    row("In short", sentences);
    for (std::size_t question = 0; question < answers.front().size(); ++question) {
      out_ << '\n';
      std::vector<Cell> cells;
      for (const auto& own : answers) {
        const CompareAnswer& answer = own[question];
        Cell one = cell(answer.answer, colour_of(answer.tone));
        for (const std::string& detail : answer.details) {
          for (std::string& line : wrapped(text::printable(detail), width_ - 4))
            one.lines.push_back("  " + std::move(line));
        }
        cells.push_back(std::move(one));
      }
      row(answers.front()[question].question, cells);
    }
  }

  Cell cell(std::string_view words, std::string_view colour) const {
    Cell out;
    out.lines = wrapped(text::printable(words), width_ - 2);
    out.colour = colour;
    out.coloured = out.lines.size();
    return out;
  }

  std::ostream& out_;
  const CompareReport& report_;
  std::size_t width_ = kLeastColumn;
  bool side_by_side_ = true;
};

}  // namespace

void write_compare_text(std::ostream& out, const CompareReport& report) { Writer(out, report).write(); }

}  // namespace cardwarden
