// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <catch2/catch.hpp>

#include "fixture.h"
#include "report/excerpt.h"

namespace cardwarden::testing {
namespace {

// The line and, under it, the carets.
std::string drawn(const std::string& text, std::string_view words, std::size_t cells = 80) {
  const Card card = make_card("README.md", text);
  const render::SourceLine line = render::source_line(card, find(card.text, words), cells);
  return line.text + '\n' + std::string(line.caret_at, ' ') + std::string(line.caret_cells, '^');
}

std::string summary_of(const Run& run) {
  const std::string out = run.render("text");
  return out.substr(out.rfind('\n', out.size() - 2) + 1);
}

}  // namespace

TEST_CASE("source line: the caret stands under the words") {
  CHECK(drawn("one two three\nfour", "two") == "one two three\n    ^^^");
  CHECK(drawn("one\n\nlicense: mit\n", "mit") == "license: mit\n         ^^^");
}

TEST_CASE("source line: a wide character takes two cells, a combining one none") {
  CHECK(drawn("本模型 is", "is") == "本模型 is\n       ^^");
  CHECK(drawn("本模型 is", "模型") == "本模型 is\n  ^^^^");
  CHECK(drawn("e\xcc\x81t\xc3\xa9 x", "x") == "e\xcc\x81t\xc3\xa9 x\n    ^");
}

TEST_CASE("source line: a tab takes one cell, a control character the cells of its escape") {
  CHECK(drawn("\tkey:\tvalue", "value") == " key: value\n      ^^^^^");
  CHECK(drawn("a\x1b[0mb", "b") == "a\\x1b[0mb\n        ^");
}

TEST_CASE("source line: a long line is cut around the words") {
  const std::string line = std::string(200, 'a') + " needle " + std::string(200, 'z');
  const std::string out = drawn(line, "needle", 40);
  const std::string shown = out.substr(0, out.find('\n'));
  CHECK(text::display_width(shown) <= 40);
  CHECK(shown.find(" needle ") != std::string::npos);
  CHECK(shown.rfind("…a", 0) == 0);
  CHECK(shown.substr(shown.size() - 3) == "…");
  const std::string caret = out.substr(out.find('\n') + 1);
  CHECK(caret == std::string(text::display_width(shown.substr(0, shown.find("needle"))), ' ') + "^^^^^^");
}

TEST_CASE("source line: words longer than the window are underlined to its edge") {
  const std::string out = drawn(std::string(300, 'w'), std::string(300, 'w'), 40);
  CHECK(out == std::string(39, 'w') + "…\n" + std::string(40, '^'));
}

TEST_CASE("source line: a line that just fits is not cut") {
  CHECK(drawn(std::string(40, 'f'), "f", 40) == std::string(40, 'f') + "\n^");
  CHECK(drawn(std::string(41, 'f'), "f", 40) == std::string(39, 'f') + "…\n^");
}

TEST_CASE("source line: an empty place still has a caret, also at the end of a line or text") {
  const Card card = make_card("README.md", "ab\n\ncd");
  CHECK(render::source_line(card, {2, 2}, 40).caret_at == 2);
  CHECK(render::source_line(card, {2, 2}, 40).caret_cells == 1);
  CHECK(render::source_line(card, {3, 3}, 40).number == 2);
  CHECK(render::source_line(card, {6, 6}, 40).caret_at == 2);
}

TEST_CASE("source line: a place over several lines is drawn on the first and names the last") {
  const Card card = make_card("README.md", "one two\nthree\nfour");
  const render::SourceLine line = render::source_line(card, {4, 13}, 40);
  CHECK(line.number == 1);
  CHECK(line.last_line == 2);
  CHECK(line.caret_at == 4);
  CHECK(line.caret_cells == 3);
}

TEST_CASE("text: a run without findings is one line") {
  Run run;
  run.info.policy = &run.policy;
  CHECK(run.render("text") == "No card was checked.\n");
  for (int i = 0; i < 10; ++i) run.cases.emplace_back(make_card("README.md", "# A\n"));
  CHECK(run.render("text") == "10 cards checked, no findings.\n");
  JudgedFinding& judged = run.cases[0].add("a/b", Severity::error, Outcome::absent, "No.", "Yes.");
  judged.suppression = SuppressionKind::baseline;
  CHECK(run.render("text") == "10 cards checked, no findings; 1 suppressed.\n");
}

TEST_CASE("text: a single finding reads as a linter's line") {
  Run run;
  run.info.policy = &run.policy;
  Case& c = run.cases.emplace_back(make_card("README.md", "# A\n"));
  c.add("model-card/license", Severity::error, Outcome::absent, "The card names no licence.",
        "Name the licence.");
  CHECK(
      run.render("text").rfind(
          "README.md:1:1 error model-card/license The card names no licence.\n   = help: Name the licence.\n",
          0) == 0);
}

TEST_CASE("text: the last line counts, and says why the gate fails") {
  Run run;
  fill_example(run);
  const std::string summary = summary_of(run);
  CHECK(summary.rfind("11 findings (3 errors, 6 warnings, 2 info) in 2 of 3 cards; 2 suppressed. 1 file "
                      "could not be read. Gate failed: ",
                      0) == 0);
  CHECK(summary.find(gate_reason(run.totals(), run.policy.gate)) != std::string::npos);
  run.policy.gate = Gate{};
  run.policy.gate.fail_on = Severity::off;
  CHECK(summary_of(run).find(" Gate passed.") != std::string::npos);
}

TEST_CASE("text: suppressed findings and clean cards say nothing") {
  Run run;
  fill_example(run);
  const std::string out = run.render("text");
  CHECK(out.find("\"tides\" is not a known tag") == std::string::npos);
  CHECK(out.find("environmental-impact") == std::string::npos);
  CHECK(out.find("data/tide-photos") == std::string::npos);
}

TEST_CASE("text: lines of source stay within the terminal") {
  for (const unsigned width : {0U, 1U, 40U, 80U, 500U}) {
    Run run;
    fill_example(run);
    run.info.terminal_width = width;
    const std::string out = run.render("text");
    for (const std::string_view line : text::split(out, '\n')) {
      if (line.find(" | ") == std::string_view::npos) continue;
      // The gutter, the least excerpt, and the label of a contradiction.
      CHECK(text::display_width(line) <= std::max(width, 40U) + 12);
    }
  }
}

}  // namespace cardwarden::testing
