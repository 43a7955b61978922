// SPDX-License-Identifier: Apache-2.0
// The history as one page: the grid, then what was lost and what happened. No scripts: details are titles,
// bars link to the revision that changed them. All text passes through Markup, so no repository can add an
// element to the page.
#include <ostream>

#include "base/text.h"
#include "report/html_style.h"
#include "report/markup.h"
#include "report/page.h"
#include "report/render.h"
#include "report/timeline_grid.h"
#include "report/timeline_report.h"
#include "report/timeline_style.h"

namespace cardwarden {
namespace {

using render::Markup;

class Page {
 public:
  Page(std::ostream& out, const TimelineReport& report)
      : out_(out), report_(report), timeline_(*report.timeline), counts_(render::counts_of(timeline_)) {}

  void write() {
    const std::string title = "Disclosure history of " + report_.repository;
    render::begin_page(m_, title, {render::kStyle, render::kTimelineStyle});
    write_header();
    m_.open("main").literal("\n");
    if (!timeline_.revisions.empty()) {
      render::write_timeline_grid(m_, report_);
      write_losses();
      write_revisions();
    }
    m_.close().literal("\n");
    render::end_page(m_, {{"Repository", report_.repository},
                          {"Commit", report_.history->tip.hex()},
                          {"Card", report_.card},
                          {"Cardwarden", report_.version}});
    out_ << m_.take();
  }

 private:
  // --- the head -----------------------------------------------------------------------------------

  void write_header() {
    m_.open("header").element("p", "Cardwarden · history of disclosures", {{"class", "brand"}});
    const bool bad = counts_.lost > 0 || counts_.loosened > 0;
    m_.open("div", {{"class", bad ? "verdict failed" : "verdict calm"}});
    m_.open("h1").element("bdi", report_.repository).close();
    m_.element("p", render::summary(report_));
    if (report_.history->truncated) m_.element("p", report_.history->truncated_because, {{"class", "soft"}});
    m_.close().literal("\n").open("dl", {{"class", "tiles"}});
    tile("Revisions of the card", timeline_.revisions.size(), "plain");
    m_.open("div", {{"class", "plain"}}).element("dt", "Disclosed today");
    m_.element("dd", std::to_string(counts_.disclosed) + " of " + std::to_string(counts_.catalogue)).close();
    tile("Lost on the way", counts_.lost, "error");
    tile("Times thinned", counts_.thinned, "warning");
    tile("Licence changes", counts_.license_changes, counts_.loosened > 0 ? "error" : "info");
    tile("Weights, card untouched", counts_.silent, "error");
    m_.close().close().literal("\n");
  }

  void tile(std::string_view what, std::size_t n, std::string_view kind) {
    m_.open("div", {{"class", n == 0 ? std::string_view("zero") : kind}});
    m_.element("dt", what).element("dd", std::to_string(n)).close();
  }

  // --- below the grid -----------------------------------------------------------------------------

  void write_losses() {
    if (timeline_.losses.empty()) return;
    m_.open("section", {{"class", "panel"}}).element("h2", "What was lost");
    m_.open("div", {{"class", "scroll"}}).open("table").open("thead").open("tr");
    for (const std::string_view head : {"Disclosure", "As it last stood", "Since", "By"})
      m_.element("th", head, {{"scope", "col"}});
    m_.close().close().open("tbody").literal("\n");
    for (const Loss& loss : timeline_.losses) {
      const CommitFacts& commit = timeline_.revisions[loss.gone].revision->commit;
      m_.open("tr").open("td", {{"class", "name"}}).text(report_.title(loss.id)).element("code", loss.id);
      m_.close().open("td").open("blockquote", {{"class", "quote"}});
      m_.element("span", loss.quote, {{"dir", "auto"}}).close().close();
      m_.open("td", {{"class", "word"}}).open("a", {{"href", "#r" + std::to_string(loss.gone)}});
      m_.text(render::day(commit.committer)).close().close();
      m_.open("td", {{"class", "word"}}).element("bdi", commit.author.name).close().close().literal("\n");
    }
    m_.close().close().close().close().literal("\n");
  }

