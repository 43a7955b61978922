// SPDX-License-Identifier: Apache-2.0
// One page that needs nothing else: no script, no request, its own style. It opens with the verdict in words,
// then the cards. All text passes through Markup, so no card can add an element to the page.
#include <algorithm>
#include <array>
#include <map>
#include <ostream>

#include "base/text.h"
#include "report/formats.h"
#include "report/html_style.h"
#include "report/markup.h"
#include "report/page.h"
#include "report/render.h"
#include "report/repository_lines.h"
#include "report/spool.h"

namespace cardwarden {
namespace {

using render::Markup;

std::string number(std::uint64_t n) { return std::to_string(n); }

std::string_view colour(Severity severity) {
  if (severity == Severity::error) return "chip red";
  return severity == Severity::warning ? "chip amber" : "chip blue";
}

std::string_view colour(Status status) {
  if (status == Status::disclosed) return "chip green";
  return status == Status::placeholder ? "chip amber" : "chip";
}

std::string_view colour(Verdict verdict) {
  switch (verdict) {
    case Verdict::met:
      return "chip green";
    case Verdict::partial:
      return "chip amber";
    case Verdict::not_met:
    case Verdict::contradicted:
      return "chip red";
    case Verdict::not_applicable:
    case Verdict::not_assessable:
      break;
  }
  return "chip";
}

std::string_view kind_in_words(Kind kind) {
  if (kind == Kind::model) return "Model card";
  return kind == Kind::dataset ? "Dataset card" : "Space card";
}

void quote(Markup& m, const CardReport& report, const Evidence& evidence, std::string_view label) {
  const render::Place place = render::place_of(*report.card, render::quoted_span(evidence));
  const render::MarkedQuote words = render::marked_quote(report, evidence);
  m.open("blockquote", {{"class", "quote"}});
  m.element("span", std::string(label) + "line " + number(place.begin.line), {{"class", "line"}});
  m.open("span", {{"dir", "auto"}}).text(words.before).element("mark", words.words).text(words.after).close();
  m.close().literal("\n");
}

void file_quote(Markup& m, const FileQuote& quote, const Finding& finding) {
  const bool sides = finding.outcome == Outcome::contradicted;
  m.open("blockquote", {{"class", "quote"}});
  m.element(
      "span",
      (sides ? std::string(render::file_label(finding)) + ", " : std::string()) + render::place_text(quote),
      {{"class", "line"}});
  m.open("span", {{"dir", "auto"}}).element("mark", render::quote(quote)).close();
  m.close().literal("\n");
}

void number_cell(Markup& m, std::uint64_t n) {
  m.element("td", number(n), {{"class", n == 0 ? "number zero" : "number"}});
}

void table_head(Markup& m, std::initializer_list<std::string_view> names, std::size_t first_number) {
  m.open("div", {{"class", "scroll"}}).open("table").open("thead").open("tr");
  std::size_t at = 0;
  for (const std::string_view name : names) {
    m.element("th", name, {{"scope", "col"}, {"class", at++ >= first_number ? "number" : "text"}});
  }
  m.close().close().open("tbody").literal("\n");
}

void table_tail(Markup& m) { m.close().close().close().literal("\n"); }

void coverage_bar(Markup& m, const render::Coverage& coverage) {
  if (coverage.all() == 0) return;
  const std::string all = number(coverage.all());
  m.open("svg", {{"class", "bar"},
                 {"viewBox", "0 0 " + all + " 1"},
                 {"preserveAspectRatio", "none"},
                 {"aria-hidden", "true"}});
  m.leaf("rect", {{"class", "on"}, {"width", number(coverage.disclosed)}, {"height", "1"}});
  m.leaf("rect", {{"class", "half"},
                  {"x", number(coverage.disclosed)},
                  {"width", number(coverage.placeholder)},
                  {"height", "1"}});
  m.close();
}

constexpr std::size_t kVerdicts = 6;

// What is added up over the cards: bounded by the rules and controls, not by the cards.
struct RuleCount {
  std::uint64_t findings = 0;
  std::uint64_t cards = 0;
  std::string title;
};
struct ControlCount {
  const Control* control = nullptr;
  std::array<std::uint64_t, kVerdicts> cards{};
};

class HtmlWriter : public ReportWriter {
 public:
  explicit HtmlWriter(std::ostream& out) : out_(out) {}

  void begin(const RunInfo& run) override {
    run_ = run;
    gate_ = render::gate_of(run);
  }

