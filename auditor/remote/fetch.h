// SPDX-License-Identifier: Apache-2.0
#pragma once
// One fetch by libgit2 into a bare repository: all branches and tags of the remote, and where its HEAD
// points. Files of Git LFS are pointers in git and stay so; nothing here asks for their content. What the
// server sends is hostile: bytes, objects, references and time are bounded, and nothing it says is shown
// unescaped.

#include <cstdint>
#include <functional>
#include <string>

#include "remote/address.h"
#include "remote/connection.h"
#include "remote/fault.h"

namespace cardwarden {

// Defaults for a person at a terminal. A repository of the Hub without its LFS content has rarely more than
// 100 MB and 100,000 objects; the bounds leave room for data sets that keep their files in git.
constexpr std::uint64_t kMaxFetchBytes = std::uint64_t{2} << 30U;
constexpr std::uint64_t kMaxFetchObjects = 5'000'000;
constexpr std::size_t kMaxFetchReferences = 100'000;                   // as kMaxReferences of a repository
constexpr std::size_t kMaxFetchObjectBytes = std::size_t{512} << 20U;  // of one object when unpacked
constexpr std::uint64_t kMaxFetchMs = 1'800'000;
constexpr std::uint32_t kMaxIdleMs = 60'000;  // packing a large history takes a server a while
constexpr std::uint32_t kMaxConnectMs = 15'000;
constexpr std::uint32_t kMaxLockWaitMs = 600'000;

struct RemoteLimits {
  std::uint64_t bytes = kMaxFetchBytes;  // received, as they come over the wire
  std::uint64_t objects = kMaxFetchObjects;
  std::size_t references = kMaxFetchReferences;
  std::uint64_t total_ms = kMaxFetchMs;         // of the fetch, without the wait for the lock
  std::uint32_t idle_ms = kMaxIdleMs;           // without a byte
  std::uint32_t connect_ms = kMaxConnectMs;     // to one address
  std::uint32_t lock_wait_ms = kMaxLockWaitMs;  // while another process fetches the same repository
};

struct FetchProgress {
  enum class Phase : std::uint8_t { waiting, connecting, receiving, resolving };
  Phase phase = Phase::connecting;
  std::uint64_t objects = 0;  // received, or resolved in the last phase
  std::uint64_t total = 0;    // of objects; 0 while unknown
  std::uint64_t bytes = 0;    // received
};
// Called often, on the thread of the fetch. False stops it with RemoteFault::cancelled.
using ProgressFunction = std::function<bool(const FetchProgress&)>;

struct FetchJob {
  std::string folder;  // of a bare repository
  Url url;
  std::string token;         // empty: none. Sent only where the server asks for one
  std::string certificates;  // PEM file; empty: as before. For the whole process: libgit2 has one list
  std::uint64_t max_objects = 0;
  std::size_t max_references = 0;
  ProgressFunction progress;  // may be empty
};

struct FetchOutcome {
  RemoteFault fault = RemoteFault::none;
  std::string reason;         // a sentence or two
  std::uint64_t objects = 0;  // received; 0 where nothing was new
};

// A bare repository that is empty. False with the reason.
bool make_bare_repository(const std::string& folder, std::string& reason);

// The references are moved only when all objects are there, so that a fetch that fails leaves what was.
FetchOutcome fetch(const FetchJob& job, Traffic& traffic);

}  // namespace cardwarden
