// SPDX-License-Identifier: Apache-2.0
// A strip for each disclosure, drawn as SVG whose places are shares of the width, so that it fits any screen
// and any paper.
#include "report/timeline_grid.h"

#include <algorithm>
#include <cmath>

#include "base/json.h"
#include "base/text.h"
#include "report/render.h"

namespace cardwarden::render {
namespace {

constexpr double kFloor = 24;       // where strips stand, in pixels from the top of a row
constexpr double kLeastHeight = 5;  // of a disclosure in a few words
constexpr double kMostHeight = 19;
constexpr int kSteps = 14;           // heights that are told apart
constexpr double kMarkRoom = 0.011;  // of the width, for a mark beside another of its kind
constexpr double kCutColumns = 150;  // with more, bars that touch are not cut apart
constexpr double kTickRoom = 0.08;   // of the width, for a date on the axis

std::string number(double value) { return json_number(std::round(value * 1000) / 1000); }
std::string percent(double share) { return number(share * 100) + "%"; }

struct State {
  Status status = Status::absent;
  int step = 0;  // height, of a disclosed one
  friend bool operator==(const State&, const State&) = default;
};

class Grid {
 public:
  Grid(Markup& m, const TimelineReport& report)
      : m_(m), report_(report), timeline_(*report.timeline), counts_(counts_of(timeline_)) {
    columns_ = static_cast<double>(std::max<std::size_t>(1, timeline_.revisions.size()));
    make_ticks();
  }

  void write() {
    m_.open("section", {{"class", "panel"}}).element("h2", "What the card said, revision by revision");
    m_.element("p",
               "One column is one revision, the oldest on the left. A bar is as high as the card has words "
               "about the matter. Point at a bar for its words; follow it to the revision that changed it.",
               {{"class", "meta"}});
    write_legend();
    m_.open("div", {{"class", "scroll"}}).open("table", {{"class", "grid"}}).open("thead").open("tr");
    m_.element("th", "", {{"class", "what"}}).open("td");
    write_axis();
    m_.close().element("td", "", {{"class", "now"}}).close().close().literal("\n");
    m_.open("tbody");
    write_licenses();
    if (!timeline_.weights.empty()) write_weights();
    m_.close().literal("\n");
    write_group("Gone: stood once, not any more",
                [&](const std::string& id) { return loss_of(id) != nullptr; });
    write_group("In the card today", [&](const std::string& id) { return !is_signal(id) && stands(id); });
    write_group("Never in the card", [&](const std::string& id) {
      return !is_signal(id) && !stands(id) && loss_of(id) == nullptr;
    });
    write_group("Further signals in the card today",
                [&](const std::string& id) { return is_signal(id) && stands(id); });
    m_.close().close().close().literal("\n");
  }

 private:
  struct Tick {
    double share = 0;
    std::string label;
  };

  // Years where the history has several, else months; none that would touch the one before.
  void make_ticks() {
    if (timeline_.revisions.empty()) return;
    const auto date = [&](std::size_t i) { return day(timeline_.revisions[i].revision->commit.committer); };
    const bool years = date(0).substr(0, 4) != date(timeline_.revisions.size() - 1).substr(0, 4);
    std::string last;
    for (std::size_t i = 0; i < timeline_.revisions.size(); ++i) {
      const std::string label = date(i).substr(0, years ? 4 : 7);
      if (label == last) continue;
      last = label;
      ticks_.push_back({static_cast<double>(i) / columns_, label});
    }
  }

