// SPDX-License-Identifier: Apache-2.0
// cardwarden policy list|show|check: what policies there are, what one comes to, whether one is well formed.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/json.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/load_rules.h"
#include "cli/session.h"
#include "policy/packs.h"
#include "policy/pipeline.h"

namespace cardwarden::cli {
namespace {

struct Options {
  std::string name;
  ConfigFlags flags;
  std::string format = "text";
};

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, text::display_width(text)), ' ');
}

std::string scope_text(const Scope& scope) {
  std::string out;
  for (const auto& [key, value] : scope) {
    out += out.empty() ? "" : ", ";
    out += key;
    out += "=";
    out += value;
  }
  return text::printable(out);
}

// By its name: that policy alone, with the user's own rules known. Without: as `check` would judge here, the
// configuration laid over it.
Result<Policy> named_policy(const Options& options) {
  if (options.name.empty()) {
    auto session = open_session(options.flags, "", false);
    if (!session) return session.error();
    return std::move(session->policy);
  }
  auto config = open_config(options.flags, "");
  if (!config) return config.error();
  auto book = load_rules(config->rules_dir.value);
  if (!book) return book.error();
  return open_policy(options.name, known_rules(**book), {});
}

int run_list(World& world, const Options& options) {
  auto book = load_rules({});
  if (!book) return fail(world, book.error());
  const KnownRules rules = known_rules(**book);
  std::size_t width = 0;
  for (const std::string_view name : builtin_pack_names()) width = std::max(width, name.size());
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const std::string_view name : builtin_pack_names()) {
    auto policy = open_policy(std::string(name), rules, {});
    if (!policy) return fail(world, policy.error());
    if (options.format == "json") {
      all.push_back({{"name", name},
                     {"version", policy->version},
                     {"description", policy->description},
                     {"rules", policy->rules.size()},
                     {"controls", policy->controls.size()},
                     {"digest", policy->digest}});
    } else {
      world.out << padded(std::string(name), width + 2) << policy->description << "\n";
    }
  }
  if (options.format == "json") world.out << all.dump(2) << "\n";
  return kPassed;
}

void print_settings(std::ostream& out, const std::vector<RuleSetting>& settings, const std::string& indent) {
  std::size_t width = 0;
  for (const RuleSetting& setting : settings) width = std::max(width, setting.rule.size());
  for (const RuleSetting& setting : settings) {
    std::string reason = text::printable(setting.because);
    for (const auto& [key, value] : setting.parameters) {
      reason += (reason.empty() ? "" : "; ") + text::printable(key) + ": " +
                text::printable(text::excerpt(value, 60));
    }
    out << indent << padded(std::string(to_string(setting.severity)), 9);
    out << (reason.empty() ? setting.rule : padded(setting.rule, width + 2) + reason) << "\n";
  }
}

void print_text(std::ostream& out, const Policy& policy) {
  out << text::printable(policy.name)
      << (policy.version.empty() ? "" : " " + text::printable(policy.version));
  out << (policy.description.empty() ? "" : ": " + text::printable(text::trim(policy.description))) << "\n";
  out << "sha256:" << policy.digest << "\n";
  if (!policy.applies_to.empty()) {
    std::vector<std::string> kinds;
    for (const Kind kind : policy.applies_to) kinds.emplace_back(to_string(kind));
    out << "applies to " << text::join(kinds, ", ") << "\n";
  }
  out << "gate: fail-on " << to_string(policy.gate.fail_on);
  if (policy.gate.max_warnings) out << ", max-warnings " << *policy.gate.max_warnings;
  if (policy.gate.min_disclosure) out << ", min-disclosure " << json_number(*policy.gate.min_disclosure);
  out << "\n";
  if (!policy.scope.empty()) out << "scope: " << scope_text(policy.scope) << "\n";
  out << "\n" << text::plural(policy.rules.size(), "rule", "rules") << "\n";
  print_settings(out, policy.rules, "  ");
  for (const PathOverride& item : policy.overrides) {
    out << "\nfor " << text::printable(item.glob) << "\n";
    print_settings(out, item.rules, "  ");
  }
  if (!policy.controls.empty())
    out << "\n" << text::plural(policy.controls.size(), "control", "controls") << "\n";
  for (const Control& control : policy.controls) {
    out << "  " << text::printable(control.framework) << ", " << text::printable(control.provision);
    if (!control.assessable) {
      out << ": not assessable from a card";
    } else {
      out << ": " << text::join(control.evidence, ", ");
    }
    out << (control.scope.empty() ? "" : " (where " + scope_text(control.scope) + ")") << "\n";
  }
}

int run_show(World& world, const Options& options) {
  auto policy = named_policy(options);
  if (!policy) return fail(world, policy.error());
  if (options.format == "json") {
    // The policy in its canonical bytes: the digest is over what stands after "policy":.
    world.out << "{\"digest\":" << json_string(policy->digest) << ",\"policy\":" << policy_json(*policy)
              << "}\n";
  } else {
    print_text(world.out, *policy);
  }
  return kPassed;
}

int run_check(World& world, const Options& options) {
  auto policy = named_policy(options);
  if (!policy) return fail(world, policy.error());
  world.out << text::printable(options.name.empty() ? policy->name : options.name) << ": ok\n";
  return kPassed;
}

}  // namespace

void add_policy(CLI::App& app, Invocation& invocation) {
  CLI::App* policy =
      app.add_subcommand("policy", "List, show and check policies: the built-in ones, or files of your own");
  policy->require_subcommand(1);
  struct Verb {
    const char* name;
    const char* what;
    int (*run)(World&, const Options&);
  };
  for (const Verb& verb :
       {Verb{"list", "The built-in policies", run_list},
        Verb{"show", "A policy with all that it extends: its rules, severities and reasons", run_show},
        Verb{"check", "Whether a policy is well formed and names rules that exist", run_check}}) {
    auto options = std::make_shared<Options>();
    CLI::App* command = policy->add_subcommand(verb.name, verb.what);
    const std::string_view name = verb.name;
    if (name != "list") {
      command->add_option(
          "policy", options->name,
          "A built-in name or a file; without it, the one that holds here, configuration included");
      command->add_option("--config", options->flags.config,
                          "Configuration file (default: .cardwarden.yaml, searched upward)");
      command->add_flag("--no-config", options->flags.no_config, "Read no configuration file");
      command
          ->add_option("--rules", options->flags.rules_dir,
                       "Folder of rules to use beside the built-in ones; repeatable")
          ->allow_extra_args(false);
    }
    if (name != "check") {
      command->add_option("--format", options->format, "text or json")
          ->check(CLI::IsMember({"text", "json"}));
    }
    const auto run = verb.run;
    command->callback([options, run, &invocation] {
      invocation.run = [options, run, &invocation] { return run(invocation.world, *options); };
    });
  }
}

}  // namespace cardwarden::cli
