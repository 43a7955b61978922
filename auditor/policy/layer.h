// SPDX-License-Identifier: Apache-2.0
#pragma once
// One layer of a policy as one file (or the command line) says it, before it is laid over others. Rule ids
// are not looked up here: which rules exist is known only once the configuration has named the users' rule
// folders.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "policy/policy.h"
#include "policy/settings_file.h"

namespace cardwarden {

struct RuleChange {
  Placed rule;  // an id, or a glob over ids
  std::optional<Severity> severity;
  Parameters parameters;
  std::optional<std::string> because;
};

struct OverrideChange {
  std::string glob;
  std::vector<RuleChange> rules;
};

struct ControlChange {
  Control control;
  std::vector<Placed> evidence;
};

struct PolicyLayer {
  std::string path;      // of the file, as shown in messages
  bool builtin = false;  // a pack: its globs may name families of rules that this build does not have
  std::string name;
  std::string version;
  std::string description;
  std::vector<Placed> extends;
  std::optional<std::vector<Kind>> applies_to;
  std::vector<RuleChange> rules;  // in the order of the file
  std::vector<OverrideChange> overrides;
  std::optional<Severity> fail_on;
  std::optional<std::uint64_t> max_warnings;
  std::optional<double> min_disclosure;
  std::vector<ControlChange> controls;
  Scope scope;
  std::vector<Placed> select;  // ids or globs: only these rules stay on; those that were off become warnings
  std::vector<Placed> ignore;  // ids or globs: off, whatever else is said
};

// The keys that a policy file may have, and those of them that a configuration file may have too.
const std::vector<std::string_view>& policy_keys();
const std::vector<std::string_view>& inline_policy_keys();

// Reads the policy keys of a mapping; other keys are the caller's business.
Result<PolicyLayer> read_layer(const SettingsFile& file);

Result<Kind> parse_kind_word(const SettingsFile& file, const yaml::Node& node);
std::optional<Kind> parse_kind(std::string_view word);

// Checks one declared scope value. Nothing when it is fine, else what is wrong with it.
std::optional<std::string> scope_problem(std::string_view key, std::string_view value);

}  // namespace cardwarden
