// SPDX-License-Identifier: Apache-2.0
// The history for a terminal: a strip for each disclosure, then what happened, newest first.
#include <algorithm>
#include <ostream>

#include "base/text.h"
#include "report/render.h"
#include "report/timeline_report.h"

namespace cardwarden {
namespace {

constexpr std::string_view kBold = "1";
constexpr std::string_view kDim = "2";
constexpr std::string_view kRed = "31";
constexpr std::string_view kGreen = "32";
constexpr std::string_view kYellow = "33";
constexpr std::string_view kCyan = "36";

constexpr std::size_t kLeastStrip = 12;   // cells, however narrow the terminal
constexpr std::size_t kMostStrip = 120;   // cells
constexpr std::size_t kQuoteChars = 110;  // of a quote below an event
// How much a disclosure says beside its longest state: eighths of a cell.
constexpr std::string_view kBars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

class Writer {
 public:
  Writer(std::ostream& out, const TimelineReport& report)
      : out_(out), report_(report), timeline_(*report.timeline) {}

  void write() {
    out_ << paint(kBold, text::printable(report_.repository)) << "  " << text::printable(report_.card)
         << " at " << render::short_id(report_.history->tip) << " (" << text::printable(report_.reference)
         << ")\n"
         << text::printable(render::summary(report_)) << '\n';
    if (report_.history->truncated)
      out_ << paint(kYellow, text::printable(report_.history->truncated_because)) << '\n';
    if (timeline_.revisions.empty()) return;
    write_strips();
    write_events();
  }

 private:
  std::string paint(std::string_view code, std::string_view s) const {
    if (!report_.colour) return std::string(s);
    return "\x1b[" + std::string(code) + 'm' + std::string(s) + "\x1b[0m";
  }

  // --- strips -------------------------------------------------------------------------------------

  void write_strips() {
    std::vector<std::string> rows;
    for (const std::string& id : timeline_.disclosures) {
      if (!render::is_signal(id)) rows.push_back(id);
    }
    for (const std::string& id : rows) name_width_ = std::max(name_width_, id.size());
    const std::size_t room =
        report_.terminal_width > name_width_ + 26 ? report_.terminal_width - name_width_ - 26 : kLeastStrip;
    cells_ = std::min({timeline_.revisions.size(), std::max(room, kLeastStrip), kMostStrip});
    const std::string first = render::day(timeline_.revisions.front().revision->commit.committer);
    const std::string last = render::day(timeline_.revisions.back().revision->commit.committer);
    out_ << '\n' << std::string(name_width_ + 2, ' ');
    if (cells_ >= first.size() + last.size() + 1)
      out_ << paint(kDim, first + std::string(cells_ - first.size() - last.size(), ' ') + last) << '\n';
    else
      out_ << paint(kDim, first == last ? first : first + " to " + last) << '\n';
    write_weights_strip();
    for (const std::string& id : rows) write_strip(id);
    out_ << paint(kDim, std::string(name_width_ + 2, ' ') +
                            "▁▃▅█ disclosed, by its words   ? placeholder   · not there   "
                            "w weights   ! weights, card untouched")
         << '\n';
  }

  std::size_t first_of(std::size_t cell) const { return cell * timeline_.revisions.size() / cells_; }

  void write_weights_strip() {
    if (timeline_.weights.empty()) return;
    std::string marks(cells_, ' ');
    for (const TimelineWeights& one : timeline_.weights) {
      const std::size_t revision = one.after == 0 ? 0 : one.after - 1;
      char& mark = marks[std::min(cells_ - 1, revision * cells_ / timeline_.revisions.size())];
      if (mark != '!') mark = one.silent() ? '!' : 'w';
    }
    out_ << "weights" << std::string(name_width_ - std::min<std::size_t>(name_width_, 7) + 2, ' ')
         << paint(kCyan, marks) << '\n';
  }

  void write_strip(const std::string& id) {
    std::uint32_t most = 1;
    for (const TimelineRevision& one : timeline_.revisions) {
      const DisclosureFacts* facts = one.facts != nullptr ? one.facts->find(id) : nullptr;
      if (facts != nullptr) most = std::max(most, facts->amount());
    }
    std::string strip;
    for (std::size_t cell = 0; cell < cells_; ++cell) {
      // A cell that stands for several revisions shows the last of them.
      const std::size_t index = std::max(first_of(cell + 1), first_of(cell) + 1) - 1;
      const CardFacts* card = timeline_.revisions[index].facts;
      const DisclosureFacts* facts = card != nullptr ? card->find(id) : nullptr;
      if (facts == nullptr || facts->status == Status::absent)
        strip += "·";
      else if (facts->status == Status::placeholder)
        strip += "?";
      else
        strip += kBars[(std::max<std::size_t>(1, facts->amount()) * 8 + most - 1) / most - 1];
    }
    const auto loss = std::find_if(timeline_.losses.begin(), timeline_.losses.end(),
                                   [&](const Loss& one) { return one.id == id; });
    const bool lost = loss != timeline_.losses.end();
    const CardFacts* newest = timeline_.newest();
    const bool stands = newest != nullptr && newest->discloses(id);
    out_ << id << std::string(name_width_ - id.size() + 2, ' ')
         << paint(lost     ? kRed
                  : stands ? kGreen
                           : kDim,
                  strip);
    if (lost) {
      const CommitFacts& commit = timeline_.revisions[loss->gone].revision->commit;
      out_ << "  " << paint(kRed, (loss->placeholder ? "emptied " : "gone ") + render::day(commit.committer));
    }
    out_ << '\n';
  }