  void write_revisions() {
    m_.open("section", {{"class", "panel"}}).element("h2", "What happened, newest first").literal("\n");
    std::size_t weights = timeline_.weights.size();
    std::size_t quiet = 0;
    const auto end_quiet = [&] {
      if (quiet > 0)
        m_.element("p", text::plural(quiet, "revision", "revisions") + " changed no disclosure.",
                   {{"class", "quiet"}});
      quiet = 0;
    };
    for (std::size_t i = timeline_.revisions.size(); i-- > 0;) {
      while (weights > 0 && timeline_.weights[weights - 1].after > i) {
        end_quiet();
        write_weight_commit(--weights);
      }
      const TimelineRevision& one = timeline_.revisions[i];
      if (one.changes.empty() && one.problem.empty() && i > 0) {
        ++quiet;
        continue;
      }
      end_quiet();
      write_revision(one, i);
    }
    end_quiet();
    while (weights > 0) write_weight_commit(--weights);
    m_.close().literal("\n");
  }

  void write_head(const CommitFacts& commit) {
    m_.open("div", {{"class", "head"}}).element("time", render::moment(commit.committer));
    m_.open("span", {{"class", "by"}}).element("bdi", commit.author.name).close();
    m_.element("code", render::short_id(commit.id)).close();
    if (!commit.subject.empty())
      m_.open("p", {{"class", "subject"}}).element("bdi", text::excerpt(commit.subject, 160)).close();
  }

  void write_weight_commit(std::size_t index) {
    const TimelineWeights& one = timeline_.weights[index];
    m_.open("article", {{"class", "rev"}, {"id", "w" + std::to_string(index)}});
    write_head(one.commit->commit);
    m_.open("ul");
    item(one.silent() ? "chip red" : "chip blue", one.silent() ? "card untouched" : "weights",
         render::weights_sentence(one));
    m_.close().close().literal("\n");
  }

  void item(std::string_view kind, std::string_view chip, std::string_view words) {
    m_.open("li").element("span", chip, {{"class", kind}}).element("bdi", words).close();
  }

  void write_revision(const TimelineRevision& one, std::size_t index) {
    m_.open("article", {{"class", "rev"}, {"id", "r" + std::to_string(index)}});
    write_head(one.revision->commit);
    m_.open("ul");
    if (one.revision->change == CardChange::removed) item("chip red", "removed", "The card was removed.");
    if (one.revision->change == CardChange::renamed)
      item("chip blue", "renamed", one.revision->old_path + " → " + one.revision->path);
    if (one.revision->change == CardChange::oldest)
      item("chip", "oldest", "What this commit changed is not known: the history before it is not here.");
    if (!one.problem.empty()) item("chip red", "not readable", one.problem);
    const CardComparison& changes = one.changes;
    for (const DisclosureEvent& event : changes.disclosures) write_loss(event);
    if (changes.licenses) {
      const bool worse = changes.license == LicenseMove::loosened || changes.license == LicenseMove::removed;
      item(worse ? "chip red" : "chip blue", "licence", render::license_sentence(changes));
    }
    if (changes.base_models)
      item("chip blue", "base model", render::list_sentence("Base models", *changes.base_models));
    if (changes.datasets) item("chip blue", "data", render::list_sentence("Data sets", *changes.datasets));
    write_names(changes, DisclosureChange::appeared, "chip green", "disclosed");
    write_names(changes, DisclosureChange::changed, "chip", "in other words");
    m_.close().close().literal("\n");
  }

  void write_loss(const DisclosureEvent& event) {
    const bool thinned = event.change == DisclosureChange::thinned;
    if (!thinned && event.change != DisclosureChange::vanished &&
        event.change != DisclosureChange::placeholder)
      return;
    m_.open("li").element("span", thinned ? "thinned" : "lost",
                          {{"class", thinned ? "chip amber" : "chip red"}});
    m_.text(report_.title(event.id) + " " + render::event_words(event) + ".");
    if (!event.quote_before.empty() && event.quote_before != event.quote_after) {
      m_.open("blockquote", {{"class", "quote"}}).open("span", {{"dir", "auto"}});
      m_.element("s", event.quote_before).close().close();
    }
    m_.close();
  }

  void write_names(const CardComparison& changes, DisclosureChange change, std::string_view kind,
                   std::string_view chip) {
    std::vector<std::string> names;
    for (const DisclosureEvent& event : changes.disclosures) {
      if (event.change == change) names.push_back(report_.title(event.id));
    }
    if (!names.empty()) item(kind, chip, text::join(names, ", "));
  }

  std::ostream& out_;
  const TimelineReport& report_;
  const Timeline& timeline_;
  const render::TimelineCounts counts_;
  Markup m_;
};

}  // namespace

void write_timeline_html(std::ostream& out, const TimelineReport& report) { Page(out, report).write(); }

}  // namespace cardwarden
