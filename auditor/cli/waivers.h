// SPDX-License-Identifier: Apache-2.0
#pragma once
// Waivers out of a store, each with its signature checked.

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
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

}  // namespace cardwarden::cli
