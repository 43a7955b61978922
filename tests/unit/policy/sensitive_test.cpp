// SPDX-License-Identifier: Apache-2.0
// What may not be shown, and what is shown in its place.
#include "policy/sensitive.h"

#include <catch2/catch.hpp>

#include "policy/pipeline.h"
#include "support.h"

namespace cardwarden::test {
namespace {

const std::string kSecret = "tok_q7Zr2LmX9vKc4TbN8wYd";

Finding secret_at(const Card& card, std::string_view words) {
  Finding finding;
  const auto at = static_cast<std::uint32_t>(card.text.find(words));
  finding.span = {at, at + static_cast<std::uint32_t>(words.size())};
  finding.located = finding.sensitive = true;
  return finding;
}

std::string all_shown(const Card& card, const std::vector<Span>& sensitive) {
  return shown(card, sensitive, {0, static_cast<std::uint32_t>(card.text.size())});
}

}  // namespace

TEST_CASE("sensitive: every place with the words is masked, whole or cut short, in capitals or not") {
  std::string capitals = kSecret;
  for (char& c : capitals) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const Card card = parse_card(
      "README.md", "# a\n\nlogin " + kSecret + " and x" + kSecret.substr(0, 15) + "; " + capitals + " end\n");
  const auto spans = sensitive_spans(card, {secret_at(card, kSecret)});
  CHECK(spans.size() == 3);
  CHECK(all_shown(card, spans) == "# a\n\nlogin tok_… and xtok_…; TOK_… end\n");
}

TEST_CASE("sensitive: places that overlap or touch the edge of a quote show no more than four bytes") {
  const Card card = parse_card("README.md", "# a\n\n" + kSecret + kSecret + "\n");
  const Span one{5, 29};
  const auto spans = sensitive_spans(card, {secret_at(card, kSecret), secret_at(card, kSecret.substr(8))});
  REQUIRE_FALSE(spans.empty());
  CHECK(shown(card, {one}, {5, 8}) == "tok…");
  CHECK(shown(card, {one}, {5, 20}) == "tok_…");
  CHECK(shown(card, {one}, {12, 20}) == "…");
  CHECK(shown(card, {one}, {0, 5}) == "# a\n\n");
  CHECK(shown(card, {one}, {29, 900}) == kSecret + "\n");
  CHECK(shown(card, {}, {5, 29}) == kSecret);
  CHECK(all_shown(card, spans).find(kSecret.substr(8, 8)) == std::string::npos);
}

TEST_CASE("sensitive: messages lose the words, and others stay as they are") {
  const Card card = parse_card("README.md", "# a\n\n" + kSecret + "\n");
  const SensitiveWords words(card, {Span{5, 29}});
  std::string message = "\"" + kSecret.substr(0, 18) + "…\" is not a licence; did you mean tok_mit?";
  words.mask(message);
  CHECK(message == "\"tok_……\" is not a licence; did you mean tok_mit?");
  std::string other = "Nothing to see, not even tok_q7Z.";
  words.mask(other);
  CHECK(other == "Nothing to see, not even tok_q7Z.");
}

TEST_CASE("sensitive: the judge keeps the spans of findings that are off, and masks what the others say") {
  const Card card = parse_card("README.md", "---\nlicense: " + kSecret + "\n---\n# a\n");
  const auto policy = policy_of("rules: {metadata/license-unknown-id: error}");
  REQUIRE(policy);
  Finding secret = secret_at(card, kSecret);
  secret.rule = kSecretRule;
  Finding other = secret;
  other.rule = "metadata/license-unknown-id";
  other.sensitive = false;
  other.message = "\"" + kSecret + "\" is no licence.";
  other.key = kSecret;
  const KnownRules rules = some_rules();
  const Disclosures disclosures;
  const CardReport report = judge({card, disclosures, *policy, rules}, {secret, other});
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].finding.message == "\"tok_…\" is no licence.");
  CHECK(report.findings[0].finding.key == "tok_…");
  CHECK(report.sensitive == std::vector<Span>{secret.span});
}

}  // namespace cardwarden::test
