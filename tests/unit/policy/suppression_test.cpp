// SPDX-License-Identifier: Apache-2.0
#include "policy/suppression.h"

#include <catch2/catch.hpp>

#include "policy/comments.h"
#include "unit/policy/support.h"

using namespace cardwarden;
using test::about_card;
using test::at_words;
using test::card_of;

namespace {

Suppressions read(const Card& card) { return read_suppressions(card, test::some_rules()); }

// Whether any suppression of the card silences the finding.
bool silenced(const Card& card, const Finding& finding) {
  const Suppressions all = read(card);
  for (const Suppression& item : all.items) {
    if (suppresses(item, card, finding)) return true;
  }
  return false;
}

constexpr std::string_view kSecret = "governance/secret-in-card";

}  // namespace

TEST_CASE("suppression: disable-next-line covers the next line that is not blank, and no other") {
  const Card card = card_of(
      "before tokenA\n\n<!-- cardwarden-disable-next-line governance/secret-in-card -- a dummy -->\n\nhere "
      "tokenB\n\nafter tokenC\n");
  CHECK_FALSE(silenced(card, at_words(card, kSecret, "tokenA")));
  CHECK(silenced(card, at_words(card, kSecret, "tokenB")));
  CHECK_FALSE(silenced(card, at_words(card, kSecret, "tokenC")));
  CHECK_FALSE(silenced(card, at_words(card, "metadata/unknown-key", "tokenB")));
}

TEST_CASE("suppression: disable-next-line covers all of the paragraph that begins on the next line") {
  const Card card = card_of(
      "<!-- cardwarden-disable-next-line governance/secret-in-card -- a dummy -->\none two\nthree tokenA "
      "four\n\nfive tokenB\n");
  CHECK(silenced(card, at_words(card, kSecret, "tokenA")));
  CHECK_FALSE(silenced(card, at_words(card, kSecret, "tokenB")));
}

TEST_CASE("suppression: disable-next-line above a table row or list item covers that one only") {
  const Card list = card_of(
      "- one\n<!-- cardwarden-disable-next-line governance/secret-in-card -- a dummy -->\n- two tokenA\n- "
      "three tokenB\n");
  CHECK(silenced(list, at_words(list, kSecret, "tokenA")));
  CHECK_FALSE(silenced(list, at_words(list, kSecret, "tokenB")));
}

TEST_CASE("suppression: several comments above one line all speak of that line") {
  const Card card = card_of(
      "<!-- cardwarden-disable-next-line governance/secret-in-card -- a dummy -->\n"
      "<!-- cardwarden-disable-next-line metadata/unknown-key -- ours -->\n"
      "tokenA\n");
  CHECK(silenced(card, at_words(card, kSecret, "tokenA")));
  CHECK(silenced(card, at_words(card, "metadata/unknown-key", "tokenA")));
}

TEST_CASE("suppression: disable-line covers the line that it stands on") {
  const Card card = card_of(
      "| a | b |\n|---|---|\n| tokenA | x <!-- cardwarden-disable-line governance/secret-in-card -- a dummy "
      "--> |\n| tokenB | y |\n");
  CHECK(silenced(card, at_words(card, kSecret, "tokenA")));
  CHECK_FALSE(silenced(card, at_words(card, kSecret, "tokenB")));
}

TEST_CASE("suppression: disable holds until enable names the same rule") {
  const Card card = card_of(
      "tokenA\n\n<!-- cardwarden-disable governance/secret-in-card, metadata/unknown-key -- samples "
      "-->\n\ntokenB\n\n"
      "<!-- cardwarden-enable governance/secret-in-card -->\n\ntokenC\n");
  CHECK_FALSE(silenced(card, at_words(card, kSecret, "tokenA")));
  CHECK(silenced(card, at_words(card, kSecret, "tokenB")));
  CHECK_FALSE(silenced(card, at_words(card, kSecret, "tokenC")));
  CHECK(silenced(card, at_words(card, "metadata/unknown-key", "tokenC")));
}

