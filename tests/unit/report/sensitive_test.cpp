// SPDX-License-Identifier: Apache-2.0
// A secret stands in no report, whatever points at its line.
#include <catch2/catch.hpp>

#include "fixture.h"
#include "report/excerpt.h"

namespace cardwarden::testing {
namespace {

const std::string kToken = "hf_aQ7Zr2LmX9vKc4TbN8wYdE5sGjHuPoI3";
const std::string kLine = "Log in with " + kToken + " to train it on heron photographs.";

// A card whose second paragraph holds a token: one finding at it, one at its line, one from its middle on,
// one that quotes both, and two disclosures that quote the line.
void fill(Run& run) {
  run.info.policy = &run.policy;
  run.info.version = "0.1.0";
  Case& c = run.cases.emplace_back(make_card("README.md", "# heron\n\n" + kLine + "\n"));
  c.report.sensitive = {find(c.card.text, kToken)};
  c.disclose("training-data-source", "model-card/training-data-source", Status::disclosed, kLine,
             "train it on heron photographs");
  c.disclose("developer", "model-card/developer", Status::disclosed, kLine, kToken);
  const std::string rest = kLine.substr(kLine.find(kToken) + 10);
  for (const std::string& words : {kToken, kLine, rest}) {
    c.at(
        c.add("metadata/example", Severity::error, Outcome::violated, "Something is wrong here.", "Mend it."),
        words);
  }
  JudgedFinding& both =
      c.add("governance/example", Severity::error, Outcome::contradicted, "Two claims.", "Choose.");
  c.quote(both, kLine, "train it on heron photographs");
  c.quote(both, rest, rest.substr(0, 9));
}

}  // namespace

TEST_CASE("secret: no format shows a piece of it") {
  Run run;
  fill(run);
  REQUIRE(report_formats().size() == 10);
  for (const ReportFormat& format : report_formats()) {
    const std::string out = run.render(format.name);
    INFO(format.name << "\n" << out);
    CHECK(out.find("wrong here") != std::string::npos);
    for (std::size_t at = 4; at + 6 <= kToken.size(); ++at) {
      INFO(kToken.substr(at, 6));
      CHECK(out.find(kToken.substr(at, 6)) == std::string::npos);
    }
  }
  for (const char* format : {"text", "json", "jsonl", "sarif", "markdown", "html", "csv", "junit"}) {
    INFO(format);
    CHECK(run.render(format).find("heron photographs") != std::string::npos);
  }
  CHECK(run.render("text").find("Log in with hf_a… to train it") != std::string::npos);
}

TEST_CASE("secret: the caret stands under what is left of it") {
  const Card card = make_card("README.md", kLine + "\n");
  const Span token = find(card.text, kToken);
  const auto line = [&](Span span) { return render::source_line(card, span, 80, {token}); };
  CHECK(line(token).text == "Log in with hf_a… to train it on heron photographs.");
  CHECK(line(token).caret_at == 12);
  CHECK(line(token).caret_cells == 5);
  CHECK(line({token.begin + 10, token.end - 3}).caret_at == 12);
  CHECK(line({token.begin + 10, token.end - 3}).caret_cells == 5);
  CHECK(line(find(card.text, "train")).caret_at == 21);
  CHECK(line(find(card.text, "train")).caret_cells == 5);
  CHECK(line({0, 3}).caret_at == 0);
}

}  // namespace cardwarden::testing
