// SPDX-License-Identifier: Apache-2.0
#include "evidence/phrase.h"

#include <catch2/catch.hpp>
#include <string>

using namespace cardwarden;
using phrase::Element;

namespace {

const WordLists kLists = {{"data", {"corpus", "data set"}},
                          {"nested", {"@data", "archive"}},
                          {"circle", {"@circle"}},
                          {"empty", {}}};

phrase::Sequence parsed(std::string_view text) {
  auto result = phrase::parse(text, kLists);
  INFO(text);
  REQUIRE(result.has_value());
  return std::move(*result);
}

std::string refused(std::string_view text) {
  const auto result = phrase::parse(text, kLists);
  INFO(text);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == ErrorCode::rule);
  return result.error().message;
}

bool has(const std::string& text, std::string_view words) { return text.find(words) != std::string::npos; }

}  // namespace

TEST_CASE("phrase: words are folded, and hyphens divide them") {
  const auto sequence = parsed("Fine-Tuned ON");
  REQUIRE(sequence.size() == 3);
  CHECK(sequence[0].word == "fine");
  CHECK(sequence[1].word == "tuned");
  CHECK(sequence[2].word == "on");
}

TEST_CASE("phrase: a script without blanks gives a word for each character") {
  CHECK(parsed("训练数据").size() == 4);
}

TEST_CASE("phrase: stars stand at the ends of a word") {
  CHECK(parsed("train*")[0].star == Element::Star::prefix);
  CHECK(parsed("*former")[0].star == Element::Star::suffix);
  CHECK(has(refused("tr*n"), "star inside a word"));
  CHECK(has(refused("*train*"), "both ends"));
  CHECK(has(refused("a*"), "at least two letters"));
  CHECK(has(refused(std::string(61, 'a') + "*"), "more than 60 bytes"));
  CHECK(parsed(std::string(60, 'a') + "*").size() == 1);
}

TEST_CASE("phrase: gaps have bounds") {
  const auto gap = parsed("a {1,4} b")[1];
  CHECK(gap.type == Element::Type::gap);
  CHECK(gap.low == 1);
  CHECK(gap.high == 4);
  CHECK(parsed("a ... b")[1].high == 8);
  CHECK(has(refused("a {4,1} b"), "upside down"));
  CHECK(has(refused("a {0,21} b"), "over {0,20}"));
  CHECK(has(refused("a {x} b"), "{least,most}"));
  CHECK(has(refused("a {1,2 b"), "{least,most}"));
}

TEST_CASE("phrase: choices, optional words and word lists") {
  const auto choice = parsed("(a|b c)");
  REQUIRE(choice.size() == 1);
  CHECK(choice[0].ways.size() == 2);
  CHECK_FALSE(choice[0].optional);
  CHECK(parsed("the? a")[0].optional);
  CHECK(parsed("(a|b)? c")[0].optional);
  CHECK(parsed("@data")[0].ways.size() == 2);
  CHECK(parsed("on @nested")[1].ways.size() == 2);
}

TEST_CASE("phrase: classes, markers and the colon") {
  CHECK(parsed("<number>")[0].flags == kNumber);
  CHECK(parsed("<year>")[0].flags == kYear);
  CHECK(parsed("_")[0].type == Element::Type::any);
  const auto whole = parsed("^ license: mit $");
  REQUIRE(whole.size() == 5);
  CHECK(whole[0].type == Element::Type::unit_start);
  CHECK(whole[2].type == Element::Type::colon);
  CHECK(whole[4].type == Element::Type::unit_end);
}

TEST_CASE("phrase: every mistake is named") {
  CHECK(has(refused(""), "no words"));
  CHECK(has(refused("   "), "no words"));
  CHECK(has(refused("(a|b"), "unclosed \"(\""));
  CHECK(has(refused("a)"), "unmatched \")\""));
  CHECK(has(refused("()"), "empty group"));
  CHECK(has(refused("<nmber>"), "<number> <year>"));
  CHECK(has(refused("<number"), "unclosed \"<\""));
  CHECK(has(refused("@dat"), "did you mean @data?"));
  CHECK(has(refused("@empty"), "is empty"));
  CHECK(has(refused("@circle"), "levels deep"));
  CHECK(has(refused(": a"), "begins with a colon"));
  CHECK(has(refused("((((((((((a))))))))))"), "levels deep"));
  CHECK(has(refused(std::string(2'001, 'a')), "longer than 2000 bytes"));
  CHECK(has(refused("a ,, b"), "no letters or digits"));
}
