// SPDX-License-Identifier: Apache-2.0
#include "engine/timeline.h"

#include <catch2/catch.hpp>
#include <memory>

#include "card/parse.h"
#include "engine/evaluate.h"

using namespace cardwarden;

namespace {

// One disclosure, found by the words "fails on", under the heading of its name or not.
const RuleBook& book() {
  static const std::string page =
      "---\ntitle: Limits\nquestion: Q?\nstatus: stable\nsince: 0.1.0\nmessage: Silent.\nremedy: Speak.\n"
      "kinds: [model]\n---\n## What it asks\na\n## Why it matters\nb\n## What counts\nc\n## What does "
      "not\nd\n"
      "## How to fix\ne\n## Known misses\nf\n";
  static const std::vector<RuleSource> sources = {
      {"model-card/limitations", page,
       "headings: [limitations]\nfields:\n  - path: limits\nclues:\n  - say: [fails on]\n", "", nullptr}};
  static const auto book = RuleBook::create(sources, {}, "placeholders: [tbd]\nlists: {}\n");
  REQUIRE(book);
  return **book;
}

CardFacts facts_of(const std::string& text, Kind kind = Kind::model) {
  ParseOptions options;
  options.kind = kind;
  const Card card = parse_card("README.md", text, options);
  Evaluator evaluator(book());
  REQUIRE(evaluator.evaluate(card, {}, {}));
  return card_facts(card, evaluator.prose(), evaluator.disclosures(),
                    [&card](Span span) { return std::string(span.of(card.text)); });
}

std::string words(int n) {
  std::string out;
  for (int i = 0; i < n; ++i) out += " word" + std::to_string(i);
  return out;
}

std::string change(const std::string& before, const std::string& after) {
  const CardComparison compared = compare(std::make_unique<CardFacts>(facts_of(before)).get(),
                                          std::make_unique<CardFacts>(facts_of(after)).get());
  if (compared.disclosures.empty()) return "";
  REQUIRE(compared.disclosures.size() == 1);
  return std::string(to_string(compared.disclosures.front().change));
}

ObjectId id(char digit) { return *ObjectId::from_hex(std::string(40, digit)); }

CardRevision revision(char commit, std::size_t order, std::optional<ObjectId> blob,
                      std::optional<ObjectId> before) {
  CardRevision out;
  out.commit.id = id(commit);
  out.commit.order = order;
  out.commit.committer.time = 1'700'000'000 - static_cast<std::int64_t>(order) * 3600;
  out.blob = blob;
  out.before = before;
  out.change = !blob ? CardChange::removed : before ? CardChange::changed : CardChange::added;
  return out;
}

const std::string kLong = "# M\n\n## Limitations\n\nIt fails on night images." + words(40) + ".\n";
const std::string kShort = "# M\n\n## Limitations\n\nIt fails on night images.\n";
const std::string kNone = "# M\n\nA model.\n";

}  // namespace

TEST_CASE("timeline: appearing, vanishing and staying as it was") {
  CHECK(change(kNone, kShort) == "appeared");
  CHECK(change(kShort, kNone) == "vanished");
  CHECK(change(kShort, kShort).empty());
  CHECK(change(kNone, kNone).empty());
  CHECK(change(kShort, "# M\n\n## Limitations\n\ntbd\n") == "placeholder");
}

TEST_CASE("timeline: words that differ are a change, white space and headings are none") {
  CHECK(change(kShort, "# M\n\n## Limitations\n\nIt fails on rain.\n") == "changed");
  CHECK(change(kShort, "# M\n\n\n## Limitations\nIt   fails on\nnight images.\n").empty());
  CHECK(change(kShort, "# Another title\n\n## Limitations\n\nIt fails on night images.\n").empty());
}

TEST_CASE("timeline: a section of the name that loses more than half of its words is thinned") {
  CHECK(change(kLong, kShort) == "thinned");
  const std::string half = "# M\n\n## Limitations\n\nIt fails on night images." + words(20) + ".\n";
  CHECK(change(kLong, half) == "changed");  // 45 words to 25
  const std::string few = "# M\n\n## Limitations\n\nIt fails on night images." + words(14) + ".\n";
  CHECK(change(few, kShort) == "changed");  // 19 to 5: under kThinnedSectionWords
}

