// SPDX-License-Identifier: Apache-2.0
#include "policy/fingerprint.h"

#include <catch2/catch.hpp>

#include "crypto/bytes.h"
#include "unit/policy/support.h"

using namespace cardwarden;
using test::about_card;
using test::at_words;
using test::card_of;

namespace {

std::string print_of(const Card& card, const Finding& finding) {
  return fingerprint(finding.rule, card.path, finding_subject(card, finding), 0);
}

}  // namespace

TEST_CASE("fingerprint: it is made of the bytes that docs/formats/baseline.md describes") {
  const std::string bytes = "cardwarden-fingerprint/1\n18:model-card/license\n11:models/a.md\n7:license\n2";
  CHECK(fingerprint("model-card/license", "models/a.md", "license", 2) == sha256_hex(bytes).substr(0, 32));
  CHECK(fingerprint("model-card/license", "./models\\a.md", "license", 2) == sha256_hex(bytes).substr(0, 32));
}

TEST_CASE(
    "fingerprint: rule, path, subject and ordinal each make a difference, and parts do not run together") {
  const std::string base = fingerprint("a/b", "c", "d", 0);
  CHECK(base.size() == 32);
  CHECK(fingerprint("a/x", "c", "d", 0) != base);
  CHECK(fingerprint("a/b", "x", "d", 0) != base);
  CHECK(fingerprint("a/b", "c", "x", 0) != base);
  CHECK(fingerprint("a/b", "c", "d", 1) != base);
  CHECK(fingerprint("a/b", "cd", "", 0) != base);
  CHECK(fingerprint("a/b", "c\n1:d", "", 0) != base);
}

TEST_CASE("fingerprint: it survives text that moves and headings that are renamed") {
  const Card before = card_of("# Results\nAccuracy is 91 %.\n## Data\nold words here\n");
  const Card after = card_of(
      "# Introduction\nNew text in front.\n\n# How well it works\n\n## Sources\n\n- old   words\nhere\n");
  CHECK(print_of(before, at_words(before, "governance/secret-in-card", "old words here")) ==
        print_of(after, at_words(after, "governance/secret-in-card", "old   words\nhere")));
}

TEST_CASE("fingerprint: it does not change with case, white space or the message") {
  const Card one = card_of("The Model was trained ÜBER data.\n");
  const Card two = card_of("THE model  was\ntrained über data.\n");
  Finding first = at_words(one, "governance/secret-in-card", "The Model was trained ÜBER data.");
  Finding second = at_words(two, "governance/secret-in-card", "THE model  was\ntrained über data.");
  second.message = "Worded better.";
  CHECK(print_of(one, first) == print_of(two, second));
}

TEST_CASE("fingerprint: other words are another finding") {
  const Card card = card_of("token one and token two\n");
  CHECK(print_of(card, at_words(card, "governance/secret-in-card", "token one")) !=
        print_of(card, at_words(card, "governance/secret-in-card", "token two")));
}

TEST_CASE("fingerprint: a key decides alone, wherever the finding points") {
  const Card card = card_of("alpha beta\n");
  CHECK(print_of(card, at_words(card, "metadata/unknown-key", "alpha", "tags[2]")) ==
        print_of(card, at_words(card, "metadata/unknown-key", "beta", "tags[2]")));
  CHECK(finding_subject(card, at_words(card, "metadata/unknown-key", "alpha", "tags[2]")) == "tags[2]");
}

TEST_CASE("fingerprint: a disclosure that turns from absent to placeholder stays the same finding") {
  const Card silent = card_of("# A\ntext\n");
  const Card placeholder = card_of("# A\n## Compute\n[More Information Needed]\n");
  Finding there = at_words(placeholder, "model-card/compute", "[More Information Needed]");
  there.outcome = Outcome::placeholder;
  CHECK(print_of(silent, about_card("model-card/compute")) == print_of(placeholder, there));
}

TEST_CASE("fingerprint: both quotes of a contradiction count, in their order") {
  const Card card = card_of("It has 7B parameters. It has 13B parameters.\n");
  Finding both = at_words(card, "governance/numbers-disagree", "7B");
  both.outcome = Outcome::contradicted;
  both.evidence = {{{7, 9}, {7, 9}}, {{29, 32}, {}}};
  CHECK(finding_subject(card, both) == "7b 13b");
}
