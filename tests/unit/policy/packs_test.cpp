// SPDX-License-Identifier: Apache-2.0
// The packs that ship, against the rules that ship.
#include "policy/packs.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "base/files.h"
#include "base/text.h"
#include "engine/rulebook.h"
#include "policy/glob.h"
#include "unit/policy/support.h"

using namespace cardwarden;

namespace {

const std::filesystem::path kSource = CARDWARDEN_SOURCE_DIR;

KnownRules shipped_rules() {
  std::vector<KnownRule> rules;
  for (const auto& page : std::filesystem::recursive_directory_iterator(kSource / "rules")) {
    if (page.path().filename() != "rule.md") continue;
    const auto folder = page.path().parent_path();
    auto text = read_whole_file(page.path().string());
    REQUIRE(text);
    KnownRule rule;
    rule.id = (folder.parent_path().filename() / folder.filename()).generic_string();
    for (const Kind kind : {Kind::model, Kind::dataset, Kind::space}) {
      if ((kinds_of_page(*text) >> static_cast<unsigned>(kind) & 1U) != 0) rule.kinds.push_back(kind);
    }
    rules.push_back(std::move(rule));
  }
  return known_rules(std::move(rules));
}

Result<Policy> pack(const std::string& name) {
  PolicySources sources;
  sources.rules = shipped_rules();
  sources.pack = builtin_pack;
  sources.pack_names = builtin_pack_names();
  return load_policy(name, sources);
}

nlohmann::json schema(const std::string& name) {
  auto text = read_whole_file((kSource / "policies" / (name + ".schema.json")).string());
  REQUIRE(text);
  return nlohmann::json::parse(*text);
}

std::set<std::string> keys_of(const nlohmann::json& properties) {
  std::set<std::string> keys;
  for (auto at = properties.begin(); at != properties.end(); ++at) keys.insert(at.key());
  return keys;
}

}  // namespace

TEST_CASE("packs: the embedded text is the file's text, byte for byte") {
  CHECK(builtin_pack_names().size() >= 3);
  for (const std::string_view name : builtin_pack_names()) {
    auto text = read_whole_file((kSource / "policies" / (std::string(name) + ".yaml")).string());
    REQUIRE(text);
    CHECK(builtin_pack(name) == *text);
  }
  CHECK(builtin_pack("no-such-pack").empty());
  CHECK(builtin_pack("").empty());
}

TEST_CASE("packs: each resolves against the shipped rules, goes by its file's name and says what it is for") {
  for (const std::string_view name : builtin_pack_names()) {
    auto policy = pack(std::string(name));
    INFO(name);
    INFO((policy ? std::string() : policy.error().text()));
    REQUIRE(policy);
    CHECK(policy->name == name);
    CHECK_FALSE(policy->version.empty());
    CHECK_FALSE(policy->description.empty());
    CHECK_FALSE(policy->rules.empty());
  }
}

TEST_CASE("packs: their globs name families of rules and nothing finer") {
  const std::set<std::string> families{"*",          "parse",        "metadata", "governance",
                                       "model-card", "dataset-card", "signal",   "suppression"};
  for (const std::string_view name : builtin_pack_names()) {
    auto file = SettingsFile::parse(std::string(name), builtin_pack(name), ErrorCode::policy);
    REQUIRE(file);
    auto layer = read_layer(*file);
    REQUIRE(layer);
    for (const RuleChange& change : layer->rules) {
      if (!is_glob(change.rule.text)) continue;
      const std::string& glob = change.rule.text;
      INFO(name << ": " << glob);
      CHECK(families.count(glob.substr(0, glob.find('/'))) == 1);
      CHECK(glob.substr(glob.find('/')) == "/*");
    }
  }
}

TEST_CASE("packs: strict switches every shipped rule on") {
  auto policy = pack("strict");
  REQUIRE(policy);
  for (const KnownRule& rule : shipped_rules()) {
    INFO(rule.id);
    CHECK(policy->find(rule.id) != nullptr);
  }
}

TEST_CASE("packs: hub-publish reports no gap twice") {
  auto policy = pack("hub-publish");
  REQUIRE(policy);
  // An audit rule, and the disclosures whose absence it reports.
  const std::pair<const char*, std::vector<const char*>> pairs[] = {
      {"governance/license-missing", {"model-card/license", "dataset-card/license"}},
      {"governance/intended-use-missing", {"model-card/intended-use"}},
      {"governance/out-of-scope-missing", {"model-card/out-of-scope-use"}},
      {"governance/limitations-missing",
       {"model-card/limitations", "model-card/bias-risks", "dataset-card/limitations",
        "dataset-card/biases"}},
      {"governance/training-data-undisclosed", {"model-card/training-data-source"}},
      {"governance/personal-data-silent", {"model-card/personal-data", "dataset-card/personal-data"}},
      {"governance/disaggregation-missing", {"model-card/disaggregated-evaluation"}},
      {"governance/eval-claim-without-data", {"model-card/evaluation-data"}},
  };
  for (const auto& [audit, disclosures] : pairs) {
    INFO(audit);
    CHECK(policy->find(audit) != nullptr);
    for (const char* disclosure : disclosures) CHECK(policy->find(disclosure) == nullptr);
  }
  CHECK(policy->find("model-card/developer") != nullptr);
  CHECK(policy->find("governance/contact-missing") == nullptr);
}

TEST_CASE("packs: metadata-only asks nothing about prose") {
  auto policy = pack("metadata-only");
  REQUIRE(policy);
  for (const RuleSetting& setting : policy->rules) {
    const std::string family = setting.rule.substr(0, setting.rule.find('/'));
    CHECK((family == "metadata" || family == "parse" || family == "suppression"));
  }
}

TEST_CASE("schemas: they have the keys that the readers know, and no others") {
  const auto set = [](const std::vector<std::string_view>& keys) {
    return std::set<std::string>(keys.begin(), keys.end());
  };
  CHECK(keys_of(schema("policy")["properties"]) == set(policy_keys()));
  CHECK(keys_of(schema("config")["properties"]) == set(config_keys()));
}

TEST_CASE("schemas: policy and configuration describe the keys they share alike") {
  const auto config = schema("config")["definitions"];
  const auto policy = schema("policy")["definitions"];
  for (const auto& [name, definition] : policy.items())
    CHECK(config.value(name, nlohmann::json()) == definition);
  for (const std::string_view key : inline_policy_keys()) {
    CHECK(schema("policy")["properties"][std::string(key)] ==
          schema("config")["properties"][std::string(key)]);
  }
}