  void card(const CardReport& report) override {
    ++cards_;
    const render::Counts counts = render::counts_of(report);
    add_up(report);
    write_index_row(report, counts);
    write_card(report, counts);
  }

  void problem(const InputProblem& problem) override {
    ++problem_count_;
    Markup m;
    m.open("tr").open("td", {{"class", "wide"}}).open("bdi").element("code", problem.path).close().close();
    m.element("td", problem.message).close().literal("\n");
    problems_.append(m.take());
  }

  void end(const Totals& totals) override {
    Markup m;
    write_start(m, totals);
    flush(m);
    if (problem_count_ > 0) {
      m.open("section", {{"class", "panel"}}).element("h2", "Files that could not be read");
      table_head(m, {"File", "Why"}, 2);
      spool(m, problems_);
      table_tail(m);
      m.close().literal("\n");
    }
    if (cards_ > 1) {
      m.open("section", {{"class", "panel"}}).element("h2", "Cards");
      table_head(m, {"Card", "Kind", "Disclosed", "Errors", "Warnings", "Info", "Suppressed"}, 3);
      spool(m, index_);
      table_tail(m);
      m.close().literal("\n");
      write_frequent(m);
      write_control_totals(m);
    }
    spool(m, body_);
    write_footer(m);
    flush(m);
  }

 private:
  void flush(Markup& m) { out_ << m.take(); }
  void spool(Markup& m, render::Spool& part) {
    flush(m);
    part.copy_to(out_);
  }

  std::string title_of(std::string_view rule) const { return render::title_of(run_, rule); }

  void add_up(const CardReport& report) {
    std::map<std::string_view, std::uint64_t> here;
    for (const JudgedFinding& judged : report.findings) {
      if (judged.counts()) ++here[judged.finding.rule];
    }
    for (const auto& [rule, findings] : here) {
      RuleCount& count = rules_[std::string(rule)];
      count.findings += findings;
      ++count.cards;
      if (count.title.empty()) count.title = title_of(rule);
    }
    for (const ControlVerdict& verdict : report.controls) {
      if (verdict.control == nullptr) continue;
      ControlCount& count = controls_[verdict.control->framework + '\n' + verdict.control->provision];
      count.control = verdict.control;
      ++count.cards.at(static_cast<std::size_t>(verdict.verdict));
    }
  }

  // --- before the cards ---------------------------------------------------------------------------

  void write_start(Markup& m, const Totals& totals) {
    render::begin_page(m, "Cardwarden report", {render::kStyle});
    m.open("header");
    std::string brand = "Cardwarden report";
    if (run_.policy != nullptr) brand += " · policy " + run_.policy->name + ' ' + run_.policy->version;
    m.element("p", brand, {{"class", "brand"}});
    write_verdict(m, totals);
    write_tiles(m, totals);
    m.close().literal("\n").open("main").literal("\n");
  }

  void write_verdict(Markup& m, const Totals& totals) {
    const bool passed = gate_passes(totals, gate_);
    m.open("div", {{"class", passed ? "verdict" : "verdict failed"}});
    m.element("h1", passed ? "✓ The gate passed" : "✗ The gate failed");
    m.element("p", render::summary(totals, gate_, problem_count_));
    std::string asked = "The gate asks for " + render::in_words(gate_) + '.';
    if (run_.policy != nullptr && !run_.policy->description.empty())
      asked = run_.policy->description + ' ' + asked;
    m.element("p", asked, {{"class", "soft"}});
    m.close().literal("\n");
  }

  void write_tiles(Markup& m, const Totals& totals) {
    const auto tile = [&](std::string_view what, std::uint64_t n, std::string_view colour_class) {
      m.open("div", {{"class", n == 0 ? std::string_view("zero") : colour_class}});
      m.element("dt", what).element("dd", number(n)).close();
    };
    m.open("dl", {{"class", "tiles"}});
    tile("Cards checked", totals.cards, "plain");
    tile("With findings", totals.cards_with_findings, "plain");
    tile("Errors", totals.errors, "error");
    tile("Warnings", totals.warnings, "warning");
    tile("Info", totals.infos, "info");
    tile("Suppressed", totals.suppressed, "plain");
    if (problem_count_ > 0) tile("Not readable", problem_count_, "error");
    m.close().literal("\n");
  }

