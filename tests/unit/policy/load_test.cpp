// SPDX-License-Identifier: Apache-2.0
#include "policy/load.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/json.h"
#include "crypto/bytes.h"
#include "unit/policy/support.h"

using namespace cardwarden;
using test::policy_of;
using test::severity_in;

TEST_CASE("load: a built-in policy is found by its name") {
  auto policy = load_policy("base-pack", test::sources());
  REQUIRE(policy);
  CHECK(policy->name == "base-pack");
  CHECK(policy->version == "2");
  CHECK(policy->description == "A base.");
  CHECK(severity_in(*policy, "model-card/license") == Severity::error);
  CHECK(severity_in(*policy, "model-card/compute") == Severity::warning);
  CHECK(severity_in(*policy, "metadata/unknown-key") == Severity::off);
}

TEST_CASE("load: an unknown name on the command line is not found, and near names are offered") {
  auto policy = load_policy("base-pck", test::sources());
  REQUIRE_FALSE(policy);
  CHECK(policy.error().code == ErrorCode::not_found);
  CHECK(policy.error().message.find("Did you mean `base-pack`?") != std::string::npos);
  auto file = load_policy("./none.yaml", test::sources());
  REQUIRE_FALSE(file);
  CHECK(file.error().code == ErrorCode::not_found);
}

TEST_CASE("load: a policy without a name goes by its file") {
  auto policy = policy_of("rules: {model-card/license: error}\n");
  REQUIRE(policy);
  CHECK(policy->name == "team");
}

TEST_CASE("load: an id wins over a glob wherever it stands, and of two globs the later wins") {
  auto policy =
      policy_of("rules:\n  model-card/license: error\n  model-card/*: info\n  model-card/l*: warning\n");
  REQUIRE(policy);
  CHECK(severity_in(*policy, "model-card/license") == Severity::error);
  CHECK(severity_in(*policy, "model-card/limitations") == Severity::warning);
  CHECK(severity_in(*policy, "model-card/compute") == Severity::info);
}

TEST_CASE("load: a file is stronger than what it extends, even with a glob against an id") {
  auto policy = policy_of("extends: base-pack\nrules:\n  model-card/*: info\n");
  REQUIRE(policy);
  CHECK(severity_in(*policy, "model-card/license") == Severity::info);
}

TEST_CASE("load: of several extended policies the later is stronger") {
  auto policy = policy_of("extends: [base-pack, ./second.yaml]\n",
                          {{"policies/second.yaml", "rules: {model-card/license: warning}\n"}});
  REQUIRE(policy);
  CHECK(severity_in(*policy, "model-card/license") == Severity::warning);
  CHECK(severity_in(*policy, "model-card/compute") == Severity::warning);
}

TEST_CASE("load: a path in extends is relative to the file that names it") {
  auto policy = policy_of("extends: shared/house.yaml\n",
                          {{"policies/shared/house.yaml", "extends: ../base.yaml\n"},
                           {"policies/base.yaml", "rules: {model-card/license: error}\n"}});
  REQUIRE(policy);
  CHECK(severity_in(*policy, "model-card/license") == Severity::error);
}

TEST_CASE("load: extending the same policy along two ways is no cycle") {
  auto policy = policy_of("extends: [./a.yaml, ./b.yaml]\n", {{"policies/a.yaml", "extends: base-pack\n"},
                                                              {"policies/b.yaml", "extends: base-pack\n"}});
  CHECK(policy);
}

TEST_CASE("load: policies that double at each step are stopped by the bound on files") {
  test::Files files;
  for (int i = 0; i < 30; ++i) {
    const std::string next = "./" + std::to_string(i + 1) + ".yaml";
    std::string& file = files["policies/" + std::to_string(i) + ".yaml"];
    file.append("extends: [").append(next).append(", ").append(next).append("]\n");
  }
  files["policies/30.yaml"] = "name: last\n";
  auto policy = policy_of("extends: ./0.yaml\n", files);
  REQUIRE_FALSE(policy);
  CHECK(policy.error().message.find("kMaxPolicyFiles") != std::string::npos);
}

TEST_CASE("load: a file over the size bound is refused by the bound's name") {
  auto policy = policy_of("# " + std::string(kMaxSettingsBytes, 'x') + "\n");
  REQUIRE_FALSE(policy);
  CHECK(policy.error().code == ErrorCode::too_large);
  CHECK(policy.error().message.find("kMaxSettingsBytes") != std::string::npos);
}

TEST_CASE("load: a mapping without severity keeps the one from below, and parameters are merged") {
  auto policy = policy_of(
      "extends: base-pack\nrules:\n  model-card/license:\n    parameters: {lines: 2}\n    because: article "
      "2\n");
  REQUIRE(policy);
  const RuleSetting* setting = policy->find("model-card/license");
  REQUIRE(setting != nullptr);
  CHECK(setting->severity == Severity::error);
  CHECK(setting->because == "article 2");
  CHECK(setting->parameters == Parameters{{"lines", "2"}, {"words", "3"}});
}

