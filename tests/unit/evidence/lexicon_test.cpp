// SPDX-License-Identifier: Apache-2.0
// What single phrases match. The property tests compare many made phrases with a plain matcher.
#include "evidence/lexicon.h"

#include <catch2/catch.hpp>
#include <string>
#include <utility>

#include "card/parse.h"
#include "evidence/scanner.h"

using namespace cardwarden;

namespace {

// The words that the phrase matches first, "-" when it matches nowhere.
std::string match(const std::string& phrase, std::string_view text) {
  LexiconBuilder builder;
  const auto group =
      builder.add_group({phrase}, {{"data", {"corpus", "data set", "letters of (the)? archive"}}});
  INFO(phrase);
  REQUIRE(group.has_value());
  const Lexicon lexicon = builder.build();
  const Card card = parse_card("README.md", text);
  Prose prose;
  read_prose(card, prose);
  std::vector<Hit> hits;
  const SoughtLists sought(lexicon, Sought::all(lexicon));
  LexiconScanner scanner(sought);
  for (std::uint32_t unit = 0; unit < prose.units.size(); ++unit) {
    scanner.scan(card.text, prose, unit, hits);
    CHECK(scanner.holds(*group) == (!hits.empty() && hits.back().first_word >= prose.units[unit].first_word));
  }
  if (hits.empty()) return "-";
  const Word& first = prose.words[hits[0].first_word];
  const Word& last = prose.words[hits[0].last_word - 1];
  return card.text.substr(first.begin, last.begin + last.length - first.begin);
}

}  // namespace

TEST_CASE("lexicon: words match whatever their case, markup and punctuation") {
  CHECK(match("trained on", "It was **Trained** _on_ it.") == "Trained** _on");
  CHECK(match("fine tuned", "A fine-tuned model.") == "fine-tuned");
  CHECK(match("trained on", "It was trained. On Monday it rained.") == "-");
  CHECK(match("训练数据", "这里是训练数据。") == "训练数据");
}

TEST_CASE("lexicon: stars, gaps, choices and lists") {
  CHECK(match("train* on", "pretrained, training on") == "training on");
  CHECK(match("*trained on", "pretrained on") == "pretrained on");
  CHECK(match("trained {0,2} corpus", "trained on the corpus") == "trained on the corpus");
  CHECK(match("trained {0,1} corpus", "trained on the corpus") == "-");
  CHECK(match("trained {3,4} corpus", "trained on the corpus") == "-");
  CHECK(match("(made|built|put together) by", "It was put together by us") == "put together by");
  CHECK(match("on the? corpus", "trained on corpus") == "on corpus");
  CHECK(match("trained on @data", "trained on letters of archive") == "trained on letters of archive");
}

TEST_CASE("lexicon: classes of words") {
  CHECK(match("<number> hours", "It took 12,000 hours") == "12,000 hours");
  CHECK(match("on <name>", "trained on BookCorpus") == "on BookCorpus");
  CHECK(match("on <name>", "trained on letters") == "-");
  CHECK(match("<email>", "write to gull@example.org") == "gull@example.org");
  CHECK(match("see <link>", "see [paper](https://example.org)") == "see [paper");
  CHECK(match("call <code>", "call `load`") == "call `load");
  CHECK(match("in <year>", "made in 1999") == "in 1999");
}

TEST_CASE("lexicon: start, end and colon") {
  CHECK(match("^ trained", "Trained here. It was trained there.") == "Trained");
  CHECK(match("^ trained", "It was trained there.") == "-");
  CHECK(match("there $", "It was there and not there.") == "there");
  CHECK(match("^ tbd $", "TBD") == "TBD");
  CHECK(match("^ tbd $", "TBD soon") == "-");
  CHECK(match("license:", "**License:** MIT") == "License");
  CHECK(match("license:", "the license is MIT") == "-");
  CHECK(match("(license|licence): mit", "Licence: MIT") == "Licence: MIT");
}

TEST_CASE("lexicon: a unit that was cut for its length does not begin a statement") {
  std::string text;
  for (int i = 0; i < 300; ++i) text += "word ";
  CHECK(match("^ trained", text + "trained here") == "-");
  CHECK(match("trained here", text + "trained here") == "trained here");
}

TEST_CASE("lexicon: the same list of phrases is the same group") {
  LexiconBuilder builder;
  const auto one = builder.add_group({"a", "b"}, {});
  const auto two = builder.add_group({"c"}, {});
  const auto again = builder.add_group({"a", "b"}, {});
  REQUIRE((one.has_value() && two.has_value() && again.has_value()));
  CHECK(*one == *again);
  CHECK(*one != *two);
  const Lexicon lexicon = builder.build();
  CHECK(lexicon.group_count() == 2);
  CHECK(lexicon.phrase_count() == 3);
}

TEST_CASE("lexicon: a phrase that unfolds without end is refused") {
  LexiconBuilder builder;
  std::string phrase = "a";
  for (int i = 0; i < 7; ++i) {
    const std::string inner = std::exchange(phrase, "(");
    for (const char* end : {"|", " b|", " c|", " {0,2} d)"}) phrase.append(inner).append(end);
  }
  CHECK_FALSE(builder.add_group({phrase}, {}).has_value());
}

TEST_CASE("lexicon: many gaps over many words end in time") {
  std::string text;
  for (int i = 0; i < 290; ++i) text += "sea ";
  CHECK(match("sea {0,20} sea {0,20} sea {0,20} sea {0,20} sea {0,20} tide", text) == "-");
}

TEST_CASE("lexicon: a word as long as a card is looked up in time") {
  CHECK(match("*tide", std::string(400'000, 'a') + "tide").size() == 400'004);
  CHECK(match("tide*", "tide" + std::string(400'000, 'a')).size() == 400'004);
}
