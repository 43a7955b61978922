// SPDX-License-Identifier: Apache-2.0
#include "policy/baseline.h"

#include <catch2/catch.hpp>

#include "base/files.h"
#include "unit/policy/support.h"

using namespace cardwarden;
using test::about_card;
using test::at_words;
using test::card_of;

namespace {

// Judges findings of cards under a policy that has every rule on, against a baseline.
struct Run {
  KnownRules rules = test::some_rules();
  Policy policy;
  std::vector<Card> cards;
  Disclosures disclosures;
  Baseline baseline;
  BaselineRun seen;

  Run() {
    auto loaded = test::policy_of("extends: all\n");
    REQUIRE(loaded);
    policy = *loaded;
    cards.reserve(16);
  }
  CardReport check(const std::string& path, const std::string& text,
                   const std::vector<std::string>& rules_found) {
    const Card& card = cards.emplace_back(card_of(text, Kind::model, path));
    const Suppressions suppressions = read_suppressions(card, rules);
    std::vector<Finding> findings;
    findings.reserve(rules_found.size());
    for (const std::string& rule : rules_found) findings.push_back(about_card(find_rule(rules, rule)->id));
    CardReport report = judge({card, disclosures, policy, rules, &suppressions, &baseline}, findings);
    seen.add(report);
    return report;
  }
};

std::size_t counting(const CardReport& report) {
  std::size_t n = 0;
  for (const JudgedFinding& judged : report.findings) n += judged.counts() ? 1U : 0U;
  return n;
}

std::vector<std::string> lines_of(const Baseline& baseline) {
  std::vector<std::string> out;
  for (const BaselineEntry& entry : baseline.entries()) {
    out.push_back(entry.path + " " + entry.rule + " " + std::to_string(entry.count));
  }
  return out;
}

const std::string kPrint(32, 'a');

std::string file_with(const std::string& finding) {
  return "{\"schema\": \"cardwarden-baseline/1\", \"findings\": [" + finding + "]}";
}

}  // namespace

TEST_CASE("baseline: what was there is suppressed with its kind, what is new counts") {
  Run first;
  first.check("a.md", "text", {"model-card/license", "model-card/compute"});
  Run second;
  second.baseline = first.seen.create();
  const CardReport report =
      second.check("a.md", "text", {"model-card/license", "model-card/compute", "model-card/limitations"});
  REQUIRE(report.findings.size() == 3);
  CHECK(counting(report) == 1);
  for (const JudgedFinding& judged : report.findings) {
    const bool fresh = judged.finding.rule == "model-card/limitations";
    CHECK((judged.suppression == SuppressionKind::baseline) != fresh);
    CHECK(judged.reason.empty() == fresh);
  }
}

TEST_CASE("baseline: the same finding of another card is new") {
  Run first;
  first.check("a.md", "text", {"model-card/license"});
  Run second;
  second.baseline = first.seen.create();
  CHECK(counting(second.check("b.md", "text", {"model-card/license"})) == 1);
  CHECK(counting(second.check("./a.md", "text", {"model-card/license"})) == 0);
}

TEST_CASE("baseline: of equal findings as many are known as there were") {
  Run first;
  first.check("a.md", "text", {"model-card/license", "model-card/license"});
  CHECK(lines_of(first.seen.create()) == std::vector<std::string>{"a.md model-card/license 2"});
  Run second;
  second.baseline = first.seen.create();
  CHECK(counting(second.check("a.md", "text", {"model-card/license"})) == 0);
  CHECK(counting(second.check("a.md", "text", {"model-card/license", "model-card/license"})) == 0);
  CHECK(counting(second.check("a.md", "text",
                              {"model-card/license", "model-card/license", "model-card/license"})) == 1);
}

TEST_CASE("baseline: findings survive moved lines, renamed headings and a reworded message") {
  Run first;
  const Card& before = first.cards.emplace_back(card_of("# Old\ntoken here\n"));
  first.seen.add(judge({before, first.disclosures, first.policy, first.rules},
                       {at_words(before, "governance/secret-in-card", "token here")}));
  Run second;
  second.baseline = first.seen.create();
  const Card& after =
      second.cards.emplace_back(card_of("# New\n\nMuch text before.\n\n## Newer\n\n- token\n  here\n"));
  Finding moved = at_words(after, "governance/secret-in-card", "token\n  here");
  moved.message = "Worded better.";
  const CardReport report =
      judge({after, second.disclosures, second.policy, second.rules, nullptr, &second.baseline}, {moved});
  CHECK(counting(report) == 0);
}

TEST_CASE(
    "baseline: what a comment in the card suppresses is neither written nor counted against the baseline") {
  const std::string text = "<!-- cardwarden-disable-file model-card/license -- later -->\n";
  Run first;
  first.check("a.md", text, {"model-card/license", "model-card/compute"});
  CHECK(lines_of(first.seen.create()) == std::vector<std::string>{"a.md model-card/compute 1"});
}