TEST_CASE("load: a severity word keeps the parameters and the reason from below") {
  auto policy = policy_of("extends: base-pack\nrules: {model-card/license: info}\n");
  REQUIRE(policy);
  const RuleSetting* setting = policy->find("model-card/license");
  REQUIRE(setting != nullptr);
  CHECK(setting->severity == Severity::info);
  CHECK(setting->because == "article 1");
  CHECK(setting->parameters.at("words") == "3");
}

TEST_CASE("load: rules that are off are not in the resolved policy") {
  auto policy = policy_of("extends: base-pack\nrules: {model-card/license: off}\n");
  REQUIRE(policy);
  CHECK(policy->find("model-card/license") == nullptr);
  CHECK(policy->rules.size() == 2);
}

TEST_CASE("load: overrides hold for their paths only, and the later of two that match wins") {
  auto policy = policy_of(
      "extends: base-pack\n"
      "overrides:\n"
      "  - path: [legacy/**, drafts]\n    rules: {model-card/*: off, metadata/unknown-key: info}\n"
      "  - path: legacy/kept.md\n    rules: {model-card/license: warning}\n");
  REQUIRE(policy);
  CHECK(severity_in(*policy, "model-card/license", "README.md") == Severity::error);
  CHECK(severity_in(*policy, "model-card/license", "legacy/a.md") == Severity::off);
  CHECK(severity_in(*policy, "model-card/license", "x/drafts/a.md") == Severity::off);
  CHECK(severity_in(*policy, "model-card/license", "legacy/kept.md") == Severity::warning);
  CHECK(severity_in(*policy, "model-card/compute", "legacy/kept.md") == Severity::off);
  CHECK(severity_in(*policy, "metadata/unknown-key", "legacy/a.md") == Severity::info);
  CHECK(severity_in(*policy, "metadata/unknown-key", "README.md") == Severity::off);
  CHECK(policy->setting("model-card/license", "legacy/kept.md")->parameters.at("words") == "3");
}

TEST_CASE("load: what a stronger file says of a rule replaces a weaker file's override of it") {
  auto policy = policy_of("extends: ./base.yaml\nrules: {model-card/license: error}\n",
                          {{"policies/base.yaml",
                            "rules: {model-card/*: warning}\n"
                            "overrides:\n  - path: legacy\n    rules: {model-card/*: off}\n"}});
  REQUIRE(policy);
  CHECK(severity_in(*policy, "model-card/license", "legacy/a.md") == Severity::error);
  CHECK(severity_in(*policy, "model-card/compute", "legacy/a.md") == Severity::off);
}

TEST_CASE("load: gate and scope are merged key by key, controls by framework and provision") {
  auto policy = policy_of(
      "extends: [base-pack, ./law.yaml]\n"
      "gate: {fail-on: warning, min-disclosure: 0.25}\n"
      "scope: {gpai: false}\n"
      "controls:\n  - {framework: Law, provision: '1', text: new, evidence: model-card/license}\n",
      {{"policies/law.yaml",
        "scope: {gpai: true, role: provider}\n"
        "controls:\n  - {framework: Law, provision: '1', text: old, assessable: false}\n"
        "  - {framework: Law, provision: '2', text: logs, assessable: false}\n"}});
  REQUIRE(policy);
  CHECK(policy->gate.fail_on == Severity::warning);
  CHECK(policy->gate.max_warnings == 5U);
  CHECK(policy->gate.min_disclosure == 0.25);
  CHECK(policy->scope == Scope{{"gpai", "false"}, {"role", "provider"}});
  REQUIRE(policy->controls.size() == 2);
  CHECK(policy->controls[0].text == "new");
  CHECK(policy->controls[0].assessable);
  CHECK(policy->controls[1].text == "logs");
}

TEST_CASE("load: applies-to is replaced by the stronger file and names kinds once") {
  auto policy = policy_of("extends: ./base.yaml\napplies-to: [space, model]\n",
                          {{"policies/base.yaml", "applies-to: dataset\n"}});
  REQUIRE(policy);
  CHECK(policy->applies_to == std::vector<Kind>{Kind::model, Kind::space});
  CHECK(policy->concerns(Kind::space));
  CHECK_FALSE(policy->concerns(Kind::dataset));
}

TEST_CASE("load: a user's own rule is a warning until a policy speaks of it") {
  PolicySources sources = test::sources();
  std::vector<KnownRule> rules = sources.rules;
  rules.push_back({"house/owner", {}, false});
  sources.rules = known_rules(rules);
  auto policy = load_policy("base-pack", sources);
  REQUIRE(policy);
  CHECK(severity_in(*policy, "house/owner") == Severity::warning);
  sources.read = [](const std::string&) { return Result<std::string>("rules: {house/*: off}\n"); };
  auto silent = load_policy("./x.yaml", sources);
  REQUIRE(silent);
  CHECK(severity_in(*silent, "house/owner") == Severity::off);
}

