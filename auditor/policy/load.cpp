// SPDX-License-Identifier: Apache-2.0
#include "policy/load.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

#include "base/text.h"
#include "policy/glob.h"

namespace cardwarden {
namespace {

using Settings = std::map<std::string, RuleSetting, std::less<>>;
using Fail = std::optional<Error>;

bool ends_with(std::string_view s, std::string_view end) {
  return s.size() >= end.size() && s.substr(s.size() - end.size()) == end;
}

// The layers of a policy and of all it extends, the weakest first.
class Gatherer {
 public:
  explicit Gatherer(const PolicySources& sources) : sources_(sources) {}

  Fail gather(const std::string& name, const std::string& folder, const std::string& named_at) {
    const bool file = is_policy_path(name);
    std::string id = name;
    if (file) {
      const std::filesystem::path path(name);
      id = (path.is_absolute() || folder.empty() ? path : std::filesystem::path(folder) / path)
               .lexically_normal()
               .generic_string();
    }
    if (std::find(open_.begin(), open_.end(), id) != open_.end()) return cycle(id, named_at);
    if (++files_ > kMaxPolicyFiles) {
      return Error(ErrorCode::policy,
                   "More than " + std::to_string(kMaxPolicyFiles) +
                       " policy files extend each other (kMaxPolicyFiles).",
                   named_at);
    }
    std::string text;
    if (file) {
      auto read = sources_.read(id);
      if (!read) return unreadable(read.error(), named_at);
      text = *std::move(read);
    } else {
      text = std::string(sources_.pack(name));
      if (text.empty()) return unknown(name, named_at);
    }
    return add(id, file, text);
  }

  std::vector<PolicyLayer> take() { return std::move(layers_); }

 private:
  Fail add(const std::string& id, bool file, const std::string& text) {
    auto parsed = SettingsFile::parse(file ? id : id + " (built in)", text, ErrorCode::policy);
    if (!parsed) return parsed.error();
    if (auto ok = parsed->keys(parsed->root(), policy_keys(), "the policy"); !ok) return ok.error();
    auto layer = read_layer(*parsed);
    if (!layer) return layer.error();
    layer->builtin = !file;
    if (layer->name.empty()) layer->name = file ? std::filesystem::path(id).stem().string() : id;
    open_.push_back(id);
    // A pack has no folder: what it extends are packs.
    const std::string folder = file ? std::filesystem::path(id).parent_path().generic_string() : "";
    for (const Placed& parent : layer->extends) {
      if (auto fail = gather(parent.text, folder, parent.where)) return fail;
    }
    open_.pop_back();
    layers_.push_back(*std::move(layer));
    return std::nullopt;
  }

  Error cycle(const std::string& id, const std::string& named_at) const {
    std::string way;
    for (auto at = std::find(open_.begin(), open_.end(), id); at != open_.end(); ++at) way += *at + " → ";
    return {ErrorCode::policy, "The policy extends itself: " + way + id + ".", named_at};
  }

  static Error unreadable(const Error& cause, const std::string& named_at) {
    if (named_at.empty()) return cause;
    Error error(ErrorCode::policy, "The policy that `extends` names cannot be read", named_at);
    error.cause = std::make_shared<const Error>(cause);
    return error;
  }

  Error unknown(const std::string& name, const std::string& named_at) const {
    std::string message = "There is no built-in policy `" + text::printable(name) + "`.";
    const std::string hint = did_you_mean(name, sources_.pack_names);
    message += hint.empty() ? " Built in are " + one_of(sources_.pack_names, "and") + "." : hint;
    message += " A file is named by its path, with a slash or .yaml in it.";
    return {named_at.empty() ? ErrorCode::not_found : ErrorCode::policy, std::move(message), named_at};
  }

  const PolicySources& sources_;
  std::vector<std::string> open_;  // the files whose `extends` is being followed
  std::vector<PolicyLayer> layers_;
  std::size_t files_ = 0;
};

// Lays layers over each other.
class Resolver {
 public:
  explicit Resolver(const KnownRules& known) : known_(known), ids_(rule_ids(known)) {
    for (const KnownRule& rule : known) {
      if (!rule.builtin) rules_[rule.id] = {rule.id, Severity::warning, {}, {}};
    }
  }

