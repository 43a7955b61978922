// SPDX-License-Identifier: Apache-2.0
#include "evidence/prose.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "base/text.h"
#include "card/parse.h"

using namespace cardwarden;

namespace {

struct Read {
  explicit Read(std::string_view text) : card(parse_card("README.md", text, {.kind = Kind::model})) {
    read_prose(card, prose);
  }

  std::vector<std::string> units() const {
    std::vector<std::string> out;
    for (const Unit& unit : prose.units) out.emplace_back(card.quote(unit.span));
    return out;
  }
  std::vector<std::string> words() const {
    std::vector<std::string> out;
    for (const Word& word : prose.words) out.emplace_back(card.text.substr(word.begin, word.length));
    return out;
  }
  // The flags of the first word that reads so.
  unsigned flags(std::string_view wanted) const {
    for (const Word& word : prose.words) {
      if (std::string_view(card.text).substr(word.begin, word.length) == wanted) return word.flags;
    }
    FAIL("the text has no word " << wanted);
    return 0;
  }

  Card card;
  Prose prose;
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("prose: a paragraph is cut into sentences") {
  const Read read("It was trained in May. It reads letters! Does it write? No.");
  CHECK(read.units() == Texts{"It was trained in May.", "It reads letters!", "Does it write?", "No."});
}

TEST_CASE("prose: abbreviations, initials, numbers and lower case do not end a sentence") {
  CHECK(Read("See Smith et al. 2019 for letters, e.g. those of J. Reed.").units().size() == 1);
  CHECK(Read("It scores 91.2 on v1.0 of the set.").units().size() == 1);
  CHECK(Read("Written by Dr. Reed in ca. 1890.").units().size() == 1);
}

TEST_CASE("prose: sentences of scripts with their own full stop") {
  CHECK(Read("本模型使用语料库。夜间质量下降！").units().size() == 2);
  CHECK(Read("यह मॉडल है। यह पढ़ता है।").units().size() == 2);
}

TEST_CASE("prose: list items, rows and headings are units of their kind") {
  const Read read(
      "# Title\n\n- one item\n- another\n\n| a | b |\n|---|---|\n| c | d |\n\n```\ncode here\n```\n");
  std::vector<UnitKind> kinds;
  for (const Unit& unit : read.prose.units) kinds.push_back(unit.kind);
  CHECK(kinds == std::vector<UnitKind>{UnitKind::heading, UnitKind::list, UnitKind::list, UnitKind::table,
                                       UnitKind::table, UnitKind::code});
}

TEST_CASE("prose: a line break ends a unit before a label and after a hard break, not in running text") {
  CHECK(Read("one line\nand its end").units().size() == 1);
  CHECK(Read("one line  \nand another").units().size() == 2);
  CHECK(Read("**Made by:** us\n**Licence:** MIT").units().size() == 2);
}

TEST_CASE("prose: hyphens, slashes and apostrophes divide words; underscores and dots inside do not") {
  CHECK(Read("fine-tuned and/or the model's train_test_split v1.0").words() ==
        Texts{"fine", "tuned", "and", "or", "the", "model", "s", "train_test_split", "v1.0"});
}

TEST_CASE("prose: each character of a script without blanks is a word") {
  CHECK(Read("训练数据 ok").words() == Texts{"训", "练", "数", "据", "ok"});
}

TEST_CASE("prose: numbers, years and names are known by how they are written") {
  const Read read("In 1999 the BookCorpus with C4 had 3,000 letters, 7B words, 95% clean and 1e-5 by Reed");
  CHECK((read.flags("1999") & kYear) != 0);
  CHECK((read.flags("1999") & kNumber) != 0);
  CHECK((read.flags("3,000") & kNumber) != 0);
  CHECK((read.flags("3,000") & kYear) == 0);
  CHECK((read.flags("7B") & kNumber) != 0);
  CHECK((read.flags("95%") & kNumber) != 0);
  CHECK((read.flags("1e-5") & kNumber) != 0);
  CHECK((read.flags("BookCorpus") & kName) != 0);
  CHECK((read.flags("C4") & kName) != 0);
  CHECK((read.flags("Reed") & kName) != 0);
  CHECK((read.flags("In") & kName) == 0);
  CHECK((read.flags("letters") & (kName | kNumber)) == 0);
}

TEST_CASE("prose: a colon, an equals sign and the end of a cell mark the word before them") {
  CHECK((Read("**License:** MIT").flags("License") & kColon) != 0);
  CHECK((Read("**License**: MIT").flags("License") & kColon) != 0);
  CHECK((Read("license = mit").flags("license") & kColon) != 0);
  CHECK((Read("许可：MIT").flags("可") & kColon) != 0);
  CHECK((Read("| Licence | MIT |\n|---|---|\n| a | b |").flags("Licence") & kColon) != 0);
  CHECK((Read("license, mit").flags("license") & kColon) == 0);
}

TEST_CASE("prose: words of links and code are marked; destinations are no words") {
  const Read read(
      "See [the paper](https://example.org/secret/path) and `call()` at https://example.org/x now.");
  CHECK((read.flags("paper") & kLink) != 0);
  CHECK((read.flags("call") & kCode) != 0);
  CHECK((read.flags("https://example.org/x") & kUrl) != 0);
  CHECK((read.flags("See") & (kLink | kCode)) == 0);
  for (const std::string& word : read.words()) CHECK(word != "secret");
}

TEST_CASE("prose: an address is one word; a metric with an at sign is none") {
  CHECK((Read("Write to gull@example.org now.").flags("gull@example.org") & kEmail) != 0);
  CHECK((Read("Write to <gull@example.org> now.").flags("gull@example.org") & kEmail) != 0);
  CHECK(Read("pass@1 is 40").words() == Texts{"pass", "1", "is", "40"});
}

TEST_CASE("prose: comments, tags and the text of pictures are passed over") {
  CHECK(Read("before <!-- trained on secrets --> after").words() == Texts{"before", "after"});
  CHECK(Read("a <b class=\"trained\">bold</b> word").words() == Texts{"a", "bold", "word"});
  CHECK(Read("look ![a gull trained](x.png) here").words() == Texts{"look", "here"});
  CHECK(Read("one &amp; two &nbsp; three").words() == Texts{"one", "two", "three"});
}

TEST_CASE("prose: a unit longer than 300 words is cut, and the next says so") {
  std::string text;
  for (int i = 0; i < 700; ++i) text += "word ";
  const Read read(text);
  REQUIRE(read.prose.units.size() == 3);
  CHECK_FALSE(read.prose.units[0].continued);
  CHECK(read.prose.units[1].continued);
  CHECK(read.prose.units[2].continued);
  CHECK(read.prose.words.size() == 700);
}

TEST_CASE("prose: brackets that open a link again and again take linear time") {
  std::string text;
  for (int i = 0; i < 150'000; ++i) text += "](";
  CHECK(Read(text).prose.words.empty());
  text.clear();
  for (int i = 0; i < 60'000; ++i) text += "[a](b";
  CHECK_FALSE(Read(text).prose.words.empty());
}

TEST_CASE("prose: a field of the front matter is a unit at the end") {
  Card card = parse_card("README.md", "---\ntags: [text classification]\n---\nbody\n");
  Prose prose;
  read_prose(card, prose);
  const std::size_t before = prose.units.size();
  const yaml::Node* value = field(card, "tags[]");
  REQUIRE(value != nullptr);
  add_field_unit(card, value->span, 7, prose);
  REQUIRE(prose.units.size() == before + 1);
  CHECK(prose.units.back().kind == UnitKind::field);
  CHECK(prose.units.back().field == 7);
  CHECK(card.quote(prose.units.back().span) == "text classification");
}

TEST_CASE("prose: case is folded in every script, and equal words have equal hashes") {
  std::string buffer;
  CHECK(fold_word("TrAined", buffer) == "trained");
  CHECK(fold_word("МОДЕЛЬ", buffer) == "модель");
  const Read read("Model MODEL model");
  CHECK(read.prose.words[0].hash == read.prose.words[1].hash);
  CHECK(read.prose.words[1].hash == read.prose.words[2].hash);
  CHECK(read.prose.words[0].hash == hash_word("model"));
  CHECK(hash_word("") == 0);
}

TEST_CASE("prose: a word has one hash and one set of flags, wherever it stands") {
  const std::string letters = "aQuickBrownFoxJumpsOverIt";
  std::string buffer;
  for (std::size_t size = 1; size <= letters.size(); ++size) {
    for (const std::string& word : {letters.substr(0, size), letters.substr(0, size) + "7",
                                    text::lower_ascii(letters.substr(0, size)) + "é"}) {
      INFO(word);
      const std::uint64_t hash = hash_word(fold_word(word, buffer));
      std::vector<Word> alone;
      read_words(word, alone);
      std::vector<Word> before;
      read_words(word + " and some more", before);
      std::vector<Word> last;
      read_words("and then " + word, last);
      REQUIRE(alone.size() == 1);
      REQUIRE(before.size() == 4);
      REQUIRE(last.size() == 3);
      for (const Word& one : {alone[0], before[0], last[2]}) {
        CHECK(one.hash == hash);
        CHECK(one.length == word.size());
        CHECK(one.flags == alone[0].flags);
      }
    }
  }
}

TEST_CASE("prose: words that differ in one byte have different hashes, and none has the hash 0") {
  std::set<std::uint64_t> seen{0};
  for (std::size_t size = 1; size <= 20; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      for (char c = 'a'; c < 'z'; ++c) {
        std::string word(size, 'z');
        word[at] = c;
        CHECK(seen.insert(hash_word(word)).second);
      }
    }
  }
}

TEST_CASE("prose: a run of letters is read to the end of its span, not beyond") {
  Card card = parse_card("README.md", "---\ntags: classification\n---\nbody\n");
  const yaml::Node* value = field(card, "tags");
  REQUIRE(value != nullptr);
  Prose prose;
  add_field_unit(card, {value->span.begin, value->span.begin + 5}, 0, prose);
  REQUIRE(prose.words.size() == 1);
  CHECK(prose.words[0].hash == hash_word("class"));
}
