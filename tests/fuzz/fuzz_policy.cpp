// SPDX-License-Identifier: Apache-2.0
// Files that people write for the auditor. The first byte says which reader gets the rest: p policy, c
// configuration, b baseline, d detect.yaml, v vocabulary.yaml, k cases.yaml, m rule.md, w phrases (one a
// line), g glob and path, s comments in a card. Any other first byte: all readers get everything.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "card/parse.h"
#include "engine/cases.h"
#include "evidence/detector.h"
#include "fuzz/expect.h"
#include "policy/baseline.h"
#include "policy/config.h"
#include "policy/glob.h"
#include "policy/load.h"
#include "policy/suppression.h"
#include "support/invariants.h"

namespace {

using namespace cardwarden;

constexpr const char* kPath = "file.yaml";
constexpr std::string_view kVocabulary =
    "placeholders: [tbd, more information needed]\nlists:\n  data: [corpus, data set]\n  verb: [trained, "
    "tuned]\n";
constexpr std::string_view kCard =
    "---\nlicense: mit\ndatasets: [a/b]\n---\n# Model\n\nTrained on the corpus of 1,200 letters.\n\n## "
    "Data\n\nTBD\n\n"
    "| a | b |\n|---|---|\n| c | 4.5 |\n\n- one: `two`, three@example.org\n";

void check_error(const Error& error) { expect(!error.text().empty(), "an error says what is wrong"); }

KnownRules some_rules() {
  return known_rules({{"model-card/license", {Kind::model}},
                      {"dataset-card/license", {Kind::dataset}},
                      {"parse/too-deep", {}}});
}

// Whatever is asked for, the answer is the text; so a policy that extends a file extends itself.
PolicySources sources_of(std::string text) {
  PolicySources out;
  out.rules = some_rules();
  out.pack = [](std::string_view name) -> std::string_view {
    return name == "base" ? "rules: {'*/*': warning}\n" : "";
  };
  out.pack_names = {"base"};
  out.read = [text = std::move(text)](const std::string&) -> Result<std::string> { return text; };
  return out;
}

void check_policy(const std::string& text) {
  const auto policy = load_policy(kPath, sources_of(text));
  if (!policy) return check_error(policy.error());
  expect(policy->digest == policy_digest(*policy), "a policy's digest is that of its content");
  (void)policy->setting("model-card/license", "a/README.md");
}

void check_config(const std::string& text) {
  Host host;
  host.exists = [](const std::string& path) { return path == "/team/.cardwarden.yaml"; };
  host.read = [&text](const std::string&) -> Result<std::string> { return text; };
  host.environment = [](const std::string&) -> std::optional<std::string> { return std::nullopt; };
  const auto config = resolve_config("/team/models", host, {});
  if (!config) return check_error(config.error());
  (void)config_rows(*config);
  const auto policy = load_policy("base", sources_of({}), config->layers);
  if (!policy) check_error(policy.error());
}

void check_baseline(const std::string& text) {
  const auto baseline = parse_baseline(text, kPath);
  if (!baseline) return check_error(baseline.error());
  const std::string written = to_json(*baseline);
  const auto again = parse_baseline(written, kPath);
  expect(again.has_value() && to_json(*again) == written, "a baseline that was written reads back the same");
}

DetectorsBuilder some_builder() {
  auto vocabulary = parse_vocabulary(kVocabulary, "vocabulary.yaml");
  expect(vocabulary.has_value(), "the vocabulary of this target is right");
  auto builder = DetectorsBuilder::create(*vocabulary);
  expect(builder.has_value(), "the vocabulary of this target compiles");
  return std::move(*builder);
}

// What a reader finds: the status and the quotes of each disclosure, and which audit rules have something to
// say.
std::string found_with(const Detectors& detectors) {
  static const Card card = parse_card("README.md", kCard);
  const EvidencePlan plan(detectors);
  EvidenceReader reader(plan);
  reader.read(card);
  expect_nothing_broken(testing::broken_disclosures(card, reader.disclosures()));
  std::string out;
  for (const Disclosure& one : reader.disclosures()) {
    out += to_string(one.status);
    for (const Evidence& evidence : one.evidence)
      out += " " + std::to_string(evidence.words.begin) + "-" + std::to_string(evidence.words.end);
  }
  std::vector<Evidence> quotes;
  for (const AuditRule& rule : detectors.audit_rules())
    out += reader.applies(rule, card, quotes) ? " applies" : " no";
  return out;
}

void check_detect(const std::string& text) {
  DetectorsBuilder builder = some_builder();
  if (const auto done = builder.add("a/b", "b", text, kPath); !done) return check_error(done.error());
  const Detectors detectors = builder.build();
  const std::string found = found_with(detectors);
  const std::string packed = detectors.pack();
  const auto again = Detectors::unpack(packed);
  expect(again.has_value(), "packed detectors unpack");
  expect(found_with(*again) == found, "packed detectors find what the others find");
}

void check_vocabulary(const std::string& text) {
  const auto vocabulary = parse_vocabulary(text, kPath);
  if (!vocabulary) return check_error(vocabulary.error());
  const auto builder = DetectorsBuilder::create(*vocabulary);
  if (!builder) check_error(builder.error());
}

void check_cases(const std::string& text) {
  const auto cases = parse_cases(text, kPath);
  if (!cases) return check_error(cases.error());
  for (const RuleCase& one : *cases)
    expect(!one.name.empty() && !one.where.empty(), "a case has a name and a place");
}

void check_page(const std::string& text) {
  const auto page = parse_rule_page("a/b", text, kPath);
  (void)kinds_of_page(text);
  if (!page) return check_error(page.error());
  for (const std::string_view section : rule_page_sections()) (void)rule_page_section(page->page, section);
}

void check_phrases(const std::string& text) {
  static const Card card = parse_card("README.md", kCard);
  static const WordLists lists = {{"data", {"corpus", "data set"}}, {"verb", {"trained", "tuned (of)?"}}};
  LexiconBuilder builder;
  std::vector<std::string> phrases;
  for (const std::string_view line : text::split(text, '\n')) phrases.emplace_back(line);
  if (phrases.size() > 50) phrases.resize(50);
  const auto group = builder.add_group(phrases, lists);
  if (!group) return check_error(group.error());
  const Lexicon lexicon = builder.build();
  Prose prose;
  read_prose(card, prose);
  const SoughtLists sought(lexicon, Sought::all(lexicon));
  LexiconScanner scanner(sought);
  for (std::uint32_t i = 0; i < prose.units.size(); ++i) {
    std::vector<Hit> hits;
    scanner.scan(card.text, prose, i, hits);
    const Unit& unit = prose.units[i];
    for (const Hit& hit : hits) {
      expect(unit.first_word <= hit.first_word && hit.first_word <= hit.last_word &&
                 hit.last_word <= unit.last_word,
             "the words of a hit are words of its unit");
      expect(scanner.holds(hit.group), "a group that hit holds");
    }
    (void)scanner.holds(*group);
  }
}

void check_globs(const std::string& text) {
  const std::size_t cut = text.find('\n');
  const std::string pattern = text.substr(0, cut);
  const std::string path = cut == std::string::npos ? "a/README.md" : text.substr(cut + 1);
  (void)glob_matches(pattern, path);
  (void)path_matches(pattern, path);
  const std::string normal = normal_path(path);
  expect(normal_path(normal) == normal, "a normal path stays as it is");
}

void check_comments(const std::string& text) {
  static const KnownRules rules = some_rules();
  const Card card = parse_card("README.md", text);
  const Suppressions suppressions = read_suppressions(card, rules);
  for (const Finding& finding : suppressions.problems)
    expect_nothing_broken(testing::broken_finding(card, finding));
  for (const Suppression& item : suppressions.items) {
    expect(item.span.end <= card.text.size() && item.covers.end <= card.text.size(),
           "a suppression lies in the text");
  }
}

struct Reader {
  char letter;
  void (*check)(const std::string&);
};
constexpr Reader kReaders[] = {{'p', check_policy},  {'c', check_config},     {'b', check_baseline},
                               {'d', check_detect},  {'v', check_vocabulary}, {'k', check_cases},
                               {'m', check_page},    {'w', check_phrases},    {'g', check_globs},
                               {'s', check_comments}};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string all(reinterpret_cast<const char*>(data), size);
  const std::string rest = all.empty() ? all : all.substr(1);
  bool named = false;
  for (const Reader& reader : kReaders) {
    if (!all.empty() && all[0] == reader.letter) {
      reader.check(rest);
      named = true;
    }
  }
  if (named) return 0;
  for (const Reader& reader : kReaders) reader.check(all);
  return 0;
}
