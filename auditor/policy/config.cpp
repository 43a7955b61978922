// SPDX-License-Identifier: Apache-2.0
#include "policy/config.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "policy/load.h"

namespace cardwarden {
namespace {

namespace fs = std::filesystem;
using Fail = std::optional<Error>;
using Texts = std::vector<std::string>;

constexpr std::string_view kWrongName = ".cardwarden.yml";
constexpr std::uint64_t kMaxJobs = 4096;  // threads of one process; more is a slip of the pen

// The nearest configuration file, or nothing.
Result<std::string> find_file(const std::string& start, const Host& host) {
  for (fs::path folder = fs::path(start).lexically_normal();; folder = folder.parent_path()) {
    const std::string path = (folder / kConfigName).string();
    if (host.exists(path)) return path;
    const std::string wrong = (folder / kWrongName).string();
    if (host.exists(wrong)) {
      return Error(ErrorCode::config,
                   "The configuration is called " + std::string(kConfigName) + ". Rename this file.", wrong);
    }
    if (host.exists((folder / ".git").string())) return std::string();
    if (folder == folder.parent_path()) return std::string();
  }
}

// One value as text, and what to call it in a message.
struct Given {
  std::string text;
  Origin origin;
  std::string where;  // for errors; the origin's, or with a column
};

class ConfigReader {
 public:
  ConfigReader(const Host& host, const ConfigFlags& flags) : host_(host), flags_(flags) {}

  Result<Config> read(const std::string& start) {
    config_.policy.value = "hub-publish";
    config_.format.value = {"text"};
    auto path = choose_file(start);
    if (!path) return path.error();
    if (!path->empty()) {
      if (auto fail = read_file(*path)) return *fail;
    }
    if (auto fail = read_environment()) return *fail;
    if (auto fail = read_flags()) return *fail;
    if (auto fail = check_outputs()) return *fail;
    make_top_layer();
    return std::move(config_);
  }

 private:
  std::optional<std::string> variable(const std::string& name) const {
    auto value = host_.environment(name);
    return value && !value->empty() ? value : std::nullopt;
  }

  Result<std::string> choose_file(const std::string& start) const {
    if (flags_.config) return *flags_.config;
    if (flags_.no_config) return std::string();
    if (auto named = variable("CARDWARDEN_CONFIG")) return *named;
    return find_file(start, host_);
  }

  // --- the file ---

  // Paths in the file are meant from its folder.
  std::string from_folder(const std::string& path) const {
    if (config_.folder.empty() || fs::path(path).is_absolute()) return path;
    return (fs::path(config_.folder) / path).lexically_normal().string();
  }

  Fail read_file(const std::string& path) {
    auto text = host_.read(path);
    if (!text) {
      Error error(ErrorCode::config, "The configuration cannot be read", path);
      error.cause = std::make_shared<const Error>(text.error());
      return error;
    }
    auto file = SettingsFile::parse(path, *text, ErrorCode::config);
    if (!file) return file.error();
    if (auto ok = file->keys(file->root(), config_keys(), "the configuration"); !ok) return ok.error();
    config_.file = path;
    config_.folder = fs::path(path).parent_path().string();
    auto layer = read_layer(*file);
    if (!layer) return layer.error();
    take_gate_and_scope(*file, *layer);
    for (const yaml::Entry& entry : file->root().entries) {
      if (auto fail = read_entry(*file, entry)) return fail;
    }
    config_.layers.push_back(*std::move(layer));
    return std::nullopt;
  }

  // These can be overruled one by one, so that each has its own origin.
  void take_gate_and_scope(const SettingsFile& file, PolicyLayer& layer) {
    if (const yaml::Node* gate = file.root().find("gate")) {
      auto origin = [&](std::string_view key) {
        const yaml::Entry* entry = gate->find_entry(key);
        return Origin{OriginKind::file, file.where_line(entry == nullptr ? *gate : entry->key)};
      };
      if (layer.fail_on) config_.fail_on = {layer.fail_on, origin("fail-on")};
      if (layer.max_warnings) config_.max_warnings = {layer.max_warnings, origin("max-warnings")};
      if (layer.min_disclosure) config_.min_disclosure = {layer.min_disclosure, origin("min-disclosure")};
    }
    if (const yaml::Node* scope = file.root().find("scope")) {
      for (const yaml::Entry& entry : scope->entries) {
        config_.scope[entry.key.text] = {layer.scope[entry.key.text],
                                         {OriginKind::file, file.where_line(entry.key)}};
      }
    }
    layer.fail_on.reset();
    layer.max_warnings.reset();
    layer.min_disclosure.reset();
    layer.scope.clear();
  }