  Fail lay(const PolicyLayer& layer) {
    globs_may_be_empty_ = layer.builtin;
    if (auto fail = lay_rules(layer)) return fail;
    for (const OverrideChange& change : layer.overrides) {
      if (auto fail = lay_override(change)) return fail;
    }
    if (auto fail = lay_controls(layer)) return fail;
    if (layer.applies_to) policy_.applies_to = *layer.applies_to;
    if (layer.fail_on) policy_.gate.fail_on = *layer.fail_on;
    if (layer.max_warnings) policy_.gate.max_warnings = layer.max_warnings;
    if (layer.min_disclosure) policy_.gate.min_disclosure = layer.min_disclosure;
    for (const auto& [key, value] : layer.scope) policy_.scope[key] = value;
    return narrow(layer);
  }

  void describe(const PolicyLayer& layer) {
    policy_.name = layer.name;
    policy_.version = layer.version;
    policy_.description = layer.description;
  }

  Policy finish() {
    for (auto& [rule, setting] : rules_) {
      if (setting.severity != Severity::off) policy_.rules.push_back(std::move(setting));
    }
    for (auto& [glob, settings] : overrides_) {
      if (settings.empty()) continue;
      PathOverride item;
      item.glob = glob;
      for (auto& [rule, setting] : settings) item.rules.push_back(std::move(setting));
      policy_.overrides.push_back(std::move(item));
    }
    policy_.digest = policy_digest(policy_);
    return std::move(policy_);
  }

 private:
  // The ids that a rule or glob names; an error when it names none.
  Result<std::vector<std::string>> expand(const Placed& rule) const {
    std::vector<std::string> out;
    for (const std::string_view id : ids_) {
      if (glob_matches(rule.text, id)) out.emplace_back(id);
    }
    if (!out.empty() || (globs_may_be_empty_ && is_glob(rule.text))) return out;
    const std::string name = "`" + text::printable(text::excerpt(rule.text, 80)) + "`";
    if (!is_glob(rule.text)) {
      return Error(ErrorCode::policy, "There is no rule " + name + "." + did_you_mean(rule.text, ids_),
                   rule.where);
    }
    std::vector<std::string> families;
    for (const std::string_view id : ids_) families.push_back(std::string(id.substr(0, id.find('/'))) + "/*");
    const std::vector<std::string_view> candidates(families.begin(), families.end());
    return Error(ErrorCode::policy, "No rule matches " + name + "." + did_you_mean(rule.text, candidates),
                 rule.where);
  }

  static void change(RuleSetting& setting, const RuleChange& change) {
    if (change.severity) setting.severity = *change.severity;
    for (const auto& [key, value] : change.parameters) setting.parameters[key] = value;
    if (change.because) setting.because = *change.because;
  }

  // Calls `each` with every rule that the changes name: globs first, so that an id wins over a glob wherever
  // it stands.
  template <typename F>
  Fail spell_out(const std::vector<RuleChange>& changes, F&& each) const {
    for (const bool globs : {true, false}) {
      for (const RuleChange& one : changes) {
        if (is_glob(one.rule.text) != globs) continue;
        auto ids = expand(one.rule);
        if (!ids) return ids.error();
        for (const std::string& id : *ids) {
          if (Fail fail = each(id, one)) return fail;
        }
      }
    }
    return std::nullopt;
  }

  Fail lay_rules(const PolicyLayer& layer) {
    return spell_out(layer.rules, [this](const std::string& id, const RuleChange& one) -> Fail {
      RuleSetting& setting = rules_[id];
      setting.rule = id;
      change(setting, one);
      if (setting.severity == Severity::off && !one.severity && !is_glob(one.rule.text)) {
        return Error(ErrorCode::policy, "`" + id + "` is off here: give it a severity, or it does nothing.",
                     one.rule.where);
      }
      // What a stronger file says of a rule holds everywhere, unless that file itself makes an exception.
      for (auto& [glob, settings] : overrides_) settings.erase(id);
      return std::nullopt;
    });
  }