TEST_CASE("suppression: enable without a rule ends all, and a region without an end goes to the end") {
  const Card ended = card_of(
      "<!-- cardwarden-disable governance/secret-in-card -- samples -->\n\ntokenA\n\n<!-- cardwarden-enable "
      "-->\n\ntokenB\n");
  CHECK(silenced(ended, at_words(ended, kSecret, "tokenA")));
  CHECK_FALSE(silenced(ended, at_words(ended, kSecret, "tokenB")));
  const Card open =
      card_of("<!-- cardwarden-disable governance/secret-in-card -- samples -->\n\nx\n\ntokenA");
  CHECK(silenced(open, at_words(open, kSecret, "tokenA")));
}

TEST_CASE("suppression: regions and lines do not silence findings about the whole card, disable-file does") {
  const Card region = card_of("<!-- cardwarden-disable model-card/license -- later -->\n\ntext\n");
  CHECK_FALSE(silenced(region, about_card("model-card/license", Outcome::absent, "license")));
  const Card line = card_of("<!-- cardwarden-disable-next-line model-card/license -- later -->\ntext\n");
  CHECK_FALSE(silenced(line, about_card("model-card/license")));
  const Card file = card_of("text\n\n<!-- cardwarden-disable-file model-card/license -- later -->\n");
  CHECK(silenced(file, about_card("model-card/license", Outcome::absent, "license")));
  CHECK(silenced(file, at_words(file, "model-card/license", "text")));
}

TEST_CASE("suppression: a finding about a front-matter key is silenced at the line of that key") {
  const Card card = card_of(
      "---\nlanguage: en\n# cardwarden-disable-next-line model-card/license -- chosen next week\nlicense: "
      "other\n---\ntext\n");
  CHECK(silenced(card, about_card("model-card/license", Outcome::absent, "license")));
  CHECK(silenced(card, about_card("model-card/license", Outcome::absent, "license[0].name")));
  CHECK_FALSE(silenced(card, about_card("model-card/license", Outcome::absent, "language")));
  CHECK_FALSE(silenced(card, about_card("model-card/license")));
}

TEST_CASE("suppression: YAML comments work at the end of a line, above a line and for the file") {
  const Card card = card_of(
      "---\n"
      "license: mine   # cardwarden-disable-line metadata/license-unknown-id -- registered soon\n"
      "# cardwarden-disable-next-line metadata/unknown-key -- our tool reads it\n"
      "tokenA: 1\n"
      "tokenB: 2\n"
      "# cardwarden-disable-file model-card/compute -- a toy\n"
      "---\ntext\n");
  REQUIRE(read(card).problems.empty());
  CHECK(silenced(card, at_words(card, "metadata/license-unknown-id", "mine")));
  CHECK(silenced(card, at_words(card, "metadata/unknown-key", "tokenA")));
  CHECK_FALSE(silenced(card, at_words(card, "metadata/unknown-key", "tokenB")));
  CHECK(silenced(card, about_card("model-card/compute")));
}

TEST_CASE("suppression: a region opened in the front matter ends with it") {
  const Card card = card_of(
      "---\n# cardwarden-disable governance/secret-in-card -- generated\nname: tokenA\n---\ntokenB\n");
  CHECK(silenced(card, at_words(card, kSecret, "tokenA")));
  CHECK_FALSE(silenced(card, at_words(card, kSecret, "tokenB")));
}

TEST_CASE("suppression: a glob names several rules") {
  const Card card = card_of("<!-- cardwarden-disable-file metadata/* -- generated -->\ntokenA\n");
  CHECK(silenced(card, at_words(card, "metadata/unknown-key", "tokenA")));
  CHECK(silenced(card, at_words(card, "metadata/license-unknown-id", "tokenA")));
  CHECK_FALSE(silenced(card, at_words(card, kSecret, "tokenA")));
}

