// SPDX-License-Identifier: Apache-2.0
#pragma once
// What every command that judges cards needs first: the resolved configuration, the rules, the policy, the baseline.

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/rulebook.h"
#include "policy/baseline.h"
#include "policy/config.h"
#include "policy/policy.h"

namespace cardwarden::cli {

struct Session {
  Config config;
  std::unique_ptr<RuleBook> book;
  KnownRules rules;
  Policy policy;
  std::optional<Baseline> baseline;

  // The path that policies and fingerprints know a card by: from the configuration's folder where it lies below.
  std::string policy_path(const std::string& path) const;
};

// The flags that every such command shares.
void add_config_flags(CLI::App& command, ConfigFlags& flags);

// `first_path` is where the search for the configuration starts; empty: the working folder.
Result<Config> open_config(const ConfigFlags& flags, const std::string& first_path);
Result<Session> open_session(const ConfigFlags& flags, const std::string& first_path);

}  // namespace cardwarden::cli
