// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <catch2/catch.hpp>

#include "card/parse.h"
#include "evidence/detector.h"

using namespace cardwarden;

TEST_CASE("rule: a finding at a span quotes it, a finding about the card has no place") {
  const Finding at = violated({2, 5}, "wrong", "right", "license");
  CHECK(at.outcome == Outcome::violated);
  CHECK(at.located);
  REQUIRE(at.evidence.size() == 1);
  CHECK(at.evidence[0].span == Span{2, 5});
  CHECK(at.key == "license");
  CHECK(violated({2, 2}, "wrong", "right").evidence.empty());
  const Finding about = card_finding(Outcome::absent, "silent", "speak");
  CHECK_FALSE(about.located);
  CHECK(about.outcome == Outcome::absent);
  CHECK(about.remedy == "speak");
}

TEST_CASE("rule: placeholder, absent, violated and contradicted are problems") {
  CHECK(is_problem(Outcome::placeholder));
  CHECK(is_problem(Outcome::absent));
  CHECK(is_problem(Outcome::violated));
  CHECK(is_problem(Outcome::contradicted));
  CHECK_FALSE(is_problem(Outcome::disclosed));
  CHECK_FALSE(is_problem(Outcome::not_applicable));
  CHECK_FALSE(is_problem(Outcome::not_assessable));
  CHECK(to_string(Outcome::not_assessable) == "not-assessable");
}

TEST_CASE("rule: diagnostics of the card become findings of their own rule only") {
  const Card card = parse_card("README.md", "---\na: 1\na: 2\na: 3\n---\nx\r\ny\n");
  const Prose prose;
  const Disclosures none;
  const std::vector<std::string> asks;
  const AskedDisclosures disclosures(none, asks);
  const Detectors detectors;
  const EvidencePlan plan(detectors);
  EvidenceReader reader(plan);
  const Phrases phrases(reader, "a/b");
  const Parameters parameters;
  const Scope scope;
  const Subject subject{card, prose, disclosures, phrases, parameters, scope};
  const auto repeated = findings_of_diagnostics(subject, "parse/yaml-duplicate-key", "remove it");
  REQUIRE(repeated.size() == 2);
  CHECK(repeated[0].rule == "parse/yaml-duplicate-key");
  CHECK(repeated[0].remedy == "remove it");
  CHECK(repeated[0].located);
  CHECK(card.position(repeated[1].span.begin).line == 4);
  CHECK(findings_of_diagnostics(subject, "parse/line-ends", "").size() == 1);
  CHECK(findings_of_diagnostics(subject, "parse/utf-16", "").empty());
}

TEST_CASE("rule: a diagnostic about the whole file has no place") {
  const Card card = parse_card("README.md", "# Fern\n");
  const Prose prose;
  const Disclosures none;
  const std::vector<std::string> asks;
  const AskedDisclosures disclosures(none, asks);
  const Detectors detectors;
  const EvidencePlan plan(detectors);
  EvidenceReader reader(plan);
  const Phrases phrases(reader, "a/b");
  const Parameters parameters;
  const Scope scope;
  const Subject subject{card, prose, disclosures, phrases, parameters, scope};
  const auto missing = findings_of_diagnostics(subject, "parse/front-matter-missing", "");
  REQUIRE(missing.size() == 1);
  CHECK_FALSE(missing[0].located);
}

TEST_CASE("rule: a parameter is a whole number or nothing") {
  const Parameters parameters = {
      {"a", "12"}, {"b", "12x"}, {"c", ""}, {"d", "-1"}, {"e", "99999999999999999999999"}};
  CHECK(whole_number(parameters, "a") == 12U);
  for (const std::string_view name : {"b", "c", "d", "e", "f"}) CHECK_FALSE(whole_number(parameters, name));
}
