// SPDX-License-Identifier: Apache-2.0
#include "policy/layer.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace cardwarden {
namespace {

using Fail = std::optional<Error>;  // nothing: all is well

constexpr std::string_view kSeverityWords = "off, info, warning or error";
const std::vector<std::string_view> kRuleKeys{"severity", "parameters", "because"};
const std::vector<std::string_view> kOverrideKeys{"path", "rules"};
const std::vector<std::string_view> kGateKeys{"fail-on", "max-warnings", "min-disclosure"};
const std::vector<std::string_view> kControlKeys{"framework", "provision",  "text",
                                                 "evidence",  "assessable", "scope"};
const std::vector<std::string_view> kScopeKeys{"role", "gpai", "high-risk", "market", "generative"};

std::string quoted(std::string_view name) { return "`" + text::printable(text::excerpt(name, 80)) + "`"; }

template <typename T>
Fail take(Result<T> read, T& into) {
  if (!read) return read.error();
  into = *std::move(read);
  return std::nullopt;
}

template <typename T>
Fail take(Result<T> read, std::optional<T>& into) {
  if (!read) return read.error();
  into = *std::move(read);
  return std::nullopt;
}

Fail read_severity(const SettingsFile& file, const yaml::Node& node, const std::string& what,
                   std::optional<Severity>& into) {
  into = node.is_scalar() ? parse_severity(node.text) : std::nullopt;
  if (into) return std::nullopt;
  std::string message = what + " must be " + std::string(kSeverityWords);
  if (node.is_scalar()) message += ", not " + quoted(node.text);
  message += ".";
  if (node.is_scalar()) message += did_you_mean(node.text, {"off", "info", "warning", "error"});
  return file.error(node, std::move(message));
}

Fail read_parameters(const SettingsFile& file, const yaml::Node& node, const std::string& rule,
                     Parameters& into) {
  const std::string what = "`parameters` of " + rule;
  if (auto ok = file.mapping(node, what); !ok) return ok.error();
  for (const yaml::Entry& entry : node.entries) {
    auto value = file.text(entry.value, "Parameter " + quoted(entry.key.text) + " of " + rule);
    if (!value) return value.error();
    into[entry.key.text] = *value;
  }
  return std::nullopt;
}

Fail read_rule(const SettingsFile& file, const yaml::Entry& entry, bool severity_required,
               std::vector<RuleChange>& into) {
  const std::string name = quoted(entry.key.text);
  RuleChange change;
  change.rule = {entry.key.text, file.where(entry.key)};
  const yaml::Node& value = entry.value;
  if (value.is_mapping()) {
    if (auto ok = file.keys(value, kRuleKeys, "the settings of " + name); !ok) return ok.error();
    if (const yaml::Node* node = value.find("severity")) {
      if (auto fail = read_severity(file, *node, "The severity of " + name, change.severity)) return fail;
    } else if (severity_required) {
      return file.error(
          entry.key, "The override of " + name + " needs a severity: " + std::string(kSeverityWords) + ".");
    }
    if (const yaml::Node* node = value.find("parameters")) {
      if (auto fail = read_parameters(file, *node, name, change.parameters)) return fail;
    }
    if (const yaml::Node* node = value.find("because")) {
      if (auto fail = take(file.text(*node, "`because` of " + name), change.because)) return fail;
    }
  } else if (auto fail = read_severity(file, value, "The severity of " + name, change.severity)) {
    return fail;
  }
  into.push_back(std::move(change));
  return std::nullopt;
}

Fail read_rules(const SettingsFile& file, const yaml::Node& node, bool severity_required,
                std::vector<RuleChange>& into) {
  if (auto ok = file.mapping(node, "`rules`"); !ok) return ok.error();
  for (const yaml::Entry& entry : node.entries) {
    if (auto fail = read_rule(file, entry, severity_required, into)) return fail;
  }
  return std::nullopt;
}

Fail read_overrides(const SettingsFile& file, const yaml::Node& node, std::vector<OverrideChange>& into) {
  if (!node.is_sequence())
    return file.error(node, "`overrides` must be a list of entries with `path` and `rules`.");
  for (const yaml::Node& item : node.items) {
    if (auto ok = file.mapping(item, "Each entry of `overrides`"); !ok) return ok.error();
    if (auto ok = file.keys(item, kOverrideKeys, "an entry of `overrides`"); !ok) return ok.error();
    const yaml::Node* path = item.find("path");
    const yaml::Node* rules = item.find("rules");
    if (path == nullptr || rules == nullptr) {
      return file.error(item, "Each entry of `overrides` needs `path` and `rules`.");
    }
    auto globs = file.texts(*path, "`path`");
    if (!globs) return globs.error();
    OverrideChange change;
    if (auto fail = read_rules(file, *rules, true, change.rules)) return fail;
    for (const Placed& glob : *globs) {
      change.glob = glob.text;
      into.push_back(change);
    }
  }
  return std::nullopt;
}

Fail read_gate(const SettingsFile& file, const yaml::Node& node, PolicyLayer& into) {
  if (auto ok = file.mapping(node, "`gate`"); !ok) return ok.error();
  if (auto ok = file.keys(node, kGateKeys, "`gate`"); !ok) return ok.error();
  if (const yaml::Node* value = node.find("fail-on")) {
    if (auto fail = read_severity(file, *value, "`fail-on`", into.fail_on)) return fail;
  }
  if (const yaml::Node* value = node.find("max-warnings")) {
    if (auto fail = take(file.count(*value, "`max-warnings`"), into.max_warnings)) return fail;
  }
  if (const yaml::Node* value = node.find("min-disclosure")) {
    if (auto fail = take(file.share(*value, "`min-disclosure`"), into.min_disclosure)) return fail;
  }
  return std::nullopt;
}

Fail read_scope(const SettingsFile& file, const yaml::Node& node, Scope& into) {
  if (auto ok = file.mapping(node, "`scope`"); !ok) return ok.error();
  if (auto ok = file.keys(node, kScopeKeys, "`scope`"); !ok) return ok.error();
  for (const yaml::Entry& entry : node.entries) {
    auto value = file.text(entry.value, "`scope` " + quoted(entry.key.text));
    if (!value) return value.error();
    if (auto problem = scope_problem(entry.key.text, *value)) return file.error(entry.value, *problem);
    into[entry.key.text] = *value;
  }
  return std::nullopt;
}

Fail read_control(const SettingsFile& file, const yaml::Node& node, std::vector<ControlChange>& into) {
  if (auto ok = file.mapping(node, "Each entry of `controls`"); !ok) return ok.error();
  if (auto ok = file.keys(node, kControlKeys, "an entry of `controls`"); !ok) return ok.error();
  ControlChange change;
  Control& control = change.control;
  const std::pair<std::string_view, std::string*> required[] = {
      {"framework", &control.framework}, {"provision", &control.provision}, {"text", &control.text}};
  for (const auto& [key, field] : required) {
    const yaml::Node* value = node.find(key);
    if (value == nullptr) return file.error(node, "The control needs `" + std::string(key) + "`.");
    if (auto fail = take(file.text(*value, "`" + std::string(key) + "`"), *field)) return fail;
  }
  if (const yaml::Node* value = node.find("assessable")) {
    if (auto fail = take(file.flag(*value, "`assessable`"), control.assessable)) return fail;
  }
  if (const yaml::Node* value = node.find("evidence")) {
    if (auto fail = take(file.texts(*value, "`evidence`"), change.evidence)) return fail;
  }
  if (control.assessable && change.evidence.empty()) {
    return file.error(node,
                      "An assessable control needs `evidence`: the rules that show it. Say `assessable: "
                      "false` if none can.");
  }
  if (const yaml::Node* value = node.find("scope")) {
    if (auto fail = read_scope(file, *value, control.scope)) return fail;
  }
  for (const Placed& rule : change.evidence) control.evidence.push_back(rule.text);
  for (const ControlChange& other : into) {
    if (other.control.framework == control.framework && other.control.provision == control.provision) {
      return file.error(node, "The control " + quoted(control.framework + ", " + control.provision) +
                                  " stands here twice.");
    }
  }
  into.push_back(std::move(change));
  return std::nullopt;
}

Fail read_controls(const SettingsFile& file, const yaml::Node& node, std::vector<ControlChange>& into) {
  if (!node.is_sequence()) return file.error(node, "`controls` must be a list of controls.");
  for (const yaml::Node& item : node.items) {
    if (auto fail = read_control(file, item, into)) return fail;
  }
  return std::nullopt;
}

Fail read_applies_to(const SettingsFile& file, const yaml::Node& node, PolicyLayer& into) {
  into.applies_to.emplace();
  const bool list = node.is_sequence();
  const std::vector<yaml::Node> one = list ? std::vector<yaml::Node>() : std::vector<yaml::Node>{node};
  for (const yaml::Node& item : list ? node.items : one) {
    auto kind = parse_kind_word(file, item);
    if (!kind) return kind.error();
    const auto& kinds = *into.applies_to;
    if (std::find(kinds.begin(), kinds.end(), *kind) != kinds.end()) {
      return file.error(item, "`applies-to` names " + quoted(item.text) + " twice.");
    }
    into.applies_to->push_back(*kind);
  }
  std::sort(into.applies_to->begin(), into.applies_to->end());
  return std::nullopt;
}

Fail read_entry(const SettingsFile& file, const yaml::Entry& entry, PolicyLayer& into) {
  const std::string& key = entry.key.text;
  const yaml::Node& value = entry.value;
  const std::string what = "`" + key + "`";
  if (key == "name") return take(file.text(value, what), into.name);
  if (key == "version") return take(file.text(value, what), into.version);
  if (key == "description") return take(file.text(value, what), into.description);
  if (key == "extends") return take(file.texts(value, what), into.extends);
  if (key == "applies-to") return read_applies_to(file, value, into);
  if (key == "rules") return read_rules(file, value, false, into.rules);
  if (key == "overrides") return read_overrides(file, value, into.overrides);
  if (key == "gate") return read_gate(file, value, into);
  if (key == "controls") return read_controls(file, value, into.controls);
  if (key == "scope") return read_scope(file, value, into.scope);
  return std::nullopt;
}

}  // namespace

