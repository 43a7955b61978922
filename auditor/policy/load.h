// SPDX-License-Identifier: Apache-2.0
#pragma once
// A policy's name or path → a resolved Policy: `extends` folded in, globs spelled out, rules looked up.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "policy/layer.h"
#include "policy/policy.h"

namespace cardwarden {

constexpr std::size_t kMaxPolicyFiles = 64;  // one policy and all that it extends

// Where policies come from. All functions may be called from one thread at a time only.
struct PolicySources {
  KnownRules rules;                                             // every rule that a policy may name
  std::function<std::string_view(std::string_view name)> pack;  // empty text: no such pack
  std::vector<std::string_view> pack_names;
  std::function<Result<std::string>(const std::string& path)> read;
};

// `on_top` are laid over the policy in order, the last one strongest: the configuration's own settings, then
// the command line's.
Result<Policy> load_policy(std::string_view name_or_path, const PolicySources& sources,
                           const std::vector<PolicyLayer>& on_top = {});

// A name without a slash and without ".yaml" or ".yml" is a pack's.
bool is_policy_path(std::string_view name_or_path);

}  // namespace cardwarden
