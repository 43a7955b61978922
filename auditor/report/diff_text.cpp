// SPDX-License-Identifier: Apache-2.0
// The difference of two commits for a terminal.
#include <ostream>

#include "base/text.h"
#include "report/diff_report.h"
#include "report/render.h"

namespace cardwarden {
namespace {

constexpr std::string_view kBold = "1";
constexpr std::string_view kDim = "2";
constexpr std::string_view kRed = "31";
constexpr std::string_view kGreen = "32";
constexpr std::string_view kYellow = "33";
constexpr std::string_view kCyan = "36";
constexpr std::size_t kQuoteChars = 110;

class Writer {
 public:
  Writer(std::ostream& out, const DiffReport& report) : out_(out), report_(report) {}

  void write() {
    out_ << paint(kBold, text::printable(report_.repository)) << "  " << text::printable(report_.card) << "  "
         << render::short_id(report_.before_id) << " → " << render::short_id(report_.after_id) << "\n";
    if (report_.empty()) {
      out_ << "Nothing changes: neither disclosures nor findings nor weights.\n";
      return;
    }
    write_disclosures();
    write_findings("New findings", report_.appeared, kRed, '+');
    write_findings("Findings that go", report_.gone, kGreen, '-');
    write_weights();
    out_ << '\n'
         << text::plural(report_.appeared.size(), "new finding", "new findings") << ", "
         << report_.gone.size() << " gone, " << report_.stayed
         << " as before. Disclosures: " << report_.disclosed_before << " → " << report_.disclosed_after
         << ".\n";
  }

 private:
  std::string paint(std::string_view code, std::string_view s) const {
    if (!report_.colour) return std::string(s);
    return "\x1b[" + std::string(code) + 'm' + std::string(s) + "\x1b[0m";
  }

  void head(std::string_view name) { out_ << '\n' << paint(kBold, name) << '\n'; }
  void line(std::string_view mark, std::string_view colour, std::string_view words) {
    out_ << "  " << paint(colour, mark) << ' ' << text::printable(words) << '\n';
  }
  void quote(std::string_view mark, std::string_view words) {
    if (words.empty()) return;
    out_ << "      "
         << paint(kDim, std::string(mark) + " “" + text::printable(text::excerpt(words, kQuoteChars)) + "”")
         << '\n';
  }

  void write_disclosures() {
    const CardComparison& changes = report_.changes;
    if (changes.empty()) return;
    head("Disclosures");
    for (const DisclosureEvent& event : changes.disclosures) {
      const bool came = event.change == DisclosureChange::appeared;
      const bool other = event.change == DisclosureChange::changed;
      const bool thinned = event.change == DisclosureChange::thinned;
      line(came    ? "+"
           : other ? "~"
                   : "-",
           came      ? kGreen
           : other   ? kCyan
           : thinned ? kYellow
                     : kRed,
           event.id + " " + render::event_words(event));
      if (event.quote_before == event.quote_after) continue;
      quote("was", event.quote_before);
      quote(event.quote_before.empty() ? "" : "now", event.quote_after);
    }
    if (changes.licenses) {
      const bool worse = changes.license == LicenseMove::loosened || changes.license == LicenseMove::removed;
      line(worse ? "!" : "~", worse ? kRed : kCyan, render::license_sentence(changes));
    }
    if (changes.base_models) line("~", kCyan, render::list_sentence("Base models", *changes.base_models));
    if (changes.datasets) line("~", kCyan, render::list_sentence("Data sets", *changes.datasets));
  }

  void write_findings(std::string_view name, const std::vector<DiffFinding>& findings,
                      std::string_view colour, char mark) {
    if (findings.empty()) return;
    head(name);
    for (const DiffFinding& one : findings) {
      const std::string place = one.line == 0 ? report_.card : report_.card + ":" + std::to_string(one.line);
      line(std::string(1, mark), colour,
           place + "  " + std::string(to_string(one.severity)) + "  " + one.rule + "  " + one.message);
    }
  }

  void write_weights() {
    if (report_.weights_added.empty() && report_.weights_changed.empty() && report_.weights_removed.empty())
      return;
    head("Weights");
    for (const std::string& path : report_.weights_changed) line("~", kCyan, path);
    for (const std::string& path : report_.weights_added) line("+", kCyan, path);
    for (const std::string& path : report_.weights_removed) line("-", kCyan, path);
  }

  std::ostream& out_;
  const DiffReport& report_;
};

}  // namespace

void write_diff_text(std::ostream& out, const DiffReport& report) { Writer(out, report).write(); }

}  // namespace cardwarden