const std::vector<std::string_view>& policy_keys() {
  static const std::vector<std::string_view> keys{"name",       "version", "description", "extends",
                                                  "applies-to", "rules",   "overrides",   "gate",
                                                  "controls",   "scope"};
  return keys;
}

const std::vector<std::string_view>& inline_policy_keys() {
  static const std::vector<std::string_view> keys{"rules", "overrides", "gate", "controls", "scope"};
  return keys;
}

std::optional<Kind> parse_kind(std::string_view word) {
  if (word == "model") return Kind::model;
  if (word == "dataset") return Kind::dataset;
  if (word == "space") return Kind::space;
  return std::nullopt;
}

Result<Kind> parse_kind_word(const SettingsFile& file, const yaml::Node& node) {
  const auto kind = node.is_scalar() ? parse_kind(node.text) : std::nullopt;
  if (kind) return *kind;
  const std::string found = node.is_scalar() ? ", not " + quoted(node.text) : "";
  return file.error(node, "A kind must be model, dataset or space" + found + ".");
}

std::optional<std::string> scope_problem(std::string_view key, std::string_view value) {
  if (std::find(kScopeKeys.begin(), kScopeKeys.end(), key) == kScopeKeys.end()) {
    const std::string hint = did_you_mean(key, kScopeKeys);
    return "Unknown scope " + quoted(key) + "." +
           (hint.empty() ? " The keys are " + one_of(kScopeKeys, "and") + "." : hint);
  }
  const bool flag = key == "gpai" || key == "high-risk" || key == "generative";
  if (flag && value != "true" && value != "false") {
    return "Scope `" + std::string(key) + "` must be true or false, not " + quoted(value) + ".";
  }
  return std::nullopt;
}

Result<PolicyLayer> read_layer(const SettingsFile& file) {
  PolicyLayer layer;
  layer.path = file.path();
  for (const yaml::Entry& entry : file.root().entries) {
    if (auto fail = read_entry(file, entry, layer)) return *fail;
  }
  return layer;
}

}  // namespace cardwarden
