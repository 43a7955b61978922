// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which rules apply to whom, how severe each is, and the gate. A Policy is resolved: `extends` is folded in,
// every rule it names exists. Format: docs/formats/policy.md, schema: policies/policy.schema.json.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/rule.h"

namespace cardwarden {

enum class Severity : std::uint8_t { off, info, warning, error };
std::string_view to_string(Severity severity);
std::optional<Severity> parse_severity(std::string_view text);

struct RuleSetting {
  std::string rule;
  Severity severity = Severity::off;
  Parameters parameters;
  std::string because;  // the provision it serves
};

// Settings for the paths that match `glob` only, over the ones above; later entries win.
struct PathOverride {
  std::string glob;
  std::vector<RuleSetting> rules;
};

struct Gate {
  Severity fail_on = Severity::error;         // off: the gate never fails on findings
  std::optional<std::uint64_t> max_warnings;  // over all cards of a run
  std::optional<double> min_disclosure;       // 0 to 1, share of the catalogue disclosed, per card
};

// A provision of a law or standard that rules give evidence for.
struct Control {
  std::string framework;
  std::string provision;
  std::string text;
  std::vector<std::string> evidence;  // rule ids
  bool assessable = true;
  Scope scope;  // what the user must have declared for the provision to concern them
};

struct Policy {
  std::string name;
  std::string version;
  std::string description;
  std::vector<Kind> applies_to;    // empty: all kinds
  std::vector<RuleSetting> rules;  // sorted by rule id, one each; rules not named are off
  std::vector<PathOverride> overrides;
  Gate gate;
  std::vector<Control> controls;
  Scope scope;
  std::string digest;  // SHA-256 over the resolved canonical JSON, hexadecimal

  const RuleSetting* find(std::string_view rule) const;

  // The setting that holds at `path`, overrides included; nullptr when the rule is off there.
  const RuleSetting* setting(std::string_view rule, std::string_view path) const;
  bool concerns(Kind kind) const;  // `applies_to` names it, or names none
};

// What the policy layer has to know of a rule.
struct KnownRule {
  std::string id;
  std::vector<Kind> kinds;  // empty: all kinds
  bool builtin = true;      // a user's own rule is on as a warning until a policy speaks of it
};

// Sorted by id, as known_rules() returns it.
using KnownRules = std::vector<KnownRule>;
KnownRules known_rules(std::vector<KnownRule> rules);
const KnownRule* find_rule(const KnownRules& rules, std::string_view id);
std::vector<std::string_view> rule_ids(const KnownRules& rules);

// The rules whose answers this policy needs: those that are on somewhere, and the evidence of its controls.
std::vector<std::string> needed_rules(const Policy& policy);

// The resolved policy as JSON, and the digest over its canonical form. Format: docs/formats/policy.md.
std::string policy_json(const Policy& policy);
std::string policy_digest(const Policy& policy);

}  // namespace cardwarden
