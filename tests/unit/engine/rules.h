// SPDX-License-Identifier: Apache-2.0
#pragma once
// A handful of rules made for tests of the engine: a disclosure, an audit rule, a native rule, a rule of the
// judge.

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "engine/rulebook.h"

namespace cardwarden::test {

inline const std::string& page(bool for_datasets = false) {
  static const std::string sections =
      "---\n## What it asks\na\n## Why it matters\nb\n## What counts\nc\n## What does not\nd\n## How to "
      "fix\ne\n## Known misses\nf\n";
  static const std::string head =
      "---\ntitle: T\nquestion: Q?\nstatus: stable\nsince: 0.1.0\nmessage: The card is silent.\nremedy: "
      "Speak.\n";
  static const std::string models = head + "kinds: [model]\n" + sections;
  static const std::string datasets = head + "kinds: [dataset]\n" + sections;
  return for_datasets ? datasets : models;
}

// A native rule: the text must not shout.
inline std::vector<Finding> no_shouting(const Subject& subject) {
  const std::size_t at = subject.card.text.find("!!!");
  if (at == std::string::npos) return {};
  const auto begin = static_cast<std::uint32_t>(at);
  return {violated({begin, begin + 3}, "The card shouts.", "Speak softly.", "shout")};
}

inline const std::vector<RuleSource>& some_sources() {
  static const std::vector<RuleSource> sources = {
      {"governance/silent", page(),
       "finding:\n  when:\n    absent: [training]\n    clues:\n      - say: [chat logs]\n", "", nullptr},
      {"metadata/no-shouting", page(), "", "", &no_shouting},
      {"model-card/training", page(), "headings: [training]\nclues:\n  - say: [trained on]\n", "", nullptr},
      {"dataset-card/size", page(true), "clues:\n  - say: [<number> letters]\n", "", nullptr},
      {"suppression/unused", page(), "reported-by: judge\n", "", nullptr},
  };
  return sources;
}

inline constexpr const char* kVocabulary = "placeholders: [tbd]\nlists: {}\n";

inline std::unique_ptr<RuleBook> some_book(std::vector<RuleFolder> folders = {}) {
  auto book = RuleBook::create(some_sources(), std::move(folders), kVocabulary);
  REQUIRE(book.has_value());
  return std::move(*book);
}

}  // namespace cardwarden::test