TEST_CASE("load: select keeps only its rules on, switches silent ones to warnings, and wins over overrides") {
  PolicyLayer top;
  top.select = {{"model-card/license", "--select"}, {"metadata/*", "--select"}};
  auto policy = policy_of(
      "extends: base-pack\noverrides:\n  - path: a\n    rules: {model-card/compute: error}\n", {}, {top});
  REQUIRE(policy);
  CHECK(severity_in(*policy, "model-card/license") == Severity::error);
  CHECK(severity_in(*policy, "metadata/unknown-key") == Severity::warning);
  CHECK(severity_in(*policy, "model-card/compute") == Severity::off);
  CHECK(severity_in(*policy, "model-card/compute", "a/README.md") == Severity::off);
}

TEST_CASE("load: ignore switches rules off, wins over overrides, and names where an unknown rule was given") {
  PolicyLayer top;
  top.ignore = {{"model-card/l*", "--ignore"}};
  const std::string text =
      "extends: base-pack\noverrides:\n  - path: a\n    rules: {model-card/license: error}\n";
  auto policy = policy_of(text, {}, {top});
  REQUIRE(policy);
  CHECK(severity_in(*policy, "model-card/license", "a/README.md") == Severity::off);
  CHECK(severity_in(*policy, "model-card/compute") == Severity::warning);
  top.ignore = {{"model-card/licence", "--ignore"}};
  auto wrong = policy_of(text, {}, {top});
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().text() ==
        "--ignore: There is no rule `model-card/licence`. Did you mean `model-card/license`?");
}

TEST_CASE("load: the needed rules are those that are on somewhere and the evidence of controls") {
  auto policy = policy_of(
      "rules: {model-card/license: error}\n"
      "overrides:\n  - path: a\n    rules: {metadata/unknown-key: info, model-card/compute: off}\n"
      "controls:\n  - {framework: F, provision: P, text: t, evidence: dataset-card/license}\n");
  REQUIRE(policy);
  CHECK(needed_rules(*policy) ==
        std::vector<std::string>{"dataset-card/license", "metadata/unknown-key", "model-card/license"});
}

TEST_CASE("digest: it is the SHA-256 of the canonical JSON that docs/formats/policy.md describes") {
  auto policy = policy_of(
      "name: team\nversion: '3'\ndescription: Ours.\napplies-to: [dataset, model]\n"
      "rules:\n  model-card/license: {severity: error, because: art, parameters: {words: 3}}\n"
      "overrides:\n  - path: old\n    rules: {model-card/license: off}\n"
      "gate: {fail-on: warning, max-warnings: 7, min-disclosure: 0.50}\n"
      "controls:\n  - {framework: F, provision: P, text: t, evidence: [model-card/license], scope: {gpai: "
      "true}}\n"
      "scope: {role: provider}\n");
  REQUIRE(policy);
  const std::string expected =
      R"({"applies-to":["model","dataset"],"controls":[{"assessable":true,"evidence":["model-card/license"],)"
      R"("framework":"F","provision":"P","scope":{"gpai":"true"},"text":"t"}],"description":"Ours.",)"
      R"("gate":{"fail-on":"warning","max-warnings":7,"min-disclosure":0.5},"name":"team",)"
      R"("overrides":[{"path":"old","rules":{"model-card/license":{"because":"art","parameters":{"words":"3"},"severity":"off"}}}],)"
      R"("rules":{"model-card/license":{"because":"art","parameters":{"words":"3"},"severity":"error"}},)"
      R"("schema":"cardwarden-policy/1","scope":{"role":"provider"},"version":"3"})";
  CHECK(policy_json(*policy) == expected);
  CHECK(policy->digest == sha256_hex(expected));
}

TEST_CASE("digest: it does not depend on how the same policy is written") {
  auto globbed = policy_of("name: p\nrules:\n  model-card/*: info\n  metadata/unknown-key: off\n");
  auto spelled = policy_of(
      "# a comment\nrules: {model-card/limitations: info, model-card/license: info, model-card/compute: "
      "info}\nname: p\n");
  REQUIRE(globbed);
  REQUIRE(spelled);
  CHECK(globbed->digest == spelled->digest);
  auto other = policy_of("name: p\nrules: {model-card/*: info}\ngate: {fail-on: info}\n");
  REQUIRE(other);
  CHECK(other->digest != globbed->digest);
}

TEST_CASE("severities: each word reads back, and nothing else is one") {
  for (const Severity severity : {Severity::off, Severity::info, Severity::warning, Severity::error}) {
    CHECK(parse_severity(to_string(severity)) == severity);
  }
  CHECK_FALSE(parse_severity("Error"));
  CHECK_FALSE(parse_severity(""));
}
