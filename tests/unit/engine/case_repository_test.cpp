// SPDX-License-Identifier: Apache-2.0
#include "engine/case_repository.h"

#include <catch2/catch.hpp>

#include "engine/cases.h"
#include "unit/engine/rules.h"

using namespace cardwarden;

namespace {

RuleCase only_case(const std::string& around) {
  auto cases = parse_cases("- name: n\n  card: \"# T\"\n  expect: clean\n" + around, "cases.yaml");
  INFO(around);
  if (!cases) FAIL(cases.error().text());
  REQUIRE(cases->size() == 1);
  return std::move(cases->front());
}

std::string refused(const std::string& around) {
  const auto cases = parse_cases("- name: n\n  card: \"# T\"\n  expect: clean\n" + around, "cases.yaml");
  INFO(around);
  REQUIRE_FALSE(cases.has_value());
  return cases.error().text();
}

bool has(const std::string& text, std::string_view words) { return text.find(words) != std::string::npos; }

std::vector<Finding> looks(const Subject& subject) {
  return {file_finding(Outcome::violated,
                       {"config.json", 0, std::to_string(subject.repository->snapshot->files.size())},
                       "It was looked at.", "")};
}

std::vector<Finding> contradicts(const Subject& subject) {
  Finding finding = card_finding(Outcome::contradicted, "No second quote.", "");
  finding.evidence = {{subject.card.body, subject.card.body}};
  return {finding};
}

std::string page(std::string_view needs) {
  std::string out = "---\ntitle: T\nquestion: Q?\nstatus: stable\nsince: 0.1.0\nkinds: [model]\n";
  if (!needs.empty()) out += "needs: [" + std::string(needs) + "]\n";
  out += "message: M.\nremedy: R.\n---\n";
  for (const std::string_view section : rule_page_sections())
    out += "## " + std::string(section) + "\n\nText.\n\n";
  return out;
}

}  // namespace

