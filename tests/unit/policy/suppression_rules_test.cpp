// SPDX-License-Identifier: Apache-2.0
// The cases of rules/suppression/, run through parsing, all shipped rules and the judge.
#include <catch2/catch.hpp>
#include <deque>
#include <filesystem>

#include "base/files.h"
#include "policy/pipeline.h"
#include "policy/sensitive.h"
#include "policy/suppression.h"

using namespace cardwarden;

namespace {

const std::filesystem::path kRules = std::filesystem::path(CARDWARDEN_SOURCE_DIR) / "rules";

std::string text_of(const std::filesystem::path& path) {
  auto text = read_whole_file(path.string());
  return text ? *text : std::string();
}

// What the cases need of a native rule: metadata/license-unknown-id finds the licences of rivers.
std::vector<Finding> stand_in(const Subject& subject) {
  const yaml::Node* license = field(subject.card, "license");
  if (license == nullptr || license->text.rfind("river-", 0) != 0) return {};
  return {violated(license->span, "The licence is unknown.", "Choose another.", "license")};
}

// All shipped rules. The registry of native rules is not this layer's to see, so a stand-in answers for them.
class ShippedRules {
 public:
  ShippedRules() {
    std::vector<RuleFolder> declarative;
    for (const auto& page : std::filesystem::recursive_directory_iterator(kRules)) {
      if (page.path().filename() == "rule.md") add(page.path().parent_path(), declarative);
    }
    std::vector<RuleSource> sources;
    for (const RuleFolder& rule : native_)
      sources.push_back({rule.id, rule.page, rule.detect, rule.cases, stand_in_for(rule.id)});
    auto book = RuleBook::create(sources, std::move(declarative), text_of(kRules / "vocabulary.yaml"));
    INFO((book ? std::string() : book.error().text()));
    REQUIRE(book);
    book_ = *std::move(book);
  }
  const RuleBook& book() const { return *book_; }

 private:
  void add(const std::filesystem::path& folder, std::vector<RuleFolder>& declarative) {
    RuleFolder rule;
    rule.id = (folder.parent_path().filename() / folder.filename()).generic_string();
    rule.folder = folder.string();
    rule.page = text_of(folder / "rule.md");
    rule.detect = text_of(folder / "detect.yaml");
    rule.cases = text_of(folder / "cases.yaml");
    if (std::filesystem::exists(folder / "rule.cpp")) {
      native_.push_back(std::move(rule));
    } else {
      declarative.push_back(std::move(rule));
    }
  }
  static CheckFunction stand_in_for(const std::string& id) {
    if (id == "metadata/license-unknown-id") return stand_in;
    return [](const Subject&) { return std::vector<Finding>(); };
  }

  std::deque<RuleFolder> native_;  // the book borrows from them
  std::unique_ptr<RuleBook> book_;
};

}  // namespace

TEST_CASE("suppression rules: every case of their folders gets the answer that it expects") {
  const ShippedRules shipped;
  const RuleBook* book = &shipped.book();
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

TEST_CASE(
    "pipeline: the runs of a policy carry its parameters, and only the rule for secrets comes by itself") {
  const ShippedRules shipped;
  const RuleBook* book = &shipped.book();
  Policy policy;
  policy.rules = {{"model-card/compute", Severity::warning, {{"min-words", "5"}}, {}}};
  const std::vector<RuleRun> runs = rule_runs(policy, *book, "README.md");
  REQUIRE(runs.size() == 2);
  CHECK(runs[0].rule->id == "model-card/compute");
  REQUIRE(runs[0].parameters != nullptr);
  CHECK(runs[0].parameters->at("min-words") == "5");
  CHECK(runs[1].rule->id == kSecretRule);  // always, so that reports can mask what it finds
}
