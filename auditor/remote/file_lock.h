// SPDX-License-Identifier: Apache-2.0
#pragma once
// A lock between processes and threads of one machine: an exclusive flock() on a file, which the system gives
// back when its holder ends, however it ends. The file stays. It does not work on network file systems that
// have no locks; there the lock fails to be taken, with ErrorCode::io.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/result.h"

namespace cardwarden {

class FileLock {
 public:
  // Looks at it every kLockPollMs, at most `wait_ms` long; nothing where another held it all the time or
  // `keep_waiting` (asked before every wait, may be empty) says no.
  static Result<std::optional<FileLock>> take(const std::string& path, std::uint32_t wait_ms,
                                              const std::function<bool()>& keep_waiting);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int file) : file_(file) {}
  int file_ = -1;
};

constexpr std::uint32_t kLockPollMs = 100;

}  // namespace cardwarden