  // --- events -------------------------------------------------------------------------------------

  void write_events() {
    std::size_t quiet = 0;
    std::size_t weights = timeline_.weights.size();
    const auto end_quiet = [&] {
      if (quiet == 0) return;
      out_ << '\n'
           << paint(kDim, "(" + text::plural(quiet, "revision", "revisions") + " changed no disclosure)")
           << '\n';
      quiet = 0;
    };
    for (std::size_t i = timeline_.revisions.size(); i-- > 0;) {
      const TimelineRevision& one = timeline_.revisions[i];
      // Weights of commits that came after this revision, newest first.
      while (weights > 0 && timeline_.weights[weights - 1].after > i &&
             timeline_.weights[weights - 1].commit->commit.id != one.revision->commit.id) {
        end_quiet();
        write_weights(timeline_.weights[--weights]);
      }
      const bool with_card = weights > 0 && timeline_.weights[weights - 1].after > i;
      const bool moved = one.revision->change != CardChange::changed;
      if (one.changes.empty() && one.problem.empty() && !moved && !with_card) {
        ++quiet;
        continue;
      }
      end_quiet();
      write_head(one.revision->commit);
      write_revision(one);
      if (with_card) {
        line("w", kCyan, render::weights_sentence(timeline_.weights[--weights]));
        while (weights > 0 && timeline_.weights[weights - 1].after > i)
          write_weights(timeline_.weights[--weights]);
      }
    }
    end_quiet();
    while (weights > 0) write_weights(timeline_.weights[--weights]);
  }

  void write_head(const CommitFacts& commit) {
    out_ << '\n'
         << paint(kBold, render::moment(commit.committer)) << "  "
         << paint(kYellow, render::short_id(commit.id)) << "  " << text::printable(commit.author.name) << "  "
         << text::printable(text::excerpt(commit.subject, 72)) << '\n';
  }

  void line(std::string_view mark, std::string_view colour, std::string_view words) {
    out_ << "  " << paint(colour, mark) << ' ' << text::printable(words) << '\n';
  }

  void quote(std::string_view words) {
    if (words.empty()) return;
    out_ << "      " << paint(kDim, "“" + text::printable(text::excerpt(words, kQuoteChars)) + "”") << '\n';
  }

  void write_weights(const TimelineWeights& one) {
    write_head(one.commit->commit);
    line(one.silent() ? "!" : "w", one.silent() ? kRed : kCyan, render::weights_sentence(one));
  }

  void write_revision(const TimelineRevision& one) {
    switch (one.revision->change) {
      case CardChange::removed:
        line("-", kRed, "The card was removed.");
        break;
      case CardChange::renamed:
        line("~", kCyan, "Renamed from " + one.revision->old_path + " to " + one.revision->path + ".");
        break;
      case CardChange::oldest:
        line("·", kDim, "The oldest revision that is here; what it changed is not known.");
        break;
      default:
        break;
    }
    if (!one.problem.empty()) line("!", kRed, "The card cannot be read: " + one.problem);
    write_losses(one.changes);
    if (one.changes.licenses) {
      const LicenseMove move = one.changes.license;
      const bool worse = move == LicenseMove::loosened || move == LicenseMove::removed;
      line(worse ? "!" : "~", worse ? kRed : kCyan, render::license_sentence(one.changes));
    }
    if (one.changes.base_models)
      line("~", kCyan, render::list_sentence("Base models", *one.changes.base_models));
    if (one.changes.datasets) line("~", kCyan, render::list_sentence("Data sets", *one.changes.datasets));
    write_names("+", kGreen, "disclosed", DisclosureChange::appeared, one.changes);
    write_names("~", kDim, "in other words", DisclosureChange::changed, one.changes);
  }

  void write_losses(const CardComparison& changes) {
    for (const DisclosureEvent& event : changes.disclosures) {
      const bool thinned = event.change == DisclosureChange::thinned;
      if (!thinned && event.change != DisclosureChange::vanished &&
          event.change != DisclosureChange::placeholder) {
        continue;
      }
      line("-", thinned ? kYellow : kRed, event.id + " " + render::event_words(event));
      quote(event.quote_before);
    }
  }

  void write_names(std::string_view mark, std::string_view colour, std::string_view what,
                   DisclosureChange change, const CardComparison& changes) {
    std::vector<std::string> names;
    for (const DisclosureEvent& event : changes.disclosures) {
      if (event.change == change) names.push_back(event.id);
    }
    if (names.empty()) return;
    // Wrapped, so that a first revision with twenty disclosures reads as a paragraph.
    out_ << "  " << paint(colour, mark) << ' ' << what << ": ";
    const std::size_t indent = what.size() + 6;
    std::size_t column = indent;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string piece = names[i] + (i + 1 < names.size() ? "," : "");
      if (column > indent && column + piece.size() > report_.terminal_width) {
        out_ << '\n' << std::string(indent, ' ');
        column = indent;
      } else if (column > indent) {
        out_ << ' ';
      }
      out_ << piece;
      column += piece.size() + 1;
    }
    out_ << '\n';
  }

  std::ostream& out_;
  const TimelineReport& report_;
  const Timeline& timeline_;
  std::size_t name_width_ = 8;
  std::size_t cells_ = 1;
};

}  // namespace

void write_timeline_text(std::ostream& out, const TimelineReport& report) { Writer(out, report).write(); }

}  // namespace cardwarden