TEST_CASE("baseline: update renews the cards of the run and leaves the others alone") {
  Run first;
  first.check("a.md", "text", {"model-card/license", "model-card/compute"});
  first.check("b.md", "text", {"model-card/license"});
  Run second;
  second.baseline = first.seen.create();
  second.check("a.md", "text", {"model-card/compute", "model-card/limitations"});
  CHECK(lines_of(second.seen.update(second.baseline)) ==
        std::vector<std::string>{"a.md model-card/compute 1", "a.md model-card/limitations 1",
                                 "b.md model-card/license 1"});
}

TEST_CASE("baseline: prune takes away what is gone and adds nothing") {
  Run first;
  first.check("a.md", "text", {"model-card/license", "model-card/license", "model-card/compute"});
  first.check("gone.md", "text", {"model-card/license"});
  first.check("other.md", "text", {"model-card/license"});
  Run second;
  second.baseline = first.seen.create();
  second.check("a.md", "text", {"model-card/license", "model-card/limitations"});
  const Baseline pruned =
      second.seen.prune(second.baseline, [](const std::string& path) { return path != "gone.md"; });
  CHECK(lines_of(pruned) ==
        std::vector<std::string>{"a.md model-card/license 1", "other.md model-card/license 1"});
}

TEST_CASE("baseline: a run that changes nothing writes the same bytes") {
  Run first;
  first.check("b.md", "text", {"model-card/license"});
  first.check("a.md", "text", {"model-card/license", "model-card/compute"});
  const std::string text = to_json(first.seen.create());
  Run second;
  second.baseline = *parse_baseline(text, "b.json");
  second.check("a.md", "text", {"model-card/compute", "model-card/license"});
  second.check("b.md", "text", {"model-card/license"});
  CHECK(to_json(second.seen.update(second.baseline)) == text);
  CHECK(to_json(second.seen.prune(second.baseline, [](const std::string&) { return true; })) == text);
}

TEST_CASE("baseline: the file has one finding a line, sorted, and reads back") {
  const Baseline baseline(
      {{"b.md", "x/y", kPrint, 2, "A \"quoted\" message."}, {"a.md", "x/y", std::string(32, '0'), 1, "m"}});
  const std::string text = to_json(baseline);
  CHECK(text ==
        "{\n  \"schema\": \"cardwarden-baseline/1\",\n  \"findings\": [\n"
        "    {\"path\": \"a.md\", \"rule\": \"x/y\", \"fingerprint\": \"00000000000000000000000000000000\", "
        "\"count\": 1, \"message\": \"m\"},\n"
        "    {\"path\": \"b.md\", \"rule\": \"x/y\", \"fingerprint\": \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\", "
        "\"count\": 2, "
        "\"message\": \"A \\\"quoted\\\" message.\"}\n  ]\n}\n");
  auto read = parse_baseline(text, "b.json");
  REQUIRE(read);
  CHECK(read->entries() == baseline.entries());
  CHECK(read->count(kPrint) == 2);
  CHECK(read->count("none") == 0);
  CHECK(to_json(Baseline()) == "{\n  \"schema\": \"cardwarden-baseline/1\",\n  \"findings\": []\n}\n");
}

TEST_CASE("baseline: a line that a merge doubled counts once, with the larger count") {
  const std::string line =
      "\"path\": \"a\", \"rule\": \"r\", \"message\": \"m\", \"fingerprint\": \"" + kPrint + "\"";
  auto read =
      parse_baseline(file_with("{" + line + ", \"count\": 1}, {" + line + ", \"count\": 3}"), "b.json");
  REQUIRE(read);
  CHECK(read->entries().size() == 1);
  CHECK(read->count(kPrint) == 3);
}

TEST_CASE("baseline: files that are not baselines are refused with a reason") {
  const std::string rest = "\"path\": \"a\", \"rule\": \"r\", \"message\": \"m\"";
  const std::pair<std::string, const char*> samples[] = {
      {"", "not JSON"},
      {"{\"schema\": ", "not JSON"},
      {"[]", "does not say"},
      {std::string(to_json(Baseline())) + '\0' + "{}", "not JSON"},
      {"{\"schema\": \"cardwarden-baseline/1\", \"findings\": [], \"findings\": []}", "a key twice"},
      {"{\"schema\": \"cardwarden-baseline/2\", \"findings\": []}", "does not say"},
      {"{\"schema\": \"cardwarden-baseline/1\"}", "no list `findings`"},
      {file_with("3"), "Finding 1 of the baseline is not an object"},
      {file_with("{" + rest + ", \"count\": 1}"), "no text `fingerprint`"},
      {file_with("{" + rest + ", \"count\": 1, \"fingerprint\": \"AB\"}"), "not 32 hexadecimal digits"},
      {file_with("{" + rest + ", \"count\": 0, \"fingerprint\": \"" + kPrint + "\"}"),
       "no `count` of 1 or more"},
      {file_with("{" + rest + ", \"count\": -2, \"fingerprint\": \"" + kPrint + "\"}"),
       "no `count` of 1 or more"},
      {file_with("{\"rule\": \"r\", \"message\": \"m\", \"count\": 1, \"fingerprint\": \"" + kPrint + "\"}"),
       "no text `path`"},
  };
  for (const auto& [text, reason] : samples) {
    auto read = parse_baseline(text, "b.json");
    INFO(text);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == ErrorCode::format);
    CHECK(read.error().where == "b.json");
    CHECK_THAT(read.error().message, Catch::Contains(reason));
  }
}