  Fail lay_override(const OverrideChange& changes) {
    Settings settings;
    auto fail = spell_out(changes.rules, [&](const std::string& id, const RuleChange& one) -> Fail {
      const auto base = rules_.find(id);
      const auto at = settings.try_emplace(id, base == rules_.end() ? RuleSetting{} : base->second).first;
      at->second.rule = id;
      change(at->second, one);
      return std::nullopt;
    });
    overrides_.emplace_back(changes.glob, std::move(settings));
    return fail;
  }

  Fail lay_controls(const PolicyLayer& layer) {
    for (const ControlChange& one : layer.controls) {
      for (const Placed& rule : one.evidence) {
        if (find_rule(known_, rule.text) != nullptr) continue;
        return Error(ErrorCode::policy,
                     "There is no rule `" + text::printable(rule.text) + "`." + did_you_mean(rule.text, ids_),
                     rule.where);
      }
      auto same = [&](const Control& other) {
        return other.framework == one.control.framework && other.provision == one.control.provision;
      };
      auto& controls = policy_.controls;
      const auto at = std::find_if(controls.begin(), controls.end(), same);
      if (at == controls.end()) {
        controls.push_back(one.control);
      } else {
        *at = one.control;
      }
    }
    return std::nullopt;
  }

  Result<std::vector<std::string>> expand_all(const std::vector<Placed>& rules) const {
    std::vector<std::string> out;
    for (const Placed& rule : rules) {
      auto ids = expand(rule);
      if (!ids) return ids.error();
      out.insert(out.end(), ids->begin(), ids->end());
    }
    std::sort(out.begin(), out.end());
    return out;
  }

  Fail narrow(const PolicyLayer& layer) {
    auto selected = expand_all(layer.select);
    if (!selected) return selected.error();
    auto ignored = expand_all(layer.ignore);
    if (!ignored) return ignored.error();
    auto among = [](const std::vector<std::string>& ids, const std::string& id) {
      return std::binary_search(ids.begin(), ids.end(), id);
    };
    if (!layer.select.empty()) {
      for (const std::string& id : *selected) {
        RuleSetting& setting = rules_[id];
        setting.rule = id;
        if (setting.severity == Severity::off) setting.severity = Severity::warning;
      }
    }
    auto drop = [&](Settings& settings) {
      for (auto at = settings.begin(); at != settings.end();) {
        const bool out =
            (!layer.select.empty() && !among(*selected, at->first)) || among(*ignored, at->first);
        at = out ? settings.erase(at) : std::next(at);
      }
    };
    drop(rules_);
    for (auto& [glob, settings] : overrides_) drop(settings);
    return std::nullopt;
  }

  const KnownRules& known_;
  std::vector<std::string_view> ids_;
  bool globs_may_be_empty_ = false;
  Settings rules_;
  std::vector<std::pair<std::string, Settings>> overrides_;
  Policy policy_;
};

}  // namespace

bool is_policy_path(std::string_view name_or_path) {
  return name_or_path.find('/') != std::string_view::npos || ends_with(name_or_path, ".yaml") ||
         ends_with(name_or_path, ".yml");
}

Result<Policy> load_policy(std::string_view name_or_path, const PolicySources& sources,
                           const std::vector<PolicyLayer>& on_top) {
  Gatherer gatherer(sources);
  if (auto fail = gatherer.gather(std::string(name_or_path), "", "")) return *fail;
  Resolver resolver(sources.rules);
  const std::vector<PolicyLayer> layers = gatherer.take();
  for (const PolicyLayer& layer : layers) {
    if (auto fail = resolver.lay(layer)) return *fail;
  }
  resolver.describe(layers.back());
  for (const PolicyLayer& layer : on_top) {
    if (auto fail = resolver.lay(layer)) return *fail;
  }
  return resolver.finish();
}

}  // namespace cardwarden
