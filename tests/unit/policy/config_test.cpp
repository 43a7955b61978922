// SPDX-License-Identifier: Apache-2.0
#include "policy/config.h"

#include <catch2/catch.hpp>

#include "base/text.h"
#include "unit/policy/support.h"

using namespace cardwarden;

namespace {

// A machine of files and variables.
struct Machine {
  test::Files files;
  std::map<std::string, std::string> variables;
  mutable std::vector<std::string> asked;

  Result<Config> resolve(const ConfigFlags& flags = {}, const std::string& start = "/team/models/a") const {
    Host host;
    host.exists = [this](const std::string& path) {
      asked.push_back(path);
      return files.find(path) != files.end();
    };
    host.read = [this](const std::string& path) { return test::read_from(files, path); };
    host.environment = [this](const std::string& name) -> std::optional<std::string> {
      const auto at = variables.find(name);
      return at == variables.end() ? std::nullopt : std::optional(at->second);
    };
    return resolve_config(start, host, flags);
  }
};

Config config_of(const std::string& text, const ConfigFlags& flags = {}) {
  Machine machine;
  machine.files["/team/.cardwarden.yaml"] = text;
  auto config = machine.resolve(flags);
  INFO((config ? std::string() : config.error().text()));
  REQUIRE(config);
  return *config;
}

std::string error_of(const std::string& text, const ConfigFlags& flags = {}) {
  Machine machine;
  machine.files["/team/.cardwarden.yaml"] = text;
  auto config = machine.resolve(flags);
  return config ? "no error" : config.error().text();
}

ConfigRow row_of(const Config& config, const std::string& key) {
  for (ConfigRow& row : config_rows(config)) {
    if (row.key == key) return row;
  }
  return {};
}

// The policy that comes of a configuration.
Policy policy_of(const Config& config) {
  auto policy = load_policy(config.policy.value, test::sources(), config.layers);
  INFO((policy ? std::string() : policy.error().text()));
  REQUIRE(policy);
  return *policy;
}

}  // namespace

TEST_CASE("config: without any file, variable or flag the defaults hold and say so") {
  auto config = Machine().resolve();
  REQUIRE(config);
  CHECK(config->file.empty());
  CHECK(config->policy.value == "hub-publish");
  CHECK(config->format.value == std::vector<std::string>{"text"});
  CHECK(config->jobs.value == 0);
  for (const ConfigRow& row : config_rows(*config)) {
    INFO(row.key);
    CHECK(row.origin == "default");
    CHECK_FALSE(row.value.empty());
  }
}

TEST_CASE("config: the nearest file upward is read, and only that") {
  Machine machine;
  machine.files["/.cardwarden.yaml"] = "policy: far\n";
  machine.files["/team/.cardwarden.yaml"] = "policy: near\n";
  auto config = machine.resolve();
  REQUIRE(config);
  CHECK(config->policy.value == "near");
  CHECK(config->file == "/team/.cardwarden.yaml");
  CHECK(config->folder == "/team");
}

TEST_CASE("config: the search ends at a folder with .git, whose own file still counts") {
  Machine machine;
  machine.files["/.cardwarden.yaml"] = "policy: far\n";
  machine.files["/team/models/.git"] = "";
  auto config = machine.resolve();
  REQUIRE(config);
  CHECK(config->file.empty());
  CHECK(machine.asked.back() == "/team/models/.git");
  machine.files["/team/models/.cardwarden.yaml"] = "policy: here\n";
  auto with_file = machine.resolve();
  REQUIRE(with_file);
  CHECK(with_file->policy.value == "here");
}

TEST_CASE("config: a file called .yml is not passed over in silence") {
  Machine machine;
  machine.files["/team/.cardwarden.yml"] = "policy: x\n";
  auto config = machine.resolve();
  REQUIRE_FALSE(config);
  CHECK(config.error().text() ==
        "/team/.cardwarden.yml: The configuration is called .cardwarden.yaml. Rename this file.");
}

