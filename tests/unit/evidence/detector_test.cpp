// SPDX-License-Identifier: Apache-2.0
#include "evidence/detector.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "card/parse.h"

using namespace cardwarden;

namespace {

constexpr std::string_view kVocabulary =
    "placeholders: [more information needed, ^ tbd $]\nlists:\n  data: [corpus, letters]\n";

DetectorsBuilder builder() {
  auto vocabulary = parse_vocabulary(kVocabulary, "vocabulary.yaml");
  REQUIRE(vocabulary.has_value());
  auto made = DetectorsBuilder::create(*vocabulary);
  REQUIRE(made.has_value());
  return std::move(*made);
}

Detectors compiled(std::string_view yaml) {
  DetectorsBuilder made = builder();
  const auto done = made.add("model-card/training", "training", yaml, "detect.yaml");
  if (!done) FAIL(done.error().text());
  return made.build();
}

// "disclosed: <words>", "placeholder: <quote>" or "absent".
std::string detect(std::string_view yaml, std::string_view text) {
  const Detectors detectors = compiled(yaml);
  const EvidencePlan plan(detectors);
  EvidenceReader reader(plan);
  const Card card = parse_card("README.md", text, {.kind = Kind::model});
  reader.read(card);
  const Disclosure* found = find_disclosure(reader.disclosures(), "training");
  REQUIRE(found != nullptr);
  std::string out(to_string(found->status));
  if (!found->evidence.empty()) out += ": " + std::string(card.quote(found->evidence[0].words));
  return out;
}

std::string refused(std::string_view yaml) {
  DetectorsBuilder made = builder();
  const auto done = made.add("a/b", "b", yaml, "detect.yaml");
  INFO(yaml);
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().code == ErrorCode::rule);
  return done.error().text();
}

bool has(const std::string& text, std::string_view words) { return text.find(words) != std::string::npos; }

}  // namespace

TEST_CASE("detector: a clue discloses with the words that convinced") {
  const char* yaml = "clues:\n  - say: [\"trained {0,4} @data\"]\n";
  CHECK(detect(yaml, "It was trained on the letters of Ebbe.") == "disclosed: trained on the letters");
  CHECK(detect(yaml, "It was written by hand.") == "absent");
}

TEST_CASE("detector: unless, with and never hold within the unit") {
  const char* unless = "clues:\n  - say: [trained]\n    unless: [not]\n";
  CHECK(detect(unless, "It was not trained. It was trained.") == "disclosed: trained");
  CHECK(detect(unless, "It was not trained.") == "absent");
  const char* with = "clues:\n  - say: [trained]\n    with: [<number>]\n";
  CHECK(detect(with, "It was trained on 12 letters.") == "disclosed: trained");
  CHECK(detect(with, "It was trained. It has 12 letters.") == "absent");
  CHECK(detect("clues:\n  - say: [trained]\nnever: [evaluated]\n", "Trained and evaluated.") == "absent");
}

TEST_CASE("detector: text below a heading, and the kinds of unit") {
  const char* under = "headings: [training data*]\nclues:\n  - under: headings\n    min-words: 3\n";
  CHECK(detect(under, "## Training data\n\nLetters of the archive.\n").substr(0, 9) == "disclosed");
  CHECK(detect(under, "## Training data\n\n### More\n\nLetters of the archive.\n").substr(0, 9) ==
        "disclosed");
  CHECK(detect(under, "## Training data\n\nLetters.\n") == "absent");
  CHECK(detect(under, "## Notes\n\nLetters of the archive.\n") == "absent");
  const char* table = "clues:\n  - say: [letters]\n    in: table\n";
  CHECK(detect(table, "letters in prose") == "absent");
  CHECK(detect(table, "| letters | 12 |\n|---|---|\n| a | b |\n") == "disclosed: letters");
}

TEST_CASE("detector: weights add up to one") {
  const char* yaml = "clues:\n  - {say: [trained], weight: 0.5}\n  - {say: [letters], weight: 0.5}\n";
  CHECK(detect(yaml, "It was trained.") == "absent");
  CHECK(detect(yaml, "It was trained. It reads letters.") == "disclosed: trained");
}