  Fail read_entry(const SettingsFile& file, const yaml::Entry& entry) {
    const std::string& key = entry.key.text;
    const Origin origin{OriginKind::file, file.where_line(entry.key)};
    const std::string what = "`" + key + "`";
    if (key == "policy" || key == "baseline" || key == "jobs" || key == "kind") {
      auto text = file.text(entry.value, what);
      if (!text) return text.error();
      Given given{*text, origin, file.where(entry.value)};
      if (key == "policy" && is_policy_path(given.text)) given.text = from_folder(given.text);
      if (key == "baseline") given.text = from_folder(given.text);
      return one(key, given);
    }
    Setting<Texts>* list = list_named(key);
    if (list == nullptr) return std::nullopt;  // a policy key
    auto texts = file.texts(entry.value, what);
    if (!texts) return texts.error();
    Texts values;
    for (const Placed& text : *texts) {
      const bool path = key == "rules-dir" || (key == "output" && text.text != "-");
      values.push_back(path ? from_folder(text.text) : text.text);
      if (key == "select" || key == "ignore") places_[key].push_back(text);
    }
    *list = {std::move(values), origin};
    return std::nullopt;
  }

  Setting<Texts>* list_named(std::string_view key) {
    if (key == "rules-dir") return &config_.rules_dir;
    if (key == "format") return &config_.format;
    if (key == "output") return &config_.output;
    if (key == "select") return &config_.select;
    if (key == "ignore") return &config_.ignore;
    if (key == "exclude") return &config_.exclude;
    return nullptr;
  }

  // --- single values, from wherever ---

  Error wrong(const Given& given, const std::string& key, const std::string& wanted) const {
    const ErrorCode code = given.origin.kind == OriginKind::flag ? ErrorCode::usage : ErrorCode::config;
    return {code,
            "`" + key + "` must be " + wanted + ", not \"" + text::printable(text::excerpt(given.text, 60)) +
                "\".",
            given.where};
  }

  Fail one(const std::string& key, const Given& given) {
    if (key == "policy") {
      config_.policy = {given.text, given.origin};
    } else if (key == "baseline") {
      config_.baseline = {given.text, given.origin};
    } else if (key == "jobs") {
      const auto number = parse_count(given.text);
      if (!number || *number > kMaxJobs)
        return wrong(given, key,
                     "a whole number from 0 (as many as processors) to " + std::to_string(kMaxJobs));
      config_.jobs = {*number, given.origin};
    } else if (key == "kind") {
      const auto kind = parse_kind(given.text);
      if (!kind) return wrong(given, key, "model, dataset or space");
      config_.kind = {kind, given.origin};
    } else if (key == "fail-on") {
      const auto severity = parse_severity(given.text);
      if (!severity) return wrong(given, key, "off, info, warning or error");
      config_.fail_on = {severity, given.origin};
    } else if (key == "max-warnings") {
      const auto number = parse_count(given.text);
      if (!number) return wrong(given, key, "a whole number, 0 or more");
      config_.max_warnings = {number, given.origin};
    } else if (key == "min-disclosure") {
      const auto share = parse_share(given.text);
      if (!share) return wrong(given, key, "a number from 0 to 1");
      config_.min_disclosure = {share, given.origin};
    }
    return std::nullopt;
  }

  // --- the environment and the flags ---

  Fail read_environment() {
    const std::pair<const char*, const char*> singles[] = {{"policy", "CARDWARDEN_POLICY"},
                                                           {"baseline", "CARDWARDEN_BASELINE"},
                                                           {"jobs", "CARDWARDEN_JOBS"},
                                                           {"fail-on", "CARDWARDEN_FAIL_ON"},
                                                           {"max-warnings", "CARDWARDEN_MAX_WARNINGS"}};
    for (const auto& [key, name] : singles) {
      const auto value = variable(name);
      if (!value) continue;
      if (auto fail = one(key, {*value, {OriginKind::environment, name}, name})) return fail;
    }
    if (const auto value = variable("CARDWARDEN_FORMAT")) {
      config_.format = {split(*value, ','), {OriginKind::environment, "CARDWARDEN_FORMAT"}};
    }
    if (const auto value = variable("CARDWARDEN_RULES_DIR")) {
      config_.rules_dir = {split(*value, ':'), {OriginKind::environment, "CARDWARDEN_RULES_DIR"}};
    }
    return std::nullopt;
  }

