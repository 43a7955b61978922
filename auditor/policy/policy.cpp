// SPDX-License-Identifier: Apache-2.0
#include "policy/policy.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/json.h"
#include "crypto/bytes.h"
#include "policy/glob.h"

namespace cardwarden {
namespace {

constexpr std::string_view kSeverities[] = {"off", "info", "warning", "error"};

const RuleSetting* find_in(const std::vector<RuleSetting>& settings, std::string_view rule) {
  const auto at =
      std::lower_bound(settings.begin(), settings.end(), rule,
                       [](const RuleSetting& setting, std::string_view id) { return setting.rule < id; });
  return at != settings.end() && at->rule == rule ? &*at : nullptr;
}

nlohmann::json json_of(const std::vector<RuleSetting>& settings) {
  nlohmann::json out = nlohmann::json::object();
  for (const RuleSetting& setting : settings) {
    nlohmann::json& entry = out[setting.rule];
    entry["severity"] = std::string(to_string(setting.severity));
    if (!setting.because.empty()) entry["because"] = setting.because;
    for (const auto& [key, value] : setting.parameters) entry["parameters"][key] = value;
  }
  return out;
}

nlohmann::json json_of(const Scope& scope) {
  nlohmann::json out = nlohmann::json::object();
  for (const auto& [key, value] : scope) out[key] = value;
  return out;
}

nlohmann::json json_of(const Gate& gate) {
  nlohmann::json out;
  out["fail-on"] = std::string(to_string(gate.fail_on));
  if (gate.max_warnings) out["max-warnings"] = *gate.max_warnings;
  if (gate.min_disclosure) out["min-disclosure"] = *gate.min_disclosure;
  return out;
}

nlohmann::json json_of(const Control& control) {
  nlohmann::json out;
  out["framework"] = control.framework;
  out["provision"] = control.provision;
  out["text"] = control.text;
  out["evidence"] = control.evidence;
  out["assessable"] = control.assessable;
  if (!control.scope.empty()) out["scope"] = json_of(control.scope);
  return out;
}

nlohmann::json json_of(const Policy& policy) {
  nlohmann::json out;
  out["schema"] = "cardwarden-policy/1";
  out["name"] = policy.name;
  out["version"] = policy.version;
  out["description"] = policy.description;
  out["applies-to"] = nlohmann::json::array();
  for (const Kind kind : policy.applies_to) out["applies-to"].push_back(std::string(to_string(kind)));
  out["rules"] = json_of(policy.rules);
  out["overrides"] = nlohmann::json::array();
  for (const PathOverride& item : policy.overrides) {
    out["overrides"].push_back({{"path", item.glob}, {"rules", json_of(item.rules)}});
  }
  out["gate"] = json_of(policy.gate);
  out["controls"] = nlohmann::json::array();
  for (const Control& control : policy.controls) out["controls"].push_back(json_of(control));
  out["scope"] = json_of(policy.scope);
  return out;
}

}  // namespace

std::string_view to_string(Severity severity) { return kSeverities[static_cast<std::size_t>(severity)]; }

std::optional<Severity> parse_severity(std::string_view text) {
  const auto* const at = std::find(std::begin(kSeverities), std::end(kSeverities), text);
  if (at == std::end(kSeverities)) return std::nullopt;
  return static_cast<Severity>(at - std::begin(kSeverities));
}

const RuleSetting* Policy::find(std::string_view rule) const { return find_in(rules, rule); }

const RuleSetting* Policy::setting(std::string_view rule, std::string_view path) const {
  const RuleSetting* out = find(rule);
  for (const PathOverride& item : overrides) {
    const RuleSetting* over = find_in(item.rules, rule);
    if (over != nullptr && path_matches(item.glob, path)) out = over;
  }
  return out != nullptr && out->severity != Severity::off ? out : nullptr;
}

bool Policy::concerns(Kind kind) const {
  return applies_to.empty() || std::find(applies_to.begin(), applies_to.end(), kind) != applies_to.end();
}

KnownRules known_rules(std::vector<KnownRule> rules) {
  std::sort(rules.begin(), rules.end(), [](const KnownRule& a, const KnownRule& b) { return a.id < b.id; });
  return rules;
}

const KnownRule* find_rule(const KnownRules& rules, std::string_view id) {
  const auto at =
      std::lower_bound(rules.begin(), rules.end(), id,
                       [](const KnownRule& rule, std::string_view wanted) { return rule.id < wanted; });
  return at != rules.end() && at->id == id ? &*at : nullptr;
}

std::vector<std::string_view> rule_ids(const KnownRules& rules) {
  std::vector<std::string_view> out;
  out.reserve(rules.size());
  for (const KnownRule& rule : rules) out.emplace_back(rule.id);
  return out;
}

std::vector<std::string> needed_rules(const Policy& policy) {
  std::set<std::string> ids;
  for (const RuleSetting& setting : policy.rules) {
    if (setting.severity != Severity::off) ids.insert(setting.rule);
  }
  for (const PathOverride& item : policy.overrides) {
    for (const RuleSetting& setting : item.rules) {
      if (setting.severity != Severity::off) ids.insert(setting.rule);
    }
  }
  for (const Control& control : policy.controls) ids.insert(control.evidence.begin(), control.evidence.end());
  return {ids.begin(), ids.end()};
}

std::string policy_json(const Policy& policy) { return canonical_json(json_of(policy)); }

std::string policy_digest(const Policy& policy) { return sha256_hex(policy_json(policy)); }

}  // namespace cardwarden
