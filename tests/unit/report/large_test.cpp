// SPDX-License-Identifier: Apache-2.0
// Runs that are larger than what a format may show, or than what a writer keeps in memory.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "fixture.h"
#include "report/spool.h"

namespace cardwarden::testing {
namespace {

using Json = nlohmann::json;

// Renders `cards` times the same card with `findings` findings.
std::string render_many(std::string_view format, std::size_t cards, std::size_t findings) {
  Policy policy;
  RunInfo info;
  info.policy = &policy;
  Case c(make_card("models/a/README.md", "# A\n\nText.\n"));
  for (std::size_t i = 0; i < findings; ++i)
    c.add("a/b", Severity::warning, Outcome::violated, "Wrong.", "Right.");
  std::ostringstream out;
  const auto writer = find_report_format(format)->make(out);
  Totals totals;
  writer->begin(info);
  for (std::size_t i = 0; i < cards; ++i) {
    writer->card(c.report);
    totals.add(c.report, policy.gate);
  }
  writer->end(totals);
  REQUIRE(out);
  return out.str();
}

std::size_t count(const std::string& s, std::string_view words) {
  std::size_t n = 0;
  for (std::size_t at = s.find(words); at != std::string::npos; at = s.find(words, at + words.size())) ++n;
  return n;
}

}  // namespace

TEST_CASE("sarif: results over GitHub's ceiling are left out, and the log says so") {
  const std::string cut = render_many("sarif", 25, 1001);
  CHECK(count(cut, "\"ruleId\":") == 25'000);
  // The results are a line each; what stands after them is small enough to be read as JSON.
  const Json end = Json::parse(
      "{" + cut.substr(cut.find("\"invocations\""), cut.rfind("]}") - cut.find("\"invocations\"")));
  REQUIRE(end["invocations"][0]["toolExecutionNotifications"].size() == 1);
  const Json notification = end["invocations"][0]["toolExecutionNotifications"][0];
  CHECK(notification["level"] == "warning");
  CHECK(notification["message"]["text"].get<std::string>().rfind("25 results were left out", 0) == 0);
  CHECK(end["invocations"][0]["executionSuccessful"] == true);
}

TEST_CASE("markdown: a comment stays under GitHub's length and says what it leaves out") {
  for (const auto& [cards, findings] : {std::pair<std::size_t, std::size_t>{2000, 3}, {1, 2000}}) {
    const std::string out = render_many("markdown", cards, findings);
    CHECK(out.size() < 65536);
    CHECK(out.find(" left out to keep this comment short") != std::string::npos);
    CHECK(count(out, "<details>") == count(out, "</details>"));
    CHECK(count(out, "<details>") > 0);
  }
}

TEST_CASE("html and junit: what does not fit in memory comes back whole from the temporary file") {
  const std::string html = render_many("html", 3000, 3);
  CHECK(html.size() > (std::size_t{1} << 20));
  CHECK(count(html, "<section class=\"panel\" id=\"card-") == 3000);
  CHECK(count(html, "href=\"#card-") == 3000);
  const std::string junit = render_many("junit", 5000, 2);
  CHECK(junit.size() > (std::size_t{1} << 20));
  CHECK(count(junit, "<testsuite ") == 5000);
  CHECK(junit.find("tests=\"5000\" failures=\"5000\" errors=\"0\" skipped=\"0\"") != std::string::npos);
}

TEST_CASE("spool: gives back what was put in, below and above what it keeps in memory") {
  for (const std::size_t pieces : {0U, 1U, 1000U, 300'000U}) {
    render::Spool spool;
    std::string expected;
    for (std::size_t i = 0; i < pieces; ++i) {
      const std::string piece = std::to_string(i) + ";";
      spool.append(piece);
      expected += piece;
    }
    CHECK(spool.empty() == expected.empty());
    std::ostringstream out;
    spool.copy_to(out);
    CHECK(out);
    CHECK((out.str() == expected));
  }
}

TEST_CASE("every format writes a run without cards") {
  for (const ReportFormat& format : report_formats()) {
    Run run;
    INFO(format.name);
    const std::string out = run.render(format.name);
    CHECK_FALSE(out.empty());
    if (format.name == "json" || format.name == "sarif" || format.name == "gitlab") CHECK(Json::accept(out));
    if (format.name == "junit") CHECK(out.find("tests=\"0\"") != std::string::npos);
  }
}

}  // namespace cardwarden::testing