  static Texts split(std::string_view value, char separator) {
    Texts out;
    for (const std::string_view part : text::split(value, separator)) {
      if (!text::trim(part).empty()) out.emplace_back(text::trim(part));
    }
    return out;
  }

  Fail read_flags() {
    const std::pair<const char*, const std::optional<std::string>*> singles[] = {
        {"policy", &flags_.policy},
        {"baseline", &flags_.baseline},
        {"jobs", &flags_.jobs},
        {"kind", &flags_.kind},
        {"fail-on", &flags_.fail_on},
        {"max-warnings", &flags_.max_warnings},
        {"min-disclosure", &flags_.min_disclosure}};
    for (const auto& [key, value] : singles) {
      const std::string flag = "--" + std::string(key);
      if (!*value) continue;
      if (auto fail = one(key, {**value, {OriginKind::flag, flag}, flag})) return fail;
    }
    const std::pair<const char*, const Texts*> lists[] = {
        {"rules-dir", &flags_.rules_dir}, {"format", &flags_.format}, {"output", &flags_.output},
        {"select", &flags_.select},       {"ignore", &flags_.ignore}, {"exclude", &flags_.exclude}};
    for (const auto& [key, values] : lists) {
      if (values->empty()) continue;
      const bool rules = std::string_view(key) == "rules-dir";
      *list_named(key) = {*values, {OriginKind::flag, rules ? "--rules" : "--" + std::string(key)}};
      places_.erase(key);
    }
    for (const std::string& pair : flags_.scope) {
      if (auto fail = read_scope_flag(pair)) return fail;
    }
    return std::nullopt;
  }

  Fail read_scope_flag(const std::string& pair) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos)
      return Error(ErrorCode::usage, "A scope is given as key=value, not \"" + text::printable(pair) + "\".",
                   "--scope");
    const std::string key = pair.substr(0, equals);
    const std::string value = pair.substr(equals + 1);
    if (auto problem = scope_problem(key, value)) return Error(ErrorCode::usage, *problem, "--scope");
    config_.scope[key] = {value, {OriginKind::flag, "--scope"}};
    return std::nullopt;
  }

  // --- what comes of it ---

  Fail check_outputs() const {
    const std::size_t formats = config_.format.value.size();
    const std::size_t outputs = std::max<std::size_t>(config_.output.value.size(), 1);
    if (formats == outputs || formats == 0) return std::nullopt;
    const Origin& origin = config_.output.value.empty() ? config_.format.origin : config_.output.origin;
    const ErrorCode code = origin.kind == OriginKind::flag ? ErrorCode::usage : ErrorCode::config;
    return Error(code,
                 text::plural(formats, "format", "formats") + " for " +
                     text::plural(outputs, "output", "outputs") +
                     ": give each format an output, in the same order; \"-\" is standard output.",
                 origin.where);
  }

  std::vector<Placed> placed(const std::string& key, const Setting<Texts>& setting) const {
    if (const auto at = places_.find(key); at != places_.end()) return at->second;
    std::vector<Placed> out;
    for (const std::string& text : setting.value) out.push_back({text, setting.origin.text()});
    return out;
  }

  void make_top_layer() {
    PolicyLayer layer;
    layer.fail_on = config_.fail_on.value;
    layer.max_warnings = config_.max_warnings.value;
    layer.min_disclosure = config_.min_disclosure.value;
    for (const auto& [key, setting] : config_.scope) layer.scope[key] = setting.value;
    layer.select = placed("select", config_.select);
    layer.ignore = placed("ignore", config_.ignore);
    config_.layers.push_back(std::move(layer));
  }

  const Host& host_;
  const ConfigFlags& flags_;
  Config config_;
  std::map<std::string, std::vector<Placed>, std::less<>> places_;  // of `select` and `ignore` in the file
};

std::string shown(const Texts& texts) { return texts.empty() ? "(none)" : text::join(texts, ", "); }

}  // namespace