TEST_CASE("timeline: without a section of the name, the units that carry the evidence decide") {
  const std::string before =
      "# M\n\nIt fails on night images and" + words(20) + ".\n\nMore text stands here.\n";
  CHECK(change(before, "# M\n\nIt fails on night images.\n\nMore text stands here.\n") == "thinned");
  const std::string grown = "# M\n\n## Notes\n\nIt fails on night images.\n\nAnd then" + words(60) + ".\n";
  CHECK(change(before, grown) == "changed");
  // A heading that is renamed keeps its words.
  const std::string renamed = "# M\n\n## Where it breaks\n\nIt fails on night images." + words(40) + ".\n";
  CHECK(change(kLong, renamed).empty());
}

TEST_CASE("timeline: what stands below the heading of the name counts, below the title it does not") {
  const auto parts = [](const std::string& title, int n) {
    return "# M\n\n## " + title + "\n\n### Images\n\nIt fails on night images.\n\n### Sounds\n\nSounds" +
           words(n) + ".\n\n## Other\n\nText.\n";
  };
  CHECK(change(parts("Limitations", 40), parts("Limitations", 10)) == "thinned");
  CHECK(change(parts("Limitations", 40), parts("Limitations", 38)) == "changed");
  CHECK(change(parts("Notes", 40), parts("Notes", 10)).empty());
  const auto titled = [](const std::string& rest) {
    return "# Limitations of M\n\n## Images\n\nIt fails on night images.\n\n## Other\n\n" + rest + "\n";
  };
  CHECK(change(titled("Text."), titled("Other text.")).empty());
}

TEST_CASE(
    "timeline: values beside a section of the name that stays are a change, their order and key are none") {
  const auto with = [](const std::string& limits) { return "---\n" + limits + "\n---\n" + kShort; };
  CHECK(change(with("limits: [night, rain]"), with("limits: [rain, night]")).empty());
  CHECK(change(with("limits: [night, rain]"), with("limits:\n  eyes: [night]\n  ears: [rain]")).empty());
  // More values than a disclosure quotes.
  CHECK(change(with("limits: [a, b, c, d, e]"), with("limits: [a, b, c, d, e, f]")) == "changed");
  CHECK(change(with("tags: [x]"), with("limits: [night]")) == "changed");
}

TEST_CASE("timeline: a licence under the key of older cards is the declared one") {
  const CardFacts none = facts_of("---\ntags: [a]\n---\n# M\n");
  const CardFacts older = facts_of("---\nlicenses:\n- cc-by-4.0\n---\n# M\n");
  const CardFacts each = facts_of("---\nlicenses:\n  part-a: [cc-by-4.0]\n  part-b: [cc-by-4.0]\n---\n# M\n");
  const CardFacts newer = facts_of("---\nlicense: cc-by-4.0\n---\n# M\n");
  const CardFacts other = facts_of("---\nlicense: mit\nlicenses: [cc-by-4.0]\n---\n# M\n");
  CHECK(compare(&none, &older).license == LicenseMove::declared);
  CHECK(compare(&older, &newer).license == LicenseMove::same);
  CHECK(compare(&older, &each).license == LicenseMove::same);
  CHECK(other.licenses == std::vector<std::string>{"mit"});
}

TEST_CASE("timeline: a data set of original data names no other data set") {
  const std::string card = "---\nsource_datasets: [original, extended|other]\n---\n# D\n";
  CHECK(facts_of(card, Kind::dataset).datasets == std::vector<std::string>{"extended|other"});
}

TEST_CASE("timeline: values of the front matter are compared as sets") {
  const CardFacts before =
      facts_of("---\nlicense: cc-by-nc-4.0\ndatasets: [b, a]\nbase_model: x/y\n---\n# M\n");
  const CardFacts after =
      facts_of("---\nlicense: [mit]\ndatasets:\n- a\n- b\n- c\nbase_model: x/y\n---\n# M\n");
  const CardComparison compared = compare(&before, &after);
  CHECK(compared.license == LicenseMove::loosened);
  REQUIRE(compared.datasets);
  CHECK(compared.datasets->after == std::vector<std::string>{"a", "b", "c"});
  CHECK_FALSE(compared.base_models);
  CHECK(compared.training_data());
}

