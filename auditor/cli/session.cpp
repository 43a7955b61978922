// SPDX-License-Identifier: Apache-2.0
#include "cli/session.h"

#include <filesystem>

#include "base/files.h"
#include "cli/command.h"
#include "cli/load_rules.h"
#include "policy/load.h"
#include "policy/packs.h"
#include "policy/pipeline.h"

namespace cardwarden::cli {
namespace {

namespace fs = std::filesystem;

std::string start_folder(const std::string& first_path) {
  std::error_code error;
  const fs::path path =
      fs::absolute(first_path.empty() || first_path == "-" ? "." : first_path, error).lexically_normal();
  return (fs::is_directory(path, error) ? path : path.parent_path()).string();
}

}  // namespace

std::string Session::base_folder() const {
  std::error_code error;
  return config.folder.empty() ? fs::current_path(error).string() : config.folder;
}

std::string Session::policy_path(const std::string& path) const {
  if (recorded_paths) return path;
  std::error_code error;
  const fs::path absolute = fs::absolute(path, error).lexically_normal();
  const fs::path relative = absolute.lexically_relative(base_folder());
  if (error || relative.empty() || *relative.begin() == "..") return path;
  return relative.generic_string();
}

void add_config_flags(CLI::App& command, ConfigFlags& flags) {
  command.add_option("--config", flags.config,
                     "Configuration file (default: .cardwarden.yaml, searched upward)");
  command.add_flag("--no-config", flags.no_config, "Read no configuration file");
  command.add_option("--policy", flags.policy, "Policy: hub-publish, strict, metadata-only, or a file");
  // A list flag takes one argument each time, so that it never swallows the paths after it.
  auto list = [&command](const char* name, std::vector<std::string>& values, const char* what) {
    return command.add_option(name, values, what)->allow_extra_args(false);
  };
  list("--rules", flags.rules_dir, "Folder of rules to use beside the built-in ones; repeatable");
  list("--select", flags.select, "Only these rules (ids or globs)")->delimiter(',');
  list("--ignore", flags.ignore, "Not these rules (ids or globs)")->delimiter(',');
  list("--exclude", flags.exclude, "Leave out cards whose path matches (globs)")->delimiter(',');
  command.add_option("--kind", flags.kind, "Take every card as model, dataset or space");
  list("--scope", flags.scope, "What you declare about the deployment, key=value (gpai=true); repeatable");
  command.add_option("--baseline", flags.baseline,
                     "Baseline file: findings in it are known and do not count");
}

Result<Config> open_config(const ConfigFlags& flags, const std::string& first_path) {
  auto config = resolve_config(start_folder(first_path), system_host(), flags);
  if (config && !config->file.empty()) {
    std::error_code error;
    config->folder =
        fs::absolute(config->folder.empty() ? "." : config->folder, error).lexically_normal().string();
  }
  return config;
}

Result<Policy> open_policy(const std::string& name_or_path, const KnownRules& rules,
                           const std::vector<PolicyLayer>& on_top) {
  PolicySources sources;
  sources.rules = rules;
  sources.pack = builtin_pack;
  sources.pack_names = builtin_pack_names();
  sources.read = [](const std::string& path) { return read_whole_file(path); };
  auto policy = load_policy(name_or_path, sources, on_top);
  if (policy || exit_code(policy.error().code) == kUsage) return policy;
  Error error = policy.error();
  error.code = ErrorCode::policy;
  return error;
}

Result<Session> open_session(const ConfigFlags& flags, const std::string& first_path, bool with_baseline) {
  Session session;
  auto config = open_config(flags, first_path);
  if (!config) return config.error();
  session.config = std::move(*config);
  auto book = load_rules(session.config.rules_dir.value);
  if (!book) return book.error();
  session.book = std::move(*book);
  session.rules = known_rules(*session.book);
  auto policy = open_policy(session.config.policy.value, session.rules, session.config.layers);
  if (!policy) return policy.error();
  session.policy = std::move(*policy);
  const std::string& baseline = session.config.baseline.value;
  if (with_baseline && !baseline.empty()) {
    auto text = read_whole_file(baseline);
    if (!text) return text.error();
    auto parsed = parse_baseline(*text, baseline);
    if (!parsed) return parsed.error();
    session.baseline = std::move(*parsed);
  }
  return session;
}

}  // namespace cardwarden::cli