  void write_index_row(const CardReport& report, const render::Counts& counts) {
    const render::Coverage coverage = render::coverage_of(report);
    Markup m;
    m.open("tr").open("td", {{"class", "wide"}}).open("a", {{"href", "#card-" + number(cards_)}});
    m.open("bdi").text(report.card->path).close().close().close();
    m.element("td", kind_in_words(report.card->kind), {{"class", "word"}});
    m.open("td", {{"class", "word"}}).text(number(coverage.disclosed) + " of " + number(coverage.all()));
    coverage_bar(m, coverage);
    m.close();
    for (const std::uint64_t n : {counts.errors, counts.warnings, counts.infos, counts.suppressed})
      number_cell(m, n);
    m.close().literal("\n");
    index_.append(m.take());
  }

  void write_frequent(Markup& m) {
    if (rules_.empty()) return;
    constexpr std::size_t kShown = 20;
    std::vector<std::pair<std::string, RuleCount>> ranked(rules_.begin(), rules_.end());
    std::stable_sort(ranked.begin(), ranked.end(),
                     [](const auto& a, const auto& b) { return a.second.cards > b.second.cards; });
    if (ranked.size() > kShown) ranked.resize(kShown);
    m.open("section", {{"class", "panel"}}).element("h2", "Most frequent findings");
    table_head(m, {"Finding", "Cards", "Findings"}, 1);
    for (const auto& [rule, count] : ranked) {
      m.open("tr").open("td", {{"class", "name"}}).text(count.title).element("code", rule).close();
      number_cell(m, count.cards);
      number_cell(m, count.findings);
      m.close().literal("\n");
    }
    table_tail(m);
    m.close().literal("\n");
  }

  void write_control_totals(Markup& m) {
    if (controls_.empty()) return;
    m.open("section", {{"class", "panel"}}).element("h2", "Controls over all cards");
    table_head(m,
               {"Provision", "What it asks", "Met", "Partly", "Not met", "Contradicted", "Not applicable",
                "Not assessable"},
               2);
    for (const auto& [key, count] : controls_) {
      m.open("tr").open("td", {{"class", "name"}}).text(count.control->provision);
      m.element("code", count.control->framework)
          .close()
          .element("td", count.control->text, {{"class", "wide"}});
      for (const std::uint64_t n : count.cards) number_cell(m, n);
      m.close().literal("\n");
    }
    table_tail(m);
    m.close().literal("\n");
  }

  // --- one card -----------------------------------------------------------------------------------

  void write_card(const CardReport& report, const render::Counts& counts) {
    const render::Coverage coverage = render::coverage_of(report);
    Markup m;
    m.open("section", {{"class", "panel"}, {"id", "card-" + number(cards_)}});
    m.open("h2").element("bdi", report.card->path).close();
    std::string meta = std::string(kind_in_words(report.card->kind)) + " · " + render::in_words(counts);
    if (coverage.all() > 0) {
      meta += " · " + number(coverage.disclosed) + " of " + number(coverage.all()) + " disclosures found";
    }
    if (report.card->truncated) meta += " · too long or too deep, only its first part was read";
    m.element("p", meta, {{"class", "meta"}});
    write_findings(m, report, counts);
    write_repository(m, report);
    write_disclosures(m, report);
    write_controls(m, report);
    m.close().literal("\n");
    body_.append(m.take());
  }

  void write_findings(Markup& m, const CardReport& report, const render::Counts& counts) {
    m.element("h3", "Findings").literal("\n");
    if (counts.findings() == 0) m.element("p", "None.", {{"class", "none"}});
    m.open("div");
    for (const JudgedFinding& judged : report.findings) {
      if (judged.counts()) write_finding(m, report, judged);
    }
    m.close();
    if (counts.suppressed == 0) return;
    m.open("details").element("summary",
                              text::plural(counts.suppressed, "suppressed finding", "suppressed findings"));
    for (const JudgedFinding& judged : report.findings) {
      if (!judged.counts()) write_finding(m, report, judged);
    }
    m.close();
  }