TEST_CASE("config: --config names the file, CARDWARDEN_CONFIG too, and --no-config reads none") {
  Machine machine;
  machine.files["/team/.cardwarden.yaml"] = "policy: found\n";
  machine.files["/etc/one.yaml"] = "policy: one\n";
  machine.files["/etc/two.yaml"] = "policy: two\n";
  machine.variables["CARDWARDEN_CONFIG"] = "/etc/one.yaml";
  CHECK(machine.resolve()->policy.value == "one");
  ConfigFlags flags;
  flags.config = "/etc/two.yaml";
  CHECK(machine.resolve(flags)->policy.value == "two");
  ConfigFlags none;
  none.no_config = true;
  CHECK(machine.resolve(none)->policy.value == "hub-publish");
  flags.config = "/etc/three.yaml";
  auto missing = machine.resolve(flags);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == ErrorCode::config);
}

TEST_CASE("config: a flag wins over a variable, a variable over the file, the file over the default") {
  Machine machine;
  machine.files["/team/.cardwarden.yaml"] =
      "policy: strict\njobs: 2\nbaseline: b.json\nformat: json\nrules-dir: ours\ngate:\n  fail-on: info\n  "
      "max-warnings: 1\n";
  auto from_file = machine.resolve();
  REQUIRE(from_file);
  CHECK(row_of(*from_file, "policy").origin == "/team/.cardwarden.yaml:1");
  CHECK(row_of(*from_file, "jobs").value == "2");
  CHECK(row_of(*from_file, "jobs").origin == "/team/.cardwarden.yaml:2");
  CHECK(row_of(*from_file, "gate.fail-on").value == "info");
  CHECK(row_of(*from_file, "gate.fail-on").origin == "/team/.cardwarden.yaml:7");
  CHECK(row_of(*from_file, "gate.max-warnings").origin == "/team/.cardwarden.yaml:8");

  machine.variables = {{"CARDWARDEN_POLICY", "all"},      {"CARDWARDEN_JOBS", "3"},
                       {"CARDWARDEN_BASELINE", "c.json"}, {"CARDWARDEN_FORMAT", "sarif"},
                       {"CARDWARDEN_RULES_DIR", "x:y"},   {"CARDWARDEN_FAIL_ON", "warning"},
                       {"CARDWARDEN_MAX_WARNINGS", "9"}};
  auto from_variables = machine.resolve();
  REQUIRE(from_variables);
  const std::pair<const char*, std::pair<const char*, const char*>> expected[] = {
      {"policy", {"all", "CARDWARDEN_POLICY"}},
      {"jobs", {"3", "CARDWARDEN_JOBS"}},
      {"baseline", {"c.json", "CARDWARDEN_BASELINE"}},
      {"format", {"sarif", "CARDWARDEN_FORMAT"}},
      {"rules-dir", {"x, y", "CARDWARDEN_RULES_DIR"}},
      {"gate.fail-on", {"warning", "CARDWARDEN_FAIL_ON"}},
      {"gate.max-warnings", {"9", "CARDWARDEN_MAX_WARNINGS"}}};
  for (const auto& [key, value] : expected) {
    INFO(key);
    CHECK(row_of(*from_variables, key).value == value.first);
    CHECK(row_of(*from_variables, key).origin == value.second);
  }

  ConfigFlags flags;
  flags.policy = "base-pack";
  flags.jobs = "4";
  flags.baseline = "d.json";
  flags.format = {"junit"};
  flags.rules_dir = {"z"};
  flags.fail_on = "off";
  flags.max_warnings = "0";
  flags.min_disclosure = "0.5";
  flags.kind = "dataset";
  auto from_flags = machine.resolve(flags);
  REQUIRE(from_flags);
  const std::pair<const char*, std::pair<const char*, const char*>> flagged[] = {
      {"policy", {"base-pack", "--policy"}},
      {"jobs", {"4", "--jobs"}},
      {"baseline", {"d.json", "--baseline"}},
      {"format", {"junit", "--format"}},
      {"rules-dir", {"z", "--rules"}},
      {"gate.fail-on", {"off", "--fail-on"}},
      {"gate.max-warnings", {"0", "--max-warnings"}},
      {"gate.min-disclosure", {"0.5", "--min-disclosure"}},
      {"kind", {"dataset", "--kind"}}};
  for (const auto& [key, value] : flagged) {
    INFO(key);
    CHECK(row_of(*from_flags, key).value == value.first);
    CHECK(row_of(*from_flags, key).origin == value.second);
  }
}

TEST_CASE("config: an empty variable counts as unset") {
  Machine machine;
  machine.variables["CARDWARDEN_POLICY"] = "";
  auto config = machine.resolve();
  REQUIRE(config);
  CHECK(config->policy.value == "hub-publish");
  CHECK(config->policy.origin.kind == OriginKind::fallback);
}

