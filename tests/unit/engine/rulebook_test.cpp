// SPDX-License-Identifier: Apache-2.0
#include "engine/rulebook.h"

#include <catch2/catch.hpp>

#include "unit/engine/rules.h"

using namespace cardwarden;
using test::some_book;

TEST_CASE("rulebook: rules are sorted, found by id, and known by what they are") {
  const auto book = some_book();
  CHECK(book->ids() == std::vector<std::string_view>{"dataset-card/size", "governance/silent",
                                                     "metadata/no-shouting", "model-card/training",
                                                     "suppression/unused"});
  const Rule* training = book->find("model-card/training");
  REQUIRE(training != nullptr);
  CHECK(training->name == "training");
  CHECK(training->disclosure);
  CHECK(training->applies_to(Kind::model));
  CHECK_FALSE(training->applies_to(Kind::dataset));
  CHECK(training->folder == "rules/model-card/training");
  CHECK_FALSE(book->find("governance/silent")->disclosure);
  CHECK(book->find("governance/silent")->name == "governance/silent");
  CHECK(book->find("metadata/no-shouting")->check != nullptr);
  CHECK(book->find("suppression/unused")->by_judge);
  CHECK(book->find("model-card/nothing") == nullptr);
  CHECK(book->find("") == nullptr);
}

TEST_CASE("rulebook: only the rules of a kind are compiled for it") {
  const auto book = some_book();
  const auto models = book->detectors(Kind::model);
  REQUIRE(models.has_value());
  REQUIRE((*models)->detectors().size() == 1);
  CHECK((*models)->detectors()[0].id == "training");
  CHECK((*models)->audit_rules().size() == 1);
  const auto datasets = book->detectors(Kind::dataset);
  REQUIRE(datasets.has_value());
  REQUIRE((*datasets)->detectors().size() == 1);
  CHECK((*datasets)->detectors()[0].id == "size");
  CHECK(*book->detectors(Kind::model) == *models);  // compiled once
}

TEST_CASE("rulebook: a folder adds a rule or takes the place of one") {
  const auto book = some_book(
      {{"acme/tone", "team/acme/tone", test::page(), "clues:\n  - say: [kind]\n", ""},
       {"model-card/training", "team/model-card/training", test::page(), "clues:\n  - say: [taught]\n", ""}});
  REQUIRE(book->find("acme/tone") != nullptr);
  CHECK_FALSE(book->find("acme/tone")->builtin);
  CHECK(book->find("model-card/training")->detect == "clues:\n  - say: [taught]\n");
  CHECK(book->rules().size() == 6);
}

TEST_CASE("rulebook: a folder cannot be native, but may give a native rule another page") {
  auto native = RuleBook::create(
      test::some_sources(), {{"acme/native", "team/acme/native", test::page(), "", ""}}, test::kVocabulary);
  REQUIRE_FALSE(native.has_value());
  CHECK(native.error().code == ErrorCode::rule);
  CHECK(native.error().where == "team/acme/native");
  const auto book = some_book({{"metadata/no-shouting", "team/metadata/no-shouting", test::page(), "", ""}});
  CHECK(book->find("metadata/no-shouting")->check == &test::no_shouting);
}

TEST_CASE("rulebook: mistakes of an author come up where the text is needed") {
  const auto book =
      some_book({{"acme/wrong", "team/acme/wrong", "no page", "clues:\n  - say: [\"(\"]\n", ""},
                 {"acme/worse", "team/acme/worse", test::page(), "clues:\n  - say: [\"(\"]\n", ""}});
  const auto meta = book->meta(*book->find("acme/wrong"));
  REQUIRE_FALSE(meta.has_value());
  CHECK(meta.error().where.substr(0, 23) == "team/acme/wrong/rule.md");
  const auto compiled = book->detectors(Kind::model);
  REQUIRE_FALSE(compiled.has_value());
  CHECK(compiled.error().where == "team/acme/worse/detect.yaml:2:10");
  CHECK(book->detectors(Kind::space).has_value());
}

TEST_CASE("rulebook: a page is parsed once and keeps its place") {
  const auto book = some_book();
  const auto one = book->meta(*book->find("model-card/training"));
  const auto two = book->meta(*book->find("model-card/training"));
  REQUIRE((one.has_value() && two.has_value()));
  CHECK(*one == *two);
  CHECK((*one)->title == "T");
}

TEST_CASE("rulebook: the digest depends on every text") {
  const std::string digest = some_book()->digest();
  CHECK(digest.size() == 64);
  CHECK(some_book()->digest() == digest);
  CHECK(some_book({{"acme/tone", "anywhere", test::page(), "clues:\n  - say: [kind]\n", ""}})->digest() !=
        digest);
  auto vocabulary = RuleBook::create(test::some_sources(), {}, "placeholders: [tba]\nlists: {}\n");
  REQUIRE(vocabulary.has_value());
  CHECK((*vocabulary)->digest() != digest);
}

TEST_CASE("rulebook: packed rules stand for the texts they were made from") {
  const auto book = some_book();
  const std::string models = book->pack(Kind::model);
  REQUIRE_FALSE(models.empty());
  auto packed = RuleBook::create(test::some_sources(), {}, test::kVocabulary, {models, {}, {}});
  REQUIRE(packed.has_value());
  const auto detectors = (*packed)->detectors(Kind::model);
  REQUIRE(detectors.has_value());
  CHECK((*detectors)->detectors().size() == 1);
  CHECK((*detectors)->lexicon().phrase_count() == (*book->detectors(Kind::model))->lexicon().phrase_count());
}