TEST_CASE("detector: fields of the front matter disclose by themselves") {
  const char* field = "fields:\n  - path: datasets\n  - {path: license, not: [other]}\n";
  CHECK(detect(field, "---\ndatasets: [harbour/tides]\n---\n") == "disclosed: harbour/tides");
  CHECK(detect(field, "---\ndatasets: []\n---\n") == "absent");
  CHECK(detect(field, "---\ndatasets: [unknown]\n---\n") == "absent");
  CHECK(detect(field, "---\ndatasets: \"[More Information Needed]\"\n---\n") == "absent");
  CHECK(detect(field, "---\nlicense: Other\n---\n") == "absent");
  CHECK(detect(field, "---\nlicense: mit\n---\n") == "disclosed: mit");
  const char* say = "fields:\n  - {path: \"tags[]\", say: [text classification]}\n";
  CHECK(detect(say, "---\ntags: [letters, text-classification]\n---\n") == "disclosed: text-classification");
  CHECK(detect(say, "---\ntags: [text, classification]\n---\n") == "absent");
}

TEST_CASE("detector: placeholders are no evidence, and are told apart from silence") {
  const char* yaml =
      "headings: [training data]\nlabels: [\"trained by:\"]\nclues:\n  - under: headings\n  - say: "
      "[needed]\n";
  CHECK(detect(yaml, "## Training data\n\n[More Information Needed]\n").substr(0, 11) == "placeholder");
  CHECK(detect(yaml, "## Training data\n\nTBD\n").substr(0, 11) == "placeholder");
  CHECK(detect(yaml, "- **Trained by:** [More Information Needed]\n").substr(0, 11) == "placeholder");
  CHECK(detect(yaml, "## Notes\n\n[More Information Needed]\n") == "absent");
  CHECK(detect(yaml, "## Training data\n\n{{ training_data }}\n").substr(0, 11) == "placeholder");
}

TEST_CASE("detector: lists by language are all matched") {
  const char* yaml = "clues:\n  - say: {en: [trained], de: [trainiert], zh: [训练]}\n";
  CHECK(detect(yaml, "Es wurde trainiert.") == "disclosed: trainiert");
  CHECK(detect(yaml, "训练数据") == "disclosed: 训练");
}

TEST_CASE("detector: at most three quotes, the first clue first") {
  const Detectors detectors =
      compiled("clues:\n  - say: [one]\n  - say: [two]\n  - say: [three]\n  - say: [four]\n");
  const EvidencePlan plan(detectors);
  EvidenceReader reader(plan);
  const Card card = parse_card("README.md", "Four three two one.");
  reader.read(card);
  const auto& evidence = reader.disclosures().front().evidence;
  REQUIRE(evidence.size() == kMaxEvidence);
  CHECK(card.quote(evidence[0].words) == "one");
  CHECK(card.quote(evidence[0].span) == "Four three two one.");
}

TEST_CASE("detector: an audit rule combines disclosures and fields") {
  DetectorsBuilder made = builder();
  REQUIRE(
      made.add("model-card/training", "training", "clues:\n  - say: [trained]\n", "detect.yaml").has_value());
  REQUIRE(made.add("governance/silent", "governance/silent",
                   "finding:\n  when:\n    absent: [training]\n    field: base_model\n    no-field: "
                   "datasets\n    clues:\n      - say: [chat logs]\n",
                   "detect.yaml")
              .has_value());
  const Detectors detectors = made.build();
  const EvidencePlan plan(detectors);
  EvidenceReader reader(plan);
  const auto speaks = [&](std::string_view text) {
    const Card card = parse_card("README.md", text);
    reader.read(card);
    std::vector<Evidence> quotes;
    const bool out = reader.applies(detectors.audit_rules().front(), card, quotes);
    if (out) CHECK(card.quote(quotes.at(0).words) == "chat logs");
    return out;
  };
  CHECK(speaks("---\nbase_model: a/b\n---\nIt saw chat logs.\n"));
  CHECK_FALSE(speaks("It saw chat logs.\n"));
  CHECK_FALSE(speaks("---\nbase_model: a/b\ndatasets: [x]\n---\nIt saw chat logs.\n"));
  CHECK_FALSE(speaks("---\nbase_model: a/b\n---\nIt was trained on chat logs.\n"));
  CHECK_FALSE(speaks("---\nbase_model: a/b\n---\nIt saw letters.\n"));
}