TEST_CASE("config: paths in the file are meant from its folder, names of policies are left alone") {
  const Config config = config_of(
      "policy: policies/team.yaml\nrules-dir: [ours, /abs]\nbaseline: ./b.json\nformat: [text, "
      "json]\noutput: ['-', out/r.json]\n");
  CHECK(config.policy.value == "/team/policies/team.yaml");
  CHECK(config.rules_dir.value == std::vector<std::string>{"/team/ours", "/abs"});
  CHECK(config.baseline.value == "/team/b.json");
  CHECK(config.output.value == std::vector<std::string>{"-", "/team/out/r.json"});
  CHECK(config_of("policy: strict\n").policy.value == "strict");
  ConfigFlags flags;
  flags.policy = "mine.yaml";
  CHECK(config_of("policy: strict\n", flags).policy.value == "mine.yaml");
}

TEST_CASE("config: its own rules, overrides and controls are laid over the policy") {
  const Policy policy = policy_of(
      config_of("policy: base-pack\nrules: {model-card/license: info, metadata/unknown-key: error}\n"
                "overrides:\n  - path: old\n    rules: {model-card/compute: off}\n"
                "controls:\n  - {framework: F, provision: P, text: t, evidence: model-card/license}\n"
                "scope: {gpai: true}\n"));
  CHECK(test::severity_in(policy, "model-card/license") == Severity::info);
  CHECK(test::severity_in(policy, "metadata/unknown-key") == Severity::error);
  CHECK(test::severity_in(policy, "model-card/compute", "old/a.md") == Severity::off);
  CHECK(policy.controls.size() == 1);
  CHECK(policy.scope.at("gpai") == "true");
  CHECK(policy.gate.max_warnings == 5U);
}

TEST_CASE("config: the gate of flags wins over that of the file, which wins over the policy's, key by key") {
  ConfigFlags flags;
  flags.fail_on = "warning";
  const Policy policy =
      policy_of(config_of("policy: base-pack\ngate: {fail-on: info, max-warnings: 2}\n", flags));
  CHECK(policy.gate.fail_on == Severity::warning);
  CHECK(policy.gate.max_warnings == 2U);
  CHECK_FALSE(policy.gate.min_disclosure);
}

TEST_CASE("config: scope is merged key by key, each with its origin") {
  ConfigFlags flags;
  flags.scope = {"gpai=false", "market=EU"};
  const Config config = config_of("scope:\n  gpai: true\n  role: provider\n", flags);
  CHECK(row_of(config, "scope.gpai").value == "false");
  CHECK(row_of(config, "scope.gpai").origin == "--scope");
  CHECK(row_of(config, "scope.role").origin == "/team/.cardwarden.yaml:3");
  CHECK(row_of(config, "scope.market").value == "EU");
}

TEST_CASE("config: select and ignore narrow the policy, and a flag replaces the file's list") {
  const Policy ignored = policy_of(config_of("policy: base-pack\nignore: [model-card/compute]\n"));
  CHECK(test::severity_in(ignored, "model-card/compute") == Severity::off);
  ConfigFlags flags;
  flags.ignore = {"model-card/license"};
  const Policy replaced = policy_of(config_of("policy: base-pack\nignore: [model-card/compute]\n", flags));
  CHECK(test::severity_in(replaced, "model-card/compute") == Severity::warning);
  CHECK(test::severity_in(replaced, "model-card/license") == Severity::off);
}

TEST_CASE("config: an unknown rule in ignore is reported where it stands") {
  const Config config =
      config_of("policy: base-pack\nignore:\n  - model-card/compute\n  - model-card/licence\n");
  auto policy = load_policy(config.policy.value, test::sources(), config.layers);
  REQUIRE_FALSE(policy);
  CHECK(policy.error().text() ==
        "/team/.cardwarden.yaml:4:5: There is no rule `model-card/licence`. Did you mean "
        "`model-card/license`?");
}

TEST_CASE("config: rules of the file are listed with their line") {
  const Config config = config_of("rules:\n  model-card/license: info\n");
  CHECK(row_of(config, "rules.model-card/license").value == "info");
  CHECK(row_of(config, "rules.model-card/license").origin == "/team/.cardwarden.yaml:2");
}