  void write_legend() {
    const auto entry = [&](std::string_view words, const auto& draw) {
      m_.open("li").open("svg", {{"viewBox", "0 0 22 18"}, {"aria-hidden", "true"}, {"class", "key"}});
      draw();
      m_.close().text(words).close();
    };
    m_.open("ul", {{"class", "legend"}});
    entry("disclosed, in few or many words", [&] {
      m_.leaf("rect", {{"class", "on"}, {"x", "1"}, {"y", "11"}, {"width", "9"}, {"height", "6"}});
      m_.leaf("rect", {{"class", "on"}, {"x", "11"}, {"y", "3"}, {"width", "9"}, {"height", "14"}});
    });
    entry("placeholder", [&] {
      m_.leaf("rect", {{"class", "tbd"}, {"x", "2"}, {"y", "5"}, {"width", "17"}, {"height", "11"}});
    });
    entry("thinned", [&] { shape("thin", kThin, "11", "9"); });
    entry("vanished", [&] { shape("gone", kGone, "11", "9"); });
    entry("licence changed", [&] { shape("move", kDiamond, "11", "9"); });
    entry("licence loosened", [&] { shape("move loose", kDiamond, "11", "9"); });
    if (!timeline_.weights.empty()) {
      entry("weights changed", [&] { circle("weight", "11", "9", ""); });
      entry("weights changed, card untouched", [&] { circle("silent", "11", "9", ""); });
    }
    m_.close().literal("\n");
  }

  static constexpr std::string_view kGone = "M-4.5-4.5L4.5 4.5M4.5-4.5L-4.5 4.5";
  static constexpr std::string_view kThin = "M-5.5-4L5.5-4L0 5Z";
  static constexpr std::string_view kDiamond = "M0-6.5L6.5 0L0 6.5L-6.5 0Z";

  void shape(std::string_view kind, std::string_view path, std::string_view x, std::string_view y) {
    m_.open("svg", {{"x", x}, {"y", y}, {"overflow", "visible"}});
    m_.leaf("path", {{"class", kind}, {"d", path}}).close();
  }

  void circle(std::string_view kind, std::string_view x, std::string_view y, std::string_view title) {
    m_.open("circle", {{"class", kind}, {"cx", x}, {"cy", y}, {"r", "5"}});
    if (!title.empty()) m_.element("title", title);
    m_.close();
  }

  void write_axis() {
    m_.open("svg", {{"class", "axis"}, {"aria-hidden", "true"}});
    double free_from = 0;
    for (const Tick& tick : ticks_) {
      const std::string x = percent(tick.share);
      m_.leaf("line", {{"class", "year"}, {"x1", x}, {"x2", x}, {"y1", "4"}, {"y2", "24"}});
      if (tick.share < free_from || tick.share > 1 - kTickRoom / 2) continue;
      free_from = tick.share + kTickRoom;
      m_.open("svg", {{"x", x}, {"overflow", "visible"}});
      m_.element("text", tick.label, {{"x", "4"}, {"y", "15"}}).close();
    }
    m_.close();
  }

  // A row, its name at the left; draw() fills the strip.
  template <typename Draw>
  void row(std::string_view title, std::string_view id, const Draw& draw) {
    m_.open("tr").open("th", {{"class", "what"}, {"scope", "row"}, {"title", id}}).text(title).close();
    m_.open("td").open("svg", {{"class", "strip"}, {"role", "group"}, {"aria-label", title}});
    for (const Tick& tick : ticks_) {
      const std::string x = percent(tick.share);
      m_.leaf("line", {{"class", "year"}, {"x1", x}, {"x2", x}, {"y1", "0"}, {"y2", "28"}});
    }
    m_.leaf("line", {{"class", "base"}, {"x1", "0"}, {"x2", "100%"}, {"y1", "24"}, {"y2", "24"}});
    draw();
    m_.close().close();
  }

  void end_row(std::string_view now, bool bad) {
    m_.open("td", {{"class", "now"}});
    if (bad)
      m_.element("b", now);
    else
      m_.text(now);
    m_.close().close().literal("\n");
  }

  double middle(std::size_t revision) const { return (static_cast<double>(revision) + 0.5) / columns_; }

