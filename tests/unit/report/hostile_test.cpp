// SPDX-License-Identifier: Apache-2.0
// Whatever a card says, in every place a report shows, each format stays well formed and steers no terminal.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "base/text.h"
#include "fixture.h"

namespace cardwarden::testing {
namespace {

using Json = nlohmann::json;

const std::vector<std::string> kHostile = {
    "\x1b]0;title\x07 \x1b[2J escape",
    std::string("nul \0 byte", 10),
    "]]> cdata --> comment",
    "<script>alert(1)</script>",
    "</style></td></section><img src=x onerror=alert(1)>",
    "::error file=x::injected",
    "line\n::warning::injected\r\n::stop-commands::x\rend",
    "quotes \" ' ` \\ and a \\\" pair",
    "\xff\xfe invalid \xc3( \xed\xa0\x80 \xf4\x90\x80\x80 utf-8",
    "c1 \u009b2J bidi \xe2\x80\xae reversed zero\xe2\x80\x8bwidth \xe2\x80\xa8 separator",
    "noncharacters \xef\xbf\xbe \xef\xbf\xbf",
    "| cell | cell | \n| --- | --- |",
    "@everyone #1 [link](javascript:alert(1)) ![img](http://x.invalid/a.png) **bold** <details>",
    "=HYPERLINK(\"http://x.invalid\")",
    " \t+1",
    "-2+3",
    "@SUM(1)",
    "a,b%2C:c%0A%25",
    "&amp; &#64; &lt;b&gt; &nbsp;",
    "你好 wide 🙂 \t tab",
    std::string(5000, 'x') + "\xf0\x9f",
    "",
};

// The same text in every field that comes from a card, a rule, a policy or a path.
void fill_hostile(Run& run, const std::string& s) {
  run.policy.name = s;
  run.policy.version = s;
  run.policy.description = s;
  run.policy.digest = s;
  run.policy.controls = {{s, s, s, {s}, true}};
  run.info.policy = &run.policy;
  run.info.version = "0.1.0";
  run.info.commit = s;
  run.info.rules = {{"family/rule", s, s, s, s, s, {s, s}}};
  const std::string body = "before " + s + " after\nsecond " + s;
  for (int i = 0; i < 2; ++i) {
    Case& c = run.cases.emplace_back(make_card(s, body));
    const auto end = static_cast<std::uint32_t>(c.card.text.size());
    const Span all{0, end};
    const Span words{std::min(7U, end), std::min(7U + static_cast<std::uint32_t>(s.size()), end)};
    c.disclosures.push_back({"id", "family/rule", Status::disclosed, {{all, words}}});
    c.disclosures.push_back({"x-id", "family/other", Status::placeholder, {{words, Span{}}}});
    for (const Outcome outcome :
         {Outcome::absent, Outcome::violated, Outcome::contradicted, Outcome::not_assessable}) {
      JudgedFinding& judged = c.add("family/rule", Severity::error, outcome, s, s);
      judged.finding.key = s;
      judged.finding.located = outcome != Outcome::absent;
      judged.finding.span = words;
      if (outcome == Outcome::contradicted) judged.finding.evidence = {{all, words}, {words, Span{}}};
    }
    JudgedFinding& hidden = c.add("family/other", Severity::warning, Outcome::violated, s, s);
    hidden.suppression = SuppressionKind::inline_comment;
    hidden.reason = s;
    for (JudgedFinding& judged : c.report.findings) judged.fingerprint = "0123456789abcdef0123456789abcdef";
    c.report.controls = {{run.policy.controls.data(), Verdict::not_met}};
  }
  run.problems = {{s, s}};
}

std::vector<std::string> lines_of(const std::string& s) {
  std::vector<std::string> out;
  for (const std::string_view line : text::split(s, '\n')) out.emplace_back(line);
  if (!out.empty() && out.back().empty()) out.pop_back();
  return out;
}

// Whether a tag is a name, then name="value" any number of times, then perhaps a slash.
bool attributes_are_quoted(const std::string& tag) {
  std::size_t at = std::min(tag.find(' '), tag.size());
  while (at < tag.size() && tag[at] == ' ') {
    const std::size_t value =
        tag.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-", at + 1);
    if (value == std::string::npos || value == at + 1 || tag.compare(value, 2, "=\"") != 0)
      return tag[0] == '/';
    const std::size_t end = tag.find('"', value + 2);
    if (end == std::string::npos) return false;
    at = end + 1;
  }
  return at == tag.size() || (at + 1 == tag.size() && tag[at] == '/');
}

// Empty when elements are balanced, attributes quoted and every & an entity of XML; else what is wrong.
std::string markup_problem(const std::string& s) {
  std::vector<std::string> open;
  for (std::size_t at = 0; at < s.size(); ++at) {
    if (s[at] == '&') {
      const std::string entity = s.substr(at, s.find(';', at) - at + 1);
      const std::set<std::string> known = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
      if (known.count(entity) == 0) return "not an entity: " + s.substr(at, 20);
    }
    if (s[at] != '<') continue;
    const std::size_t end = s.find('>', at);
    if (end == std::string::npos) return "unfinished tag";
    const std::string tag = s.substr(at + 1, end - at - 1);
    if (tag.find('<') != std::string::npos) return "tag in a tag: " + tag;
    if (tag[0] == '!' || tag[0] == '?') continue;
    if (!attributes_are_quoted(tag)) return "attributes: " + tag;
    if (tag[0] == '/') {
      if (open.empty() || open.back() != tag.substr(1)) return "closed but not open: " + tag;
      open.pop_back();
    } else if (tag.back() != '/') {
      open.push_back(tag.substr(0, tag.find(' ')));
    }
  }
  return open.empty() ? "" : "left open: " + open.back();
}

std::size_t count(const std::string& s, std::string_view words) {
  std::size_t n = 0;
  for (std::size_t at = s.find(words); at != std::string::npos; at = s.find(words, at + words.size())) ++n;
  return n;
}

std::vector<std::vector<std::string>> parse_csv(const std::string& s) {
  std::vector<std::vector<std::string>> rows(1, std::vector<std::string>(1));
  bool quoted = false;
  for (std::size_t at = 0; at < s.size(); ++at) {
    std::string& cell = rows.back().back();
    if (quoted) {
      if (s[at] != '"')
        cell += s[at];
      else if (at + 1 < s.size() && s[at + 1] == '"')
        cell += s[++at];
      else
        quoted = false;
    } else if (s[at] == '"') {
      REQUIRE(cell.empty());
      quoted = true;
    } else if (s[at] == ',') {
      rows.back().emplace_back();
    } else if (s.compare(at, 2, "\r\n") == 0) {
      rows.emplace_back(1);
      ++at;
    } else {
      cell += s[at];
    }
  }
  REQUIRE_FALSE(quoted);
  REQUIRE(rows.back() == std::vector<std::string>{""});
  rows.pop_back();
  return rows;
}

// Renders each hostile text and hands it to the check.
template <typename Check>
void for_each_hostile(std::string_view format, Check check) {
  for (const std::string& s : kHostile) {
    Run run;
    fill_hostile(run, s);
    const std::string out = run.render(format);
    INFO(text::printable(s.substr(0, 200)));
    INFO(text::printable(out.substr(0, 4000)));
    check(out, s);
  }
}

}  // namespace

TEST_CASE("hostile text: no format writes a control or hidden character, nor invalid UTF-8") {
  for (const ReportFormat& format : report_formats()) {
    INFO(format.name);
    for_each_hostile(format.name, [&](const std::string& out, const std::string&) {
      for (std::string line : lines_of(out)) {
        if (format.name == "csv" && !line.empty() && line.back() == '\r') line.pop_back();
        CHECK(text::printable(line) == line);
      }
    });
  }
}

TEST_CASE("hostile text: json is one document that says what the card says") {
  for_each_hostile("json", [](const std::string& out, const std::string& s) {
    const Json json = Json::parse(out);
    CHECK(json["cards"].size() == 2);
    CHECK(json["cards"][0]["findings"].size() == 5);
    CHECK(json["problems"].size() == 1);
    std::string valid;
    for (std::size_t at = 0; at < s.size();) text::append_utf8(valid, text::decode(s, at));
    const std::string message = json["cards"][0]["findings"][0]["message"];
    if (valid == s)
      CHECK(message == s);
    else
      CHECK(message.find("\uFFFD") != std::string::npos);
  });
}

TEST_CASE("hostile text: json lines are an object each") {
  for_each_hostile("jsonl", [](const std::string& out, const std::string&) {
    const std::vector<std::string> lines = lines_of(out);
    REQUIRE(lines.size() == 4);
    CHECK(Json::parse(lines[0])["type"] == "card");
    CHECK(Json::parse(lines[2])["type"] == "problem");
    CHECK(Json::parse(lines[3])["type"] == "summary");
  });
}

TEST_CASE("hostile text: sarif keeps every result, suppressed or not") {
  for_each_hostile("sarif", [](const std::string& out, const std::string&) {
    const Json run = Json::parse(out)["runs"][0];
    REQUIRE(run["results"].size() == 10);
    CHECK(run["results"][4]["suppressions"][0]["kind"] == "inSource");
    CHECK(run["results"][3]["kind"] == "open");
    CHECK(run["results"][3]["level"] == "none");
    for (const Json& result : run["results"]) {
      const std::string uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
      CHECK(uri.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/%:") ==
            std::string::npos);
    }
  });
}

TEST_CASE("hostile text: gitlab has fingerprints of its own, also for equal findings of a card") {
  for_each_hostile("gitlab", [](const std::string& out, const std::string&) {
    const Json json = Json::parse(out);
    REQUIRE(json.size() == 8);
    std::set<std::string> here;
    for (std::size_t i = 0; i < 4; ++i) here.insert(json[i]["fingerprint"].get<std::string>());
    CHECK(here.size() == 4);
  });
}

TEST_CASE("hostile text: junit is well-formed XML") {
  for_each_hostile("junit", [](const std::string& out, const std::string&) {
    CHECK(markup_problem(out) == "");
    CHECK(count(out, "<failure ") == 2);
    CHECK(count(out, "<skipped ") == 2);
    CHECK(count(out, "<error ") == 1);
    CHECK(out.find("]]>") == std::string::npos);
  });
}

TEST_CASE("hostile text: html holds no element that the writer did not make") {
  for_each_hostile("html", [](const std::string& out, const std::string&) {
    CHECK(markup_problem(out) == "");
    for (const char* forbidden :
         {"<script", "<img", "<link", "<iframe", " style=", " on", "javascript:alert(1)\""}) {
      const std::size_t at = out.find(forbidden);
      // " on" may stand in text; an event handler would stand inside a tag.
      const bool inside_tag = at != std::string::npos && out.rfind('<', at) != std::string::npos &&
                              out.find('>', out.rfind('<', at)) > at;
      INFO(forbidden);
      CHECK_FALSE(inside_tag);
    }
    CHECK(count(out, "<style>") == 1);
    CHECK(count(out, "http://") == 0 + count(out, "http://x.invalid"));
    CHECK(count(out, "src=\"") == 0);
  });
}

TEST_CASE("hostile text: github has one command a finding and one line for the run") {
  for_each_hostile("github", [](const std::string& out, const std::string&) {
    const std::vector<std::string> lines = lines_of(out);
    REQUIRE(lines.size() == 10);
    for (std::size_t i = 0; i < 9; ++i) CHECK(lines[i].rfind("::error file=", 0) == 0);
    CHECK(lines[9].rfind("8 findings (8 errors) in 2 of 2 cards; 2 suppressed. 1 file could not be read.",
                         0) == 0);
    for (std::size_t i = 0; i < 9; ++i) {
      const std::string properties = lines[i].substr(8, lines[i].find("::", 8) - 8);
      CHECK(properties.find(':') == std::string::npos);
      CHECK(count(properties, "title=") >= 1);
    }
  });
}

TEST_CASE("hostile text: markdown keeps its tables and its details") {
  for_each_hostile("markdown", [](const std::string& out, const std::string&) {
    CHECK(count(out, "<details>") == count(out, "</details>"));
    CHECK(count(out, "<details>") <= 2);
    CHECK(out.find("<script") == std::string::npos);
    CHECK(out.find("<img") == std::string::npos);
    CHECK(out.find('@') == std::string::npos);
    CHECK(count(out, "&#64;") == count(out, "&#64;&#8203;"));  // an entity alone would still notify
    CHECK(out.find("](") == std::string::npos);
    CHECK(out.find("://") == std::string::npos);
    CHECK(out.size() < 65536);
    for (const std::string& line : lines_of(out)) {
      if (line.empty() || line[0] != '|') continue;
      const std::size_t bars = count(line, "|");
      CHECK((bars == 6 || bars == 8));
    }
  });
}

TEST_CASE("hostile text: csv has fifteen cells a row and no formula") {
  for_each_hostile("csv", [](const std::string& out, const std::string&) {
    const auto rows = parse_csv(out);
    REQUIRE(rows.size() == 12);
    for (const auto& row : rows) {
      REQUIRE(row.size() == 15);
      for (const std::string& cell : row) {
        const std::string_view trimmed = text::trim(cell);
        if (!trimmed.empty()) CHECK(std::string_view("=+-@").find(trimmed.front()) == std::string_view::npos);
      }
    }
  });
}

TEST_CASE("hostile text: a finding that points past the text is shown at its end") {
  for (const ReportFormat& format : report_formats()) {
    Run run;
    run.info.policy = &run.policy;
    Case& c = run.cases.emplace_back(make_card("README.md", "one\ntwo"));
    JudgedFinding& judged = c.add("family/rule", Severity::error, Outcome::contradicted, "Far.", "Near.");
    judged.finding.located = true;
    judged.finding.span = {900, 1000};
    judged.finding.evidence = {{{4, 4000}, {5, 5000}}, {{3000, 2000}, {}}};
    INFO(format.name);
    CHECK_FALSE(run.render(format.name).empty());
  }
}

}  // namespace cardwarden::testing