const std::vector<std::string_view>& config_keys() {
  static const std::vector<std::string_view> keys = [] {
    std::vector<std::string_view> out{"policy", "rules-dir", "baseline", "format",  "output",
                                      "jobs",   "select",    "ignore",   "exclude", "kind"};
    const auto& more = inline_policy_keys();
    out.insert(out.end(), more.begin(), more.end());
    return out;
  }();
  return keys;
}

Result<Config> resolve_config(const std::string& start, const Host& host, const ConfigFlags& flags) {
  return ConfigReader(host, flags).read(start);
}

std::vector<ConfigRow> config_rows(const Config& config) {
  std::vector<ConfigRow> rows;
  auto add = [&](std::string key, std::string value, const Origin& origin) {
    rows.push_back({std::move(key), std::move(value), origin.text()});
  };
  add("policy", config.policy.value, config.policy.origin);
  add("rules-dir", shown(config.rules_dir.value), config.rules_dir.origin);
  add("baseline", config.baseline.value.empty() ? "(none)" : config.baseline.value, config.baseline.origin);
  add("format", shown(config.format.value), config.format.origin);
  add("output", config.output.value.empty() ? "-" : shown(config.output.value), config.output.origin);
  add("jobs", config.jobs.value == 0 ? "0 (as many as processors)" : std::to_string(config.jobs.value),
      config.jobs.origin);
  add("select", config.select.value.empty() ? "(all)" : shown(config.select.value), config.select.origin);
  add("ignore", shown(config.ignore.value), config.ignore.origin);
  add("exclude", shown(config.exclude.value), config.exclude.origin);
  add("kind", config.kind.value ? std::string(to_string(*config.kind.value)) : "(by path and content)",
      config.kind.origin);
  const std::string by_policy = "(as the policy says)";
  add("gate.fail-on", config.fail_on.value ? std::string(to_string(*config.fail_on.value)) : by_policy,
      config.fail_on.origin);
  add("gate.max-warnings", config.max_warnings.value ? std::to_string(*config.max_warnings.value) : by_policy,
      config.max_warnings.origin);
  add("gate.min-disclosure",
      config.min_disclosure.value ? json_number(*config.min_disclosure.value) : by_policy,
      config.min_disclosure.origin);
  for (const auto& [key, setting] : config.scope) add("scope." + key, setting.value, setting.origin);
  for (const PolicyLayer& layer : config.layers) {
    for (const RuleChange& change : layer.rules) {
      const std::string severity =
          change.severity ? std::string(to_string(*change.severity)) : "(severity as before)";
      add("rules." + change.rule.text, severity,
          {OriginKind::file, change.rule.where.substr(0, change.rule.where.rfind(':'))});
    }
  }
  return rows;
}

std::string default_config_text() {
  return R"~(# Cardwarden's configuration. It holds for this folder and all below it.
# A flag wins over a CARDWARDEN_* variable, a variable over this file, this file over the defaults.
# `cardwarden config show --origin` says which value holds and why.

# A built-in policy (hub-publish, strict, metadata-only), or the path of your own.
policy: hub-publish

# Change single rules: off, info, warning or error. A glob names many, an id wins over a glob.
#rules:
#  dataset-card/social-impact: off
#  metadata/*: error
#  model-card/citation:
#    severity: warning
#    because: our release checklist, point 4

# Exceptions for some paths; later entries win.
#overrides:
#  - path: legacy/**
#    rules:
#      model-card/*: off

# When the run fails. fail-on: the lowest severity that counts. min-disclosure: share of the catalogue, per card.
#gate:
#  fail-on: error
#  max-warnings: 20
#  min-disclosure: 0.5

# What you declare about the deployment. It is never guessed; controls that need it say so.
#scope:
#  role: provider
#  gpai: false
#  high-risk: false
#  market: EU

# Only these rules, or not these.
#select: [model-card/*, metadata/*]
#ignore: [model-card/environmental-impact]

# Files that are not checked; patterns as in .gitignore.
#exclude: [third_party/**, drafts]

# Folders with your own rules.
#rules-dir: [governance/rules]

# Findings to start from: made by `cardwarden baseline create`.
#baseline: .cardwarden-baseline.json

# How to report: one format for each output, "-" is standard output.
#format: [text, sarif]
#output: ["-", cardwarden.sarif]

# model, dataset or space; by default told by path and content.
#kind: model

# Threads; 0 takes as many as there are processors.
#jobs: 0
)~";
}

}  // namespace cardwarden