TEST_CASE("suppression: what stands in code only looks like a comment") {
  const char* cards[] = {
      "```html\n<!-- cardwarden-disable-file model-card/license -- example -->\n```\n",
      "~~~\n<!-- cardwarden-disable-file model-card/license -->\n~~~\n",
      "    <!-- cardwarden-disable-file model-card/license -- example -->\n",
      "Write `<!-- cardwarden-disable-file model-card/license -- example -->` there.\n",
      "Write ``a ` <!-- cardwarden-disable-file model-card/license -- example -->`` there.\n",
      "- item\n\n  ```\n  <!-- cardwarden-disable-file nonsense -->\n  ```\n",
      "Text \\<!-- cardwarden-disable-file model-card/license -- escaped -->\n",
      "<!-- outer <!-- cardwarden-disable-file model-card/license -- inner -->\n",
      "<!-- mentions cardwarden-disable-file model-card/license -- in passing -->\n",
      "text cardwarden-disable-file model-card/license -- no comment at all\n",
      "<!-- cardwarden-disable-file model-card/license -- never closed\n",
  };
  for (const char* text : cards) {
    INFO(text);
    const Suppressions all = read(card_of(text));
    CHECK(all.items.empty());
    CHECK(all.problems.empty());
  }
}

TEST_CASE("suppression: an opening backtick without a partner hides nothing") {
  const Suppressions all =
      read(card_of("A ` lone tick <!-- cardwarden-disable-file model-card/license -- real --> here.\n"));
  CHECK(all.items.size() == 1);
}

TEST_CASE("suppression: a comment after code in the same paragraph is real") {
  const Suppressions all = read(
      card_of("Some `code` then <!-- cardwarden-disable-file model-card/license -- real --> and `more`.\n"));
  REQUIRE(all.items.size() == 1);
  CHECK(all.items[0].reason == "real");
}

TEST_CASE("suppression: comments inside HTML are real") {
  const Suppressions all = read(
      card_of("<div>\n<p>text</p>\n<!-- cardwarden-disable-file model-card/license -- real -->\n</div>\n"));
  CHECK(all.items.size() == 1);
}

TEST_CASE("suppression: a number sign within a YAML value is not a comment") {
  const char* cards[] = {
      "---\ntitle: \"see # cardwarden-disable-file nonsense\"\n---\n",
      "---\ntitle: 'see # cardwarden-disable-file nonsense'\n---\n",
      "---\ntext: |\n  # cardwarden-disable-file nonsense\n  more\n---\n",
      "---\ntext: >\n  folded\n  # cardwarden-disable-file nonsense\n---\n",
      "---\ntitle: x#cardwarden-disable-file nonsense\n---\n",
      "---\ntitle: \"over\n  # cardwarden-disable-file nonsense\n  lines\"\n---\n",
  };
  for (const char* text : cards) {
    INFO(text);
    const Suppressions all = read(card_of(text));
    CHECK(all.items.empty());
    CHECK(all.problems.empty());
  }
}

TEST_CASE("suppression: without a reason it suppresses nothing and is reported at its place") {
  for (const char* ending : {"", " --", " -- ", " - because"}) {
    const Card card =
        card_of(std::string("text\n\n<!-- cardwarden-disable-file model-card/license") + ending + " -->\n");
    const Suppressions all = read(card);
    INFO(ending);
    CHECK(all.items.empty());
    REQUIRE_FALSE(all.problems.empty());
    CHECK(all.problems[0].rule == kInvalidSuppression);
    CHECK(card.quote(all.problems[0].span).substr(0, 20) == "<!-- cardwarden-disa");
    CHECK(card.position(all.problems[0].span.begin).line == 3);
  }
}

TEST_CASE("suppression: unknown rules and instructions are reported with a guess") {
  const std::pair<const char*, const char*> samples[] = {
      {"disable-file model-card/licence -- x",
       "There is no rule `model-card/licence`, so the comment suppresses nothing. Did you mean "
       "`model-card/license`?"},
      {"disable-file metdata/* -- x", "No rule matches `metdata/*`, so the comment suppresses nothing."},
      {"disable-nextline model-card/license -- x",
       "`cardwarden-disable-nextline` is not an instruction to the auditor. Did you mean "
       "`disable-next-line`?"},
      {"disable-file -- x", "The suppression names no rule, so it suppresses nothing."},
      {"disable-file model-card/license",
       "The suppression of `model-card/license` gives no reason, so it suppresses nothing."},
      {"enable model-card/license", "Nothing before this comment disables `model-card/license`."},
      {"disable-file suppression/unused -- x",
       "A comment cannot suppress what is found about suppressions (`suppression/unused`)."},
  };
  for (const auto& [words, message] : samples) {
    const Suppressions all = read(card_of("<!-- cardwarden-" + std::string(words) + " -->\n"));
    INFO(words);
    CHECK(all.items.empty());
    REQUIRE(all.problems.size() == 1);
    CHECK(all.problems[0].message == message);
    CHECK_FALSE(all.problems[0].remedy.empty());
  }
}