  void write_finding(Markup& m, const CardReport& report, const JudgedFinding& judged) {
    const Card& card = *report.card;
    const Finding& f = judged.finding;
    const render::Target target = render::target_of(report, f);
    const render::Place& place = target.place;
    m.open("article", {{"class", "finding"}}).open("div", {{"class", "head"}});
    m.element("span", render::words(judged.severity),
              {{"class", judged.counts() ? colour(judged.severity) : "chip"}});
    m.element("strong", title_of(f.rule)).element("code", f.rule);
    m.element("span",
              target.path != card.path ? target.path
              : place.whole_card       ? "whole card"
                                       : "line " + number(place.begin.line),
              {{"class", "place"}});
    m.close().element("p", f.message);
    for (std::size_t i = 0; i < f.evidence.size(); ++i) {
      const bool sides = f.outcome == Outcome::contradicted;
      quote(m, report, f.evidence[i], sides ? std::string(render::quote_label(f, i)) + ", " : "");
    }
    for (const FileQuote& one : f.files) file_quote(m, one, f);
    if (f.evidence.empty() && !place.whole_card && !place.span.empty()) {
      quote(m, report, render::in_its_line(card, place), "");
    }
    if (!judged.counts()) {
      const std::string how = judged.suppression == SuppressionKind::baseline ? "in the baseline"
                              : judged.suppression == SuppressionKind::waiver ? "by a waiver"
                                                                              : "by a comment in the card";
      m.element("p", "Suppressed " + how + (judged.reason.empty() ? "." : ": " + judged.reason));
    } else if (!f.remedy.empty()) {
      m.open("p", {{"class", "fix"}}).element("b", "What to write: ").text(f.remedy).close();
    }
    m.close().literal("\n");
  }

  static void write_repository(Markup& m, const CardReport& report) {
    if (report.repository == nullptr) return;
    m.element("h3", "Repository");
    table_head(m, {"What", "Found"}, 2);
    for (const render::LabelledLine& line : render::repository_lines(*report.repository)) {
      m.open("tr").element("td", line.label, {{"class", "name"}});
      m.element("td", line.text, {{"class", "wide"}}).close().literal("\n");
    }
    table_tail(m);
    if (report.not_assessable.empty()) return;
    m.element("h3", "What the repository cannot tell");
    for (const Finding& finding : report.not_assessable) {
      m.open("article", {{"class", "finding"}}).open("div", {{"class", "head"}});
      m.element("code", finding.rule).close().element("p", finding.message);
      for (const FileQuote& one : finding.files) file_quote(m, one, finding);
      m.close().literal("\n");
    }
  }

  void write_disclosures(Markup& m, const CardReport& report) {
    if (report.disclosures == nullptr || report.disclosures->empty()) return;
    m.element("h3", "What the card says");
    table_head(m, {"Disclosure", "Status", "In the card's words"}, 3);
    for (const bool signals : {false, true}) {
      for (const Disclosure& d : *report.disclosures) {
        // A signal that is not there is no gap: it is asked for only by the rules that name it.
        if (render::is_signal(d.id) != signals || (signals && d.status == Status::absent)) continue;
        m.open("tr").element("td", title_of(d.rule), {{"class", "name"}});
        m.open("td", {{"class", "word"}})
            .element("span", render::words(d.status), {{"class", colour(d.status)}})
            .close();
        m.open("td");
        if (!d.evidence.empty()) quote(m, report, d.evidence.front(), "");
        m.close().close().literal("\n");
      }
    }
    table_tail(m);
  }

  static void write_controls(Markup& m, const CardReport& report) {
    if (report.controls.empty()) return;
    m.element("h3", "Controls");
    table_head(m, {"Provision", "What it asks", "Verdict"}, 3);
    for (const ControlVerdict& c : report.controls) {
      if (c.control == nullptr) continue;
      m.open("tr").open("td", {{"class", "name"}}).text(c.control->provision);
      m.element("code", c.control->framework).close().element("td", c.control->text, {{"class", "wide"}});
      m.open("td", {{"class", "word"}})
          .element("span", render::words(c.verdict), {{"class", colour(c.verdict)}})
          .close();
      m.close().literal("\n");
    }
    table_tail(m);
  }

  // --- after the cards ----------------------------------------------------------------------------

  void write_footer(Markup& m) {
    m.close().literal("\n");
    std::string policy;
    std::string digest;
    if (run_.policy != nullptr) {
      policy = run_.policy->name + ' ' + run_.policy->version;
      digest = run_.policy->digest;
    }
    render::end_page(m, {{"Policy", policy},
                         {"Policy digest", digest},
                         {"Cardwarden", run_.version},
                         {"Build", run_.commit},
                         {"Rules digest", run_.rules_digest}});
  }

  std::ostream& out_;
  RunInfo run_;
  Gate gate_;
  render::Spool index_;
  render::Spool body_;
  render::Spool problems_;
  std::map<std::string, RuleCount> rules_;
  std::map<std::string, ControlCount> controls_;
  std::uint64_t cards_ = 0;
  std::uint64_t problem_count_ = 0;
};

}  // namespace

std::unique_ptr<ReportWriter> make_html_writer(std::ostream& out) {
  return std::make_unique<HtmlWriter>(out);
}

}  // namespace cardwarden
