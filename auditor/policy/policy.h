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
  Severity fail_on = Severity::error;           // off: the gate never fails on findings
  std::optional<std::uint64_t> max_warnings;    // over all cards of a run
  std::optional<double> min_disclosure;         // 0 to 1, share of the catalogue disclosed, per card
};

// A provision of a law or standard that rules give evidence for.
struct Control {
  std::string framework;
  std::string provision;
  std::string text;
  std::vector<std::string> evidence;  // rule ids
  bool assessable = true;
};

struct Policy {
  std::string name;
  std::string version;
  std::string description;
  std::vector<Kind> applies_to;        // empty: all kinds
  std::vector<RuleSetting> rules;      // sorted by rule id, one each; rules not named are off
  std::vector<PathOverride> overrides;
  Gate gate;
  std::vector<Control> controls;
  Scope scope;
  std::string digest;                  // SHA-256 over the resolved canonical JSON, hexadecimal

  const RuleSetting* find(std::string_view rule) const;
};

}  // namespace cardwarden