  void write_licenses() {
    row("Licence declared", "license", [&] {
      for (std::size_t i = 0; i < timeline_.revisions.size(); ++i) {
        const CardComparison& changes = timeline_.revisions[i].changes;
        if (!changes.licenses) continue;
        const bool loose =
            changes.license == LicenseMove::loosened || changes.license == LicenseMove::removed;
        const std::string link = "#r" + std::to_string(i);
        m_.open("a", {{"href", link}});
        m_.element("title", when(i) + ": " + license_sentence(changes));
        shape(loose ? "move loose" : "move", kDiamond, percent(middle(i)), "13");
        m_.close();
      }
    });
    const CardFacts* newest = timeline_.newest();
    const bool none = newest == nullptr || newest->licenses.empty();
    end_row(none ? "none declared" : text::excerpt(listed(newest->licenses), 18), false);
  }

  void write_weights() {
    row("Weights replaced", "weights", [&] {
      for (std::size_t i = 0; i < timeline_.weights.size();) {
        // Those between two revisions share a column.
        std::size_t end = i;
        while (end < timeline_.weights.size() && timeline_.weights[end].after == timeline_.weights[i].after)
          ++end;
        for (std::size_t k = i; k < end; ++k) {
          const TimelineWeights& one = timeline_.weights[k];
          const double column = one.after == 0 ? 0 : static_cast<double>(one.after - 1);
          const double share = static_cast<double>(k - i + 1) / static_cast<double>(end - i + 1);
          m_.open("a", {{"href", "#w" + std::to_string(k)}});
          circle(one.silent() ? "silent" : "weight", percent((column + share) / columns_), "14",
                 moment(one.commit->commit.committer) + ": " + weights_sentence(one));
          m_.close();
        }
        i = end;
      }
    });
    end_row(counts_.silent > 0 ? "card untouched: " + std::to_string(counts_.silent) : "",
            counts_.silent > 0);
  }

  bool stands(const std::string& id) const {
    return timeline_.newest() != nullptr && timeline_.newest()->discloses(id);
  }

  const Loss* loss_of(const std::string& id) const {
    for (const Loss& loss : timeline_.losses) {
      if (loss.id == id) return &loss;
    }
    return nullptr;
  }

  template <typename Test>
  void write_group(std::string_view name, const Test& belongs) {
    bool first = true;
    for (const std::string& id : timeline_.disclosures) {
      if (!belongs(id)) continue;
      if (first) {
        m_.open("tbody").open("tr");
        m_.element("th", name, {{"class", "group"}, {"colspan", "3"}, {"scope", "rowgroup"}});
        m_.close().literal("\n");
      }
      first = false;
      write_disclosure(id);
    }
    if (!first) m_.close();
  }

  std::vector<State> states_of(const std::string& id) const {
    std::uint32_t most = 1;
    for (const TimelineRevision& one : timeline_.revisions) {
      const DisclosureFacts* facts = one.facts != nullptr ? one.facts->find(id) : nullptr;
      if (facts != nullptr) most = std::max(most, facts->amount());
    }
    std::vector<State> out;
    for (const TimelineRevision& one : timeline_.revisions) {
      const DisclosureFacts* facts = one.facts != nullptr ? one.facts->find(id) : nullptr;
      State state;
      if (facts != nullptr) state.status = facts->status;
      if (state.status == Status::disclosed)
        state.step =
            static_cast<int>(std::lround(kSteps * std::sqrt(double(facts->amount()) / double(most))));
      out.push_back(state);
    }
    return out;
  }

  void write_disclosure(const std::string& id) {
    const std::vector<State> states = states_of(id);
    row(report_.title(id), id, [&] {
      for (std::size_t i = 0; i < states.size();) {
        std::size_t end = i + 1;
        while (end < states.size() && states[end] == states[i]) ++end;
        if (states[i].status != Status::absent) write_run(id, states[i], i, end);
        i = end;
      }
      thinned_from_ = gone_from_ = 0;
      for (std::size_t i = 0; i < timeline_.revisions.size(); ++i) write_mark(id, i);
    });
    const Loss* loss = loss_of(id);
    const DisclosureFacts* now = timeline_.newest() != nullptr ? timeline_.newest()->find(id) : nullptr;
    if (loss != nullptr)
      end_row((loss->placeholder ? "emptied " : "gone ") +
                  day(timeline_.revisions[loss->gone].revision->commit.committer),
              true);
    else if (now != nullptr && now->status == Status::disclosed)
      end_row(text::plural(now->amount(), "word", "words"), false);
    else
      end_row(now != nullptr && now->status == Status::placeholder ? "placeholder" : "", false);
  }