TEST_CASE("cases: a repository is made in memory with its pointers, weights and licences") {
  const RuleCase one = only_case(
      "  repository:\n"
      "    LICENSE: {license: apache-2.0}\n"
      "    config.json: '{\"model_type\": \"llama\"}'\n"
      "    big.onnx: {size: 16060522496}\n"
      "    model.safetensors: {tensors: {w: BF16 8000x1000000}, metadata: {format: pt}}\n"
      "    gguf/river.Q4_K_M.gguf: {tensors: {w: Q4_K 256x100}, metadata: {general.license: mit}}\n"
      "    bytes.pkl: {bytes: \"80024b012e\"}\n");
  REQUIRE(one.repository != nullptr);
  const RepositoryFacts& facts = one.repository->facts();
  CHECK(facts.snapshot->notes.empty());
  REQUIRE(facts.snapshot->card.has_value());
  CHECK(facts.snapshot->card->bytes == "# T");
  REQUIRE(facts.snapshot->licenses.size() == 1);
  CHECK(facts.snapshot->licenses[0].reading.matches.at(0).id == "apache-2.0");
  REQUIRE(facts.snapshot->configs.size() == 1);
  CHECK(facts.snapshot->configs[0].model_type->value == "llama");
  const SnapshotFile* big = facts.snapshot->find("big.onnx");
  REQUIRE(big != nullptr);
  REQUIRE(big->lfs.has_value());
  CHECK(big->lfs->size == 16060522496);
  CHECK(facts.weights->parameters.kind == CountKind::exact);
  CHECK(facts.weights->parameters.value == 8'000'000'000);
  CHECK(facts.history == nullptr);
  bool gguf = false;
  for (const WeightFile& file : facts.weights->files) {
    if (file.format != WeightFormat::gguf) continue;
    gguf = true;
    CHECK(file.parameters.value == 25'600);
    CHECK(file.metadata.at(0).second == "mit");
  }
  CHECK(gguf);
}

TEST_CASE("cases: signatures fit, or do not, as the case says") {
  const auto grade = [](const std::string& signature) {
    const RuleCase one = only_case(
        "  repository:\n    a.txt: one\n    w.bin: {size: 100}\n    model.sig: " + signature + "\n");
    REQUIRE(one.repository->facts().model_signatures.size() == 1);
    return to_string(one.repository->facts().model_signatures[0].grade);
  };
  CHECK(grade("{signs: [README.md, a.txt, w.bin]}") == "signer-unknown");
  CHECK(grade("{signs: [README.md, a.txt, w.bin], shards: \"true\"}") == "signer-unknown");
  CHECK(grade("{signs: [README.md, a.txt, w.bin], changed: [w.bin]}") == "mismatch");
  CHECK(grade("{signs: [README.md, w.bin]}") == "mismatch");
  CHECK(grade("{signs: [README.md, w.bin], ignores: [a.txt]}") == "signer-unknown");
  CHECK(grade("{signs: [README.md, a.txt, w.bin, gone]}") == "mismatch");
}

TEST_CASE("cases: commit and history are read") {
  const RuleCase one = only_case(
      "  commit: {date: 2024-05-01, signature: untrusted}\n"
      "  history:\n    - {date: 2024-05-01, weights: [m.safetensors]}\n    - {date: 2024-04-01, card: "
      "oldest}\n");
  const RepositoryFacts& facts = one.repository->facts();
  CHECK(facts.commit_signature.verdict == SignatureVerdict::untrusted);
  CHECK(facts.snapshot->commit.committer.time == 1'714'564'800);
  REQUIRE(facts.history != nullptr);
  CHECK(facts.history->shallow);
  CHECK(facts.history->revisions.size() == 1);
  REQUIRE(facts.history->weight_commits.size() == 1);
  CHECK_FALSE(facts.history->weight_commits[0].card_changed);
}

TEST_CASE("cases: mistakes in a repository are named with their place") {
  CHECK(has(refused("  repository: [a]\n"), "cases.yaml:4:15"));
  CHECK(has(refused("  repository: {a: {}}\n"), "a file is its text"));
  CHECK(has(refused("  repository: {a: {bytes: abc}}\n"), "hexadecimal"));
  CHECK(has(refused("  repository: {a: {size: much}}\n"), "number of bytes"));
  CHECK(has(refused("  repository: {a.safetensors: {tensors: {w: F16 4y4}}}\n"), "a type and a shape"));
  CHECK(has(refused("  repository: {a.safetensors: {tensors: {w: F17 4x4}}}\n"), "no type of safetensors"));
  CHECK(has(refused("  repository: {a.gguf: {tensors: {w: Q99 4x4}}}\n"), "no type of GGUF"));
  CHECK(has(refused("  repository: {LICENSE: {license: mine}}\n"), "is not known"));
  CHECK(has(refused("  repository: {model.sig: {signs: all}}\n"), "list of files"));
  CHECK(has(refused("  commit: {signature: fine}\n"), "no verdict"));
  CHECK(has(refused("  history: [{card: added}]\n"), "needs `date`"));
  CHECK(has(refused("  history: [{date: 2024-01-01, card: gone}]\n"), "`card` is added"));
}

TEST_CASE("evaluate: a rule that needs a repository runs only beside one") {
  const std::string needs_nothing = page("");
  const std::string needs_repository = page("repository");
  const std::string needs_history = page("history");
  auto book = RuleBook::create({{"acme/contradicts", needs_nothing, {}, {}, contradicts},
                                {"acme/history", needs_history, {}, {}, looks},
                                {"acme/looks", needs_repository, {}, {}, looks}},
                               {}, "");
  REQUIRE(book.has_value());
  const Rule& looking = *(*book)->find("acme/looks");
  const Rule& history = *(*book)->find("acme/history");
  CHECK(looking.needs_repository);
  CHECK_FALSE(looking.needs_history);
  CHECK(history.needs_repository);
  CHECK(history.needs_history);
  CHECK((*(*book)->meta(looking))->needs == std::vector<std::string>{"repository"});

  const auto run = [&](const Rule& rule, const std::string& around) {
    Evaluator evaluator(**book);
    const Pipeline none = [](const Card&, const Rule&) -> Result<std::vector<Finding>> {
      return std::vector<Finding>{};
    };
    auto failure = run_case(evaluator, rule, only_case(around), none);
    REQUIRE(failure.has_value());
    return *failure ? (*failure)->expected + " / " + (*failure)->found : std::string();
  };
  CHECK(run(looking, "").empty());
  CHECK(has(run(looking, "  repository: {}\n"), "finding"));
  CHECK(run(history, "  repository: {}\n").empty());
  CHECK(has(run(history, "  history: [{date: 2024-01-01, card: added}]\n"), "finding"));
  CHECK(has(run(*(*book)->find("acme/contradicts"), ""), "with both quotes"));
}
