// SPDX-License-Identifier: Apache-2.0
// The phrases of a native rule: found while the card is read, or where the rule asks.
#include "evidence/phrases.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "card/parse.h"
#include "evidence/detector.h"
#include "evidence/query.h"

using namespace cardwarden;

namespace {

constexpr std::string_view kRule = "governance/letters";

Detectors compiled(std::string_view yaml) {
  auto made = DetectorsBuilder::create(Vocabulary{{}, {"^ tbd"}});
  REQUIRE(made.has_value());
  const auto done = made->add(kRule, kRule, yaml, "detect.yaml");
  if (!done) FAIL(done.error().text());
  return made->build();
}

// A card that was read, and the phrases that its rule asks about.
struct Read {
  Read(std::string_view yaml, std::string_view text)
      : detectors(compiled(yaml)),
        plan(detectors),
        reader(plan),
        card(parse_card("README.md", text, {.kind = Kind::model})) {
    reader.read(card);
  }
  std::vector<std::string> said(std::string_view name) const {
    std::vector<std::string> out;
    for (const Said& one : phrases.said(name)) out.emplace_back(card.quote(phrases.evidence(one).words));
    return out;
  }
  Detectors detectors;
  EvidencePlan plan;
  EvidenceReader reader;
  Card card;
  Phrases phrases{reader, kRule};
};

using Words = std::vector<std::string>;

constexpr const char* kPhrases =
    "phrases:\n"
    "  letters: {in: [prose, list], say: [chat logs, \"letter*\"]}\n"
    "  titles: {in: [heading], say: [\"^ training $\"]}\n"
    "  denied: [\"(no|not)\"]\n";

}  // namespace

TEST_CASE("phrases: what has `in` is found in units of these kinds, once a unit, in the order of the text") {
  const Read read(kPhrases,
                  "# Letters\n\nMany **Chat** logs, no letters.\n\n## Training\n\n- one lettered\n\n"
                  "| letters |\n|---|\n| letters |\n\n    letters\n");
  CHECK(read.said("letters") == Words{"Chat** logs", "lettered"});
  CHECK(read.said("titles") == Words{"Training"});
  const Said& first = read.phrases.said("letters").front();
  CHECK(read.card.quote(read.phrases.evidence(first).span) == "Many **Chat** logs, no letters.");
  CHECK(read.phrases.unit(first).kind == UnitKind::prose);
}

TEST_CASE("phrases: a placeholder says nothing, and nothing is kept from the card before") {
  Read read(kPhrases, "TBD letters\n");
  CHECK(read.said("letters").empty());
  const Card other = parse_card("README.md", "Letters.\n", {.kind = Kind::model});
  read.reader.read(other);
  CHECK(read.phrases.said("letters").size() == 1);
  read.reader.read(read.card);
  CHECK(read.phrases.said("letters").empty());
}

TEST_CASE("phrases: a unit is asked for phrases that nobody looked for") {
  const Read read(kPhrases, "Chat logs, not letters. Letters.\n");
  const auto& said = read.phrases.said("letters");
  REQUIRE(said.size() == 2);
  const auto denied = read.phrases.in(read.phrases.unit(said[0]), "denied");
  REQUIRE(denied);
  CHECK(read.card.quote(*denied) == "not");
  CHECK_FALSE(read.phrases.in(read.phrases.unit(said[1]), "denied"));
}

TEST_CASE("phrases: any text is asked, with offsets into it") {
  const Read read(kPhrases, "Letters.\n");
  const std::string text = "org/the-letters_of_ebbe";
  const auto found = read.phrases.in(text, "letters");
  REQUIRE(found);
  CHECK(found->of(text) == "letters_of_ebbe");
  CHECK_FALSE(read.phrases.in("", "letters"));
  CHECK_FALSE(read.phrases.in("org/corpus", "letters"));
}

TEST_CASE("phrases: a conversion is told by relation, by tag and by words") {
  const auto conversion = [](std::string_view text) {
    const Read read("phrases:\n  conversion: {in: [prose], say: [this is a merge]}\n", text);
    return query::is_conversion(read.card, read.phrases);
  };
  CHECK(conversion("---\nbase_model_relation: quantized\n---\n# M\n"));
  CHECK(conversion("---\ntags: [gguf]\n---\n# M\n"));
  CHECK(conversion("# M\n\nThis is a merge of two models.\n"));
  CHECK_FALSE(conversion("---\nbase_model_relation: finetune\ntags: [gguf]\n---\n# M\n"));
  CHECK_FALSE(conversion("# M\n\nThe model was trained on reports.\n"));
}

TEST_CASE("phrases: what is wrong in detect.yaml is said with its place") {
  auto made = DetectorsBuilder::create(Vocabulary{});
  REQUIRE(made.has_value());
  const auto refused = [&](std::string_view yaml) {
    const auto done = made->add("a/b", "b", yaml, "detect.yaml");
    REQUIRE_FALSE(done.has_value());
    return done.error().text();
  };
  CHECK(refused("phrases: [letters]\n").find("`phrases` must be a mapping") != std::string::npos);
  CHECK(refused("phrases:\n  a: {in: [prose]}\n").find("detect.yaml:2:6") != std::string::npos);
  CHECK(refused("phrases:\n  a: {in: [page], say: [b]}\n").find("unknown kind of unit `page`") !=
        std::string::npos);
  CHECK(refused("phrases:\n  a: [\"(b\"]\n").find("detect.yaml") != std::string::npos);
  CHECK(refused("phrases:\n  a: [b]\nclues: []\n").find("unknown key `clues`") != std::string::npos);
}
