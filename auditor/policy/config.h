// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the user wants, from four places: default < .cardwarden.yaml < CARDWARDEN_* < flags. Every value
// remembers where it came from. Format: docs/formats/config.md, schema: policies/config.schema.json.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "policy/layer.h"

namespace cardwarden {

inline constexpr std::string_view kConfigName = ".cardwarden.yaml";

enum class OriginKind : std::uint8_t { fallback, file, environment, flag };

struct Origin {
  OriginKind kind = OriginKind::fallback;
  std::string where;  // "path:line", "CARDWARDEN_JOBS", "--jobs"; empty for the default

  std::string text() const { return kind == OriginKind::fallback ? "default" : where; }
};

template <typename T>
struct Setting {
  T value{};
  Origin origin;
};

// As typed; the texts are checked here, so that flag, variable and file give the same message.
struct ConfigFlags {
  std::optional<std::string> config;  // --config FILE
  bool no_config = false;             // --no-config: read no file at all
  std::optional<std::string> policy;
  std::vector<std::string> rules_dir;
  std::optional<std::string> baseline;
  std::vector<std::string> format;
  std::vector<std::string> output;
  std::optional<std::string> jobs;
  std::vector<std::string> select;
  std::vector<std::string> ignore;
  std::vector<std::string> exclude;
  std::optional<std::string> kind;
  std::optional<std::string> fail_on;
  std::optional<std::string> max_warnings;
  std::optional<std::string> min_disclosure;
  std::vector<std::string> scope;  // "key=value"
};

struct Config {
  std::string file;    // that was read; empty when there is none
  std::string folder;  // of that file: what paths of cards are shown to policies relative to; may be empty
  Setting<std::string> policy;  // a built-in name, or a path
  Setting<std::vector<std::string>> rules_dir;
  Setting<std::string> baseline;  // a path; empty: none
  Setting<std::vector<std::string>> format;
  Setting<std::vector<std::string>> output;  // the nth format goes to the nth output; "-" is standard output
  Setting<std::uint64_t> jobs;               // 0: as many as there are processors
  Setting<std::vector<std::string>> select;
  Setting<std::vector<std::string>> ignore;
  Setting<std::vector<std::string>> exclude;  // globs, see path_matches()
  Setting<std::optional<Kind>> kind;
  Setting<std::optional<Severity>> fail_on;  // nothing: as the policy says
  Setting<std::optional<std::uint64_t>> max_warnings;
  Setting<std::optional<double>> min_disclosure;
  std::map<std::string, Setting<std::string>> scope;

  // For load_policy(config.policy.value, sources, config.layers): the file's own rules, overrides, controls
  // and gate, then select, ignore, scope and gate as they were resolved.
  std::vector<PolicyLayer> layers;
};

// `start` is the folder of what is checked, absolute: the file is searched there and upward, to a folder with
// `.git` or the root.
Result<Config> resolve_config(const std::string& start, const Host& host, const ConfigFlags& flags);

struct ConfigRow {
  std::string key;
  std::string value;
  std::string origin;
};

// Every setting with its value and origin, for `cardwarden config show`.
std::vector<ConfigRow> config_rows(const Config& config);

// The keys that the file may have.
const std::vector<std::string_view>& config_keys();

// The commented file that `cardwarden init` writes.
std::string default_config_text();

}  // namespace cardwarden
