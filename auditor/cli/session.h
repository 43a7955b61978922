// SPDX-License-Identifier: Apache-2.0
#pragma once
// What every command that judges cards needs first: the resolved configuration, the rules, the policy, the
// baseline.

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
#include "policy/waiver.h"

namespace cardwarden::cli {

struct Session {
  Config config;
  std::unique_ptr<RuleBook> book;
  KnownRules rules;
  Policy policy;
  std::optional<Baseline> baseline;
  std::optional<Waivers> waivers;  // of the store, when one was given
  std::string subject;             // what records call the one card; empty: its path
  bool recorded_paths = false;     // paths are policy paths already, from a record

  // The folder that such paths start from: the configuration's, else the working folder.
  std::string base_folder() const;

  // The path that policies and fingerprints know a card by: from base_folder() where it lies below.
  std::string policy_path(const std::string& path) const;

  // What records and waivers call the card of that policy path.
  std::string subject_name(const std::string& policy_path) const {
    return subject.empty() ? policy_path : subject;
  }
};

// The flags that every such command shares.
void add_config_flags(CLI::App& command, ConfigFlags& flags);

// `first_path` is where the search for the configuration starts; empty: the working folder.
Result<Config> open_config(const ConfigFlags& flags, const std::string& first_path);
Result<Session> open_session(const ConfigFlags& flags, const std::string& first_path,
                             bool with_baseline = true);

// A policy that cannot be found or read is ErrorCode::policy.
Result<Policy> open_policy(const std::string& name_or_path, const KnownRules& rules,
                           const std::vector<PolicyLayer>& on_top);

}  // namespace cardwarden::cli
