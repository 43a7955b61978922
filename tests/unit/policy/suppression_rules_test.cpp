// SPDX-License-Identifier: Apache-2.0
// The cases of rules/suppression/, run through parsing, all shipped rules and the judge.
#include <catch2/catch.hpp>
#include <filesystem>

#include "base/files.h"
#include "policy/pipeline.h"
#include "policy/suppression.h"

using namespace cardwarden;

namespace {

const std::filesystem::path kRules = std::filesystem::path(CARDWARDEN_SOURCE_DIR) / "rules";

std::string text_of(const std::filesystem::path& path) {
  auto text = read_whole_file(path.string());
  return text ? *text : std::string();
}

// The shipped rules that are declarative, and those of rules/suppression/. Native ones need the registry, which
// is not this layer's to see.
std::unique_ptr<RuleBook> declarative_rules() {
  std::vector<RuleFolder> folders;
  for (const auto& page : std::filesystem::recursive_directory_iterator(kRules)) {
    if (page.path().filename() != "rule.md") continue;
    const auto folder = page.path().parent_path();
    RuleFolder rule;
    rule.id = (folder.parent_path().filename() / folder.filename()).generic_string();
    rule.folder = folder.string();
    rule.page = text_of(page.path());
    rule.detect = text_of(folder / "detect.yaml");
    rule.cases = text_of(folder / "cases.yaml");
    if (!rule.detect.empty()) folders.push_back(std::move(rule));
  }
  auto book = RuleBook::create({}, std::move(folders), text_of(kRules / "vocabulary.yaml"));
  REQUIRE(book);
  return *std::move(book);
}

}  // namespace

TEST_CASE("suppression rules: every case of their folders gets the answer that it expects") {
  const std::unique_ptr<RuleBook> book = declarative_rules();
  Evaluator evaluator(*book);
  const Pipeline pipeline = judge_pipeline(*book);
  for (const std::string_view id : {kUnusedSuppression, kInvalidSuppression}) {
    const Rule* rule = book->find(id);
    REQUIRE(rule != nullptr);
    CHECK(rule->by_judge);
    auto cases = parse_cases(rule->cases, rule->folder + "/cases.yaml");
    INFO((cases ? std::string() : cases.error().text()));
    REQUIRE(cases);
    CHECK(cases->size() >= 8);
    for (const RuleCase& one : *cases) {
      auto failure = run_case(evaluator, *rule, one, pipeline);
      INFO(id << ": " << one.name);
      REQUIRE(failure);
      INFO((*failure ? (*failure)->expected + " / " + (*failure)->found : std::string()));
      CHECK_FALSE(failure->has_value());
    }
    for (const Error& error : check_rule(*book, *rule)) FAIL_CHECK(error.text());
  }
}

TEST_CASE("pipeline: the runs of a policy carry its parameters and leave other rules out") {
  const std::unique_ptr<RuleBook> book = declarative_rules();
  Policy policy;
  policy.rules = {{"model-card/compute", Severity::warning, {{"min-words", "5"}}, {}}};
  const std::vector<RuleRun> runs = rule_runs(policy, *book, "README.md");
  REQUIRE(runs.size() == 1);
  CHECK(runs[0].rule->id == "model-card/compute");
  REQUIRE(runs[0].parameters != nullptr);
  CHECK(runs[0].parameters->at("min-words") == "5");
}