TEST_CASE("timeline: each revision is compared with its own parent, and losses are those of the newest") {
  // Newest first: d shortens b, c is on a branch beside b and never had the section.
  History history;
  history.revisions = {revision('d', 1, id('4'), id('2')), revision('c', 2, id('3'), id('1')),
                       revision('b', 3, id('2'), id('1')), revision('a', 4, id('1'), std::nullopt)};
  Readings readings;
  readings[id('1')].facts = facts_of(kNone);
  readings[id('2')].facts = facts_of(kLong);
  readings[id('3')].facts = facts_of("# M\n\nAnother model.\n");
  readings[id('4')].facts = facts_of(kShort);
  const Timeline timeline = make_timeline(history, readings);
  REQUIRE(timeline.revisions.size() == 4);
  CHECK(timeline.revisions[0].changes.empty());
  CHECK(timeline.revisions[1].changes.disclosures.front().change == DisclosureChange::appeared);
  CHECK(timeline.revisions[2].changes.empty());  // nothing vanished on the branch
  const DisclosureEvent& thinned = timeline.revisions[3].changes.disclosures.front();
  CHECK(thinned.change == DisclosureChange::thinned);
  CHECK(thinned.words_before == 45);
  CHECK(thinned.words_after == 5);
  CHECK(timeline.losses.empty());
  CHECK(timeline.newest()->discloses("limitations"));
}

TEST_CASE("timeline: a card that is removed loses what it said; one that cannot be read loses nothing") {
  History history;
  history.revisions = {revision('b', 1, std::nullopt, id('1')), revision('a', 2, id('1'), std::nullopt)};
  Readings readings;
  readings[id('1')].facts = facts_of(kShort);
  Timeline timeline = make_timeline(history, readings);
  REQUIRE(timeline.losses.size() == 1);
  CHECK(timeline.losses.front().gone == 1);
  CHECK(timeline.losses.front().quote == "It fails on night images.");
  CHECK(timeline.revisions[1].changes.disclosures.front().change == DisclosureChange::vanished);

  history.revisions[0] = revision('b', 1, id('2'), id('1'));
  readings[id('2')].problem = "The object is damaged.";
  timeline = make_timeline(history, readings);
  CHECK(timeline.losses.empty());
  CHECK(timeline.revisions[1].changes.empty());
  CHECK(timeline.revisions[1].problem == "The object is damaged.");
}

TEST_CASE("timeline: weights stand behind the revisions before them and know when the card followed") {
  History history;
  history.revisions = {revision('d', 1, id('2'), id('1')), revision('a', 4, id('1'), std::nullopt)};
  history.weight_commits.resize(2);
  history.weight_commits[0].commit = revision('c', 2, {}, {}).commit;
  history.weight_commits[1].commit = revision('a', 4, {}, {}).commit;
  history.weight_commits[1].card_changed = true;
  WeightChange swapped;
  swapped.path = "model.safetensors";
  WeightChange first = swapped;
  first.commit = 1;
  first.kind = WeightChangeKind::added;
  history.weight_changes = {swapped, first};
  Readings readings;
  readings[id('1')].facts = facts_of(kShort);
  readings[id('2')].facts = facts_of(kShort);
  const Timeline timeline = make_timeline(history, readings);
  REQUIRE(timeline.weights.size() == 2);
  CHECK(timeline.weights[0].after == 1);
  CHECK_FALSE(timeline.weights[0].silent());
  CHECK(timeline.weights[0].card_followed == 0);
  CHECK(timeline.weights[1].after == 1);
  CHECK(timeline.weights[1].silent());
  CHECK(timeline.weights[1].changed == 1);
  CHECK(timeline.weights[1].card_followed == 3600);
}

TEST_CASE("card facts: packing and unpacking changes nothing, and no damaged bytes are taken") {
  const std::string token = std::string("hf") + "_CJXDCGLmlZGEONYlgCtjfIZSOcMzCPVNPk";
  const CardFacts facts = facts_of("---\nlicense: mit\ndatasets: [a]\n---\n" + kLong + "\n" + token + "\n");
  REQUIRE(facts.secrets.size() == 1);
  const std::string bytes = pack_facts(facts);
  const auto back = unpack_facts(bytes);
  REQUIRE(back);
  CHECK(*back == facts);
  for (std::size_t length = 0; length < bytes.size(); ++length)
    CHECK_FALSE(unpack_facts(std::string_view(bytes).substr(0, length)));
  CHECK_FALSE(unpack_facts(std::string(4, '\x7f') + bytes.substr(4)));
  CHECK(bytes.find(token.substr(4)) == std::string::npos);
}
