// SPDX-License-Identifier: Apache-2.0
#pragma once
// Waivers out of a store, each with its signature checked, for every command that judges.

#include <CLI/CLI.hpp>
#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/command.h"
#include "cli/open_store.h"
#include "cli/session.h"
#include "policy/waiver.h"
#include "store/store.h"
#include "verify/verify.h"

namespace cardwarden::cli {

constexpr std::size_t kMaxWaivers = 10'000;  // of a log, expired ones included; each costs a signature check

struct ReadWaivers {
  std::vector<GrantedWaiver> granted;
  std::vector<std::string> refused;  // one sentence each: records that do not count, and why
};

Result<ReadWaivers> read_waivers(Store& store, const std::vector<TrustedKey>& keys);
// The waivers of these records only.
Result<ReadWaivers> read_waivers(Store& store, const std::vector<TrustedKey>& keys,
                                 const std::vector<std::string>& record_ids);

// For commands that judge and record nothing: the store whose waivers they honour.
struct WaiverFlags {
  StoreFlags store;
  std::vector<std::string> trust;  // files of public keys whose waivers count
};
void add_waiver_flags(CLI::App& command, WaiverFlags& flags);
void add_trust_flag(CLI::App& command, std::vector<std::string>& trust);

// Gives the session the waivers of the store, as they stand at this hour. Those that no trusted key has
// signed are said on standard error and do not count.
Done take_waivers(World& world, Store& store, const WaiverFlags& flags, Session& session);
// The same, of the store that the flags name; nothing where nobody named one.
Done open_waivers(World& world, const WaiverFlags& flags, Session& session);

}  // namespace cardwarden::cli