  // The bar of revisions `begin` to `end` (one past), which are alike.
  void write_run(const std::string& id, State state, std::size_t begin, std::size_t end) {
    const bool disclosed = state.status == Status::disclosed;
    const DisclosureFacts& facts = *timeline_.revisions[end - 1].facts->find(id);
    const double height =
        disclosed ? kLeastHeight + (kMostHeight - kLeastHeight) * state.step / kSteps : kMostHeight * 0.6;
    const std::string x = percent(static_cast<double>(begin) / columns_);
    const std::string width = percent(static_cast<double>(end - begin) / columns_);
    std::string title =
        report_.title(id) + ", " + when(begin) + (end - begin > 1 ? " to " + when(end - 1) : "");
    title += disclosed ? ": " + text::plural(facts.amount(), "word", "words") : ": placeholder only";
    if (!facts.quote.empty()) title += "\n“" + facts.quote + "”";
    m_.open("a", {{"href", "#r" + std::to_string(begin)}}).element("title", title);
    m_.leaf("rect", {{"class", "hit"}, {"x", x}, {"y", "2"}, {"width", width}, {"height", "22"}});
    m_.leaf("rect", {{"class", disclosed ? "on" : "tbd"},
                     {"x", x},
                     {"y", number(kFloor - height)},
                     {"width", width},
                     {"height", number(height)}});
    if (disclosed) {
      const std::string top = number(kFloor - height);
      const std::string last = percent(static_cast<double>(end) / columns_);
      m_.leaf("line", {{"class", "edge"}, {"x1", x}, {"x2", last}, {"y1", top}, {"y2", top}});
      if (columns_ <= kCutColumns)
        m_.leaf("line", {{"class", "cut"}, {"x1", last}, {"x2", last}, {"y1", top}, {"y2", number(kFloor)}});
    }
    m_.close();
  }

  void write_mark(const std::string& id, std::size_t revision) {
    for (const DisclosureEvent& event : timeline_.revisions[revision].changes.disclosures) {
      if (event.id != id) continue;
      const bool thinned = event.change == DisclosureChange::thinned;
      const bool gone =
          event.change == DisclosureChange::vanished || event.change == DisclosureChange::placeholder;
      if (!thinned && !gone) return;
      // Of marks that would cover each other the first is drawn; the list below the grid has them all.
      double& free_from = thinned ? thinned_from_ : gone_from_;
      if (middle(revision) < free_from) return;
      free_from = middle(revision) + kMarkRoom;
      m_.open("a", {{"href", "#r" + std::to_string(revision)}});
      m_.element("title", when(revision) + ": " + report_.title(id) + " " + event_words(event));
      shape(thinned ? "thin" : "gone", thinned ? kThin : kGone, percent(middle(revision)),
            thinned ? "6" : "14");
      m_.close();
      return;
    }
  }

  std::string when(std::size_t revision) const {
    return day(timeline_.revisions[revision].revision->commit.committer);
  }

  Markup& m_;
  const TimelineReport& report_;
  const Timeline& timeline_;
  const TimelineCounts counts_;
  double columns_ = 1;
  double thinned_from_ = 0;  // shares of the width from which marks of the row have room
  double gone_from_ = 0;
  std::vector<Tick> ticks_;
};

}  // namespace

void write_timeline_grid(Markup& m, const TimelineReport& report) { Grid(m, report).write(); }

}  // namespace cardwarden::render