TEST_CASE("suppression: of two rules the wrong one is reported and the right one holds") {
  const Card card =
      card_of("<!-- cardwarden-disable-file model-card/license, model-card/nothing -- later -->\n");
  const Suppressions all = read(card);
  CHECK(all.items.size() == 1);
  CHECK(all.problems.size() == 1);
}

TEST_CASE("suppression: a reason may hold hyphens and line breaks and is folded to one line") {
  const Suppressions all =
      read(card_of("<!-- cardwarden-disable-file model-card/license -- first -- second\nthird -->\n"));
  REQUIRE(all.items.size() == 1);
  CHECK(all.items[0].reason == "first -- second third");
}

TEST_CASE("suppression: findings about suppressions are never silenced by a comment") {
  const Card card = card_of("<!-- cardwarden-disable-file */* -- all -->\ntext\n");
  CHECK(silenced(card, at_words(card, kSecret, "text")));
  CHECK_FALSE(silenced(card, at_words(card, kInvalidSuppression, "text")));
}

TEST_CASE("comments: CR LF and lone CR lines are lines") {
  const Card crlf = card_of(
      "<!-- cardwarden-disable-next-line governance/secret-in-card -- x -->\r\ntokenA\r\n\r\ntokenB\r\n");
  CHECK(silenced(crlf, at_words(crlf, kSecret, "tokenA")));
  CHECK_FALSE(silenced(crlf, at_words(crlf, kSecret, "tokenB")));
}

TEST_CASE("comments: text made to make the search quadratic is read in time") {
  std::string text = "cardwarden-\n";
  for (int run = 1; run < 700; ++run) text += std::string(static_cast<std::size_t>(run), '`') + " <!-- ";
  text += "\n\n";
  for (int i = 0; i < 50000; ++i) text += "<!-- a --> ` ";
  const Card card = card_of(text);
  CHECK_FALSE(read_comments(card).empty());  // the time limit of the test is the check
}

TEST_CASE("comments: spans lie within the card and hold their marks") {
  const Card card = card_of("---\na: 1 # one\n#two\n---\nx <!--three--> y <!-- four -->\n");
  const std::vector<Comment> comments = read_comments(card);
  REQUIRE(comments.size() == 4);
  CHECK(card.quote(comments[0].span) == "# one");
  CHECK(card.quote(comments[1].words) == "two");
  CHECK(card.quote(comments[2].words) == "three");
  CHECK(card.quote(comments[3].span) == "<!-- four -->");
  CHECK(comments[1].front_matter);
  CHECK_FALSE(comments[2].front_matter);
}

TEST_CASE(
    "suppression: a card may name a thousand rules; what follows suppresses nothing, and that is said once") {
  std::string text;
  for (int i = 0; i < 1'500; ++i)
    text += "<!-- cardwarden-disable-line governance/secret-in-card -- a dummy -->\n";
  const Card card = card_of(text);
  const Suppressions all = read(card);
  CHECK(all.items.size() == kMaxSuppressions);
  REQUIRE(all.problems.size() == 1);
  CHECK(card.position(all.problems[0].span.begin).line == kMaxSuppressions + 1);
  std::string many = "<!-- cardwarden-disable-file ";
  for (int i = 0; i < 1'500; ++i) many += "metadata/unknown-key, ";
  const Suppressions none = read(card_of(many + "-- a list -->\n"));
  CHECK(none.items.empty());
  CHECK(none.problems.size() == 1);
}