TEST_CASE("detector: what was packed and unpacked finds the same") {
  const Detectors detectors = compiled(
      "headings: [data]\nfields: [license]\nclues:\n  - say: [\"trained {0,4} @data\"]\n  - under: "
      "headings\nlabels: [\"by:\"]\n");
  const std::string bytes = detectors.pack();
  const auto again = Detectors::unpack(bytes);
  REQUIRE(again.has_value());
  const Card card = parse_card("README.md", "It was trained on letters.\n\n## Data\n\nTBD\n");
  const EvidencePlan plan_of_one(detectors);
  const EvidencePlan plan_of_two(*again);
  EvidenceReader one(plan_of_one);
  EvidenceReader two(plan_of_two);
  one.read(card);
  two.read(card);
  REQUIRE(one.disclosures().size() == two.disclosures().size());
  CHECK(one.disclosures()[0].status == Status::disclosed);
  CHECK(two.disclosures()[0].status == Status::disclosed);
  CHECK(one.disclosures()[0].evidence[0].words == two.disclosures()[0].evidence[0].words);
  CHECK_FALSE(Detectors::unpack("not what the build wrote").has_value());
}

TEST_CASE("detector: mistakes of a rule's author are named with their place") {
  CHECK(has(refused("clue:\n  - say: [a]\n"), "detect.yaml:1:1"));
  CHECK(has(refused("clues:\n  - sya: [a]\n"), "did you mean `say`?"));
  CHECK(has(refused("clues:\n  - unless: [a]\n"), "needs `say` or `under`"));
  CHECK(has(refused("clues:\n  - under: headings\n"), "needs the key `headings`"));
  CHECK(has(refused("clues:\n  - {say: [a], weight: 2}\n"), "above 0 and at most 1"));
  CHECK(has(refused("clues:\n  - {say: [a], min-words: many}\n"), "whole number"));
  CHECK(has(refused("clues:\n  - {say: [a], in: poem}\n"), "unknown kind of unit `poem`"));
  CHECK(has(refused("clues:\n  - say: [\"(a\"]\n"), "detect.yaml:2:"));
  CHECK(has(refused("fields:\n  - {value: present}\n"), "needs a `path`"));
  CHECK(has(refused("fields:\n  - {path: a, value: 3}\n"), "can only be `present`"));
  CHECK(has(refused("- a\n"), "expected a mapping"));
  CHECK(has(refused("clues: [\n"), "detect.yaml:"));
}

TEST_CASE("detector: mistakes of the vocabulary are named") {
  const auto refused_vocabulary = [](std::string_view text) {
    const auto vocabulary = parse_vocabulary(text, "vocabulary.yaml");
    INFO(text);
    REQUIRE_FALSE(vocabulary.has_value());
    return vocabulary.error().text();
  };
  CHECK(has(refused_vocabulary("lists: [a]\n"), "vocabulary.yaml:1:8: `lists` is a mapping"));
  CHECK(has(refused_vocabulary("- a\n"), "expected a mapping"));
  CHECK(has(refused_vocabulary("words: {}\n"), "unknown key `words`"));
  CHECK(has(refused_vocabulary("lists: {a: [b], a: [c]}\n"), "vocabulary.yaml:1:"));
  const auto broken = parse_vocabulary("placeholders: [\"(a\"]\n", "vocabulary.yaml");
  const bool refused_now = !broken.has_value() || !DetectorsBuilder::create(*broken).has_value();
  CHECK(refused_now);
}
