// SPDX-License-Identifier: Apache-2.0
#pragma once
// A repository by its address, as a folder of this machine that Repository::open() takes. What is elsewhere
// is kept in a cache as a bare repository and brought up to date by a fetch each time.
//
// The cache has, for each URL, three names made of the URL's SHA-256: DIGEST.git is the repository,
// DIGEST.lock the lock of whoever fetches it, DIGEST.new a clone that is being made. A clone takes its name
// only when it is whole, so DIGEST.git is never half written; its file `description` names the URL. A reader
// needs no lock: a fetch only adds objects and moves references. Any of it may be deleted while no fetch
// runs.
//
// Threads may open repositories at the same time.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "remote/fault.h"
#include "remote/fetch.h"
#include "remote/settings.h"

namespace cardwarden {

struct RemoteOptions {
  RemoteSettings settings;
  RemoteLimits limits;
  std::function<std::uint64_t()> milliseconds;  // a clock that never goes back; required
  ProgressFunction progress;                    // may be empty
  Resolver resolve = resolve_by_system;
};

struct Fetched {
  std::string path;         // for Repository::open()
  std::string url;          // empty for a local path
  bool on_hub = false;      // the URL is below the Hub's endpoint
  bool was_cached = false;  // there was a copy before
  bool is_current =
      false;  // local, or fetched now; false: the copy as it was left, because of HF_HUB_OFFLINE
  std::uint64_t objects = 0;  // received
  std::uint64_t bytes = 0;    // received
};

// Local paths are given back as they are, without a look at them. Where it fails the Error says what to do,
// and `fault`, where it is not null, why. ErrorCode: usage for the address, its host and being offline;
// not_found for a host or repository that is not there; too_large for bounds; io for the rest.
Result<Fetched> open_repository(std::string_view address, const RemoteOptions& options,
                                RemoteFault* fault = nullptr);

// The folder of a URL's copy, whether it is there or not.
std::string cached_repository(const RemoteSettings& settings, const Url& url);

}  // namespace cardwarden