TEST_CASE("config: mistakes in the file are reported with line and column") {
  CHECK(error_of("polcy: strict\n") ==
        "/team/.cardwarden.yaml:1:1: Unknown key `polcy` in the configuration. Did you mean `policy`?");
  CHECK(error_of("jobs: many\n") ==
        "/team/.cardwarden.yaml:1:7: `jobs` must be a whole number from 0 (as many as processors) to 4096, "
        "not \"many\".");
  CHECK(error_of("kind: modle\n") ==
        "/team/.cardwarden.yaml:1:7: `kind` must be model, dataset or space, not \"modle\".");
  CHECK(error_of("exclude: {a: b}\n") ==
        "/team/.cardwarden.yaml:1:10: `exclude` must be a text or a list of texts, not a mapping.");
  CHECK(error_of("policy: [a]\n") == "/team/.cardwarden.yaml:1:9: `policy` must be a text, not a list.");
  CHECK(error_of("policy: a\npolicy: b\n") ==
        "/team/.cardwarden.yaml:2:1: The key \"policy\" stands more than once in the same mapping.");
  CHECK(error_of("gate: {fail-on: high}\n") ==
        "/team/.cardwarden.yaml:1:17: `fail-on` must be off, info, warning or error, not `high`.");
  CHECK(error_of("- policy\n") == "/team/.cardwarden.yaml:1:1: The file must be a mapping, not a list.");
  CHECK(error_of("extends: strict\n").substr(0, 71) ==
        "/team/.cardwarden.yaml:1:1: Unknown key `extends` in the configuration.");
}

TEST_CASE("config: mistakes in variables and flags name them, and flags are wrong usage") {
  Machine machine;
  machine.variables["CARDWARDEN_MAX_WARNINGS"] = "few";
  auto variable = machine.resolve();
  REQUIRE_FALSE(variable);
  CHECK(variable.error().text() ==
        "CARDWARDEN_MAX_WARNINGS: `max-warnings` must be a whole number, 0 or more, not \"few\".");
  CHECK(variable.error().code == ErrorCode::config);
  ConfigFlags flags;
  flags.min_disclosure = "50";
  auto flag = Machine().resolve(flags);
  REQUIRE_FALSE(flag);
  CHECK(flag.error().text() ==
        "--min-disclosure: `min-disclosure` must be a number from 0 to 1, not \"50\".");
  CHECK(flag.error().code == ErrorCode::usage);
  ConfigFlags scope;
  scope.scope = {"gpai"};
  CHECK_FALSE(Machine().resolve(scope));
  scope.scope = {"gpia=true"};
  auto misspelt = Machine().resolve(scope);
  REQUIRE_FALSE(misspelt);
  CHECK(misspelt.error().text() == "--scope: Unknown scope `gpia`. Did you mean `gpai`?");
}

TEST_CASE("config: several formats need as many outputs") {
  ConfigFlags flags;
  flags.format = {"text", "sarif"};
  auto config = Machine().resolve(flags);
  REQUIRE_FALSE(config);
  CHECK(config.error().text() ==
        "--format: 2 formats for 1 output: give each format an output, in the same order; \"-\" is standard "
        "output.");
  flags.output = {"-", "x.sarif"};
  CHECK(Machine().resolve(flags));
}

TEST_CASE("config: the file that init writes is read without complaint, as it is and with every key in use") {
  const Config config = config_of(default_config_text());
  CHECK(config.policy.value == "hub-publish");
  CHECK(config.policy.origin.kind == OriginKind::file);

  std::string used;
  std::vector<std::string> keys;
  const std::string text = default_config_text();
  for (const std::string_view line : text::split(text, '\n')) {
    const bool key = line.size() > 1 && line[0] == '#' && line[1] != ' ';
    const bool below = line.substr(0, 3) == "#  ";
    used += std::string(key || below ? line.substr(1) : line) + "\n";
    if (key) keys.emplace_back(line.substr(1, line.find(':') - 1));
  }
  keys.emplace_back("policy");
  const Config full = config_of(used);
  CHECK(full.exclude.value.size() == 2);
  CHECK(full.scope.size() == 4);
  for (const std::string_view key : config_keys()) {
    const bool shown = std::find(keys.begin(), keys.end(), key) != keys.end();
    INFO(key);
    CHECK((shown || key == "controls"));  // controls belong into a policy file
  }
}
