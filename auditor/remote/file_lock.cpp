// SPDX-License-Identifier: Apache-2.0
#include "remote/file_lock.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace cardwarden {

FileLock::FileLock(FileLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

FileLock::~FileLock() {
  if (file_ >= 0) ::close(file_);
}

Result<std::optional<FileLock>> FileLock::take(const std::string& path, std::uint32_t wait_ms,
                                               const std::function<bool()>& keep_waiting) {
  const auto failed = [&path](int number) {
    return Error(ErrorCode::io, "The lock cannot be taken: " + std::generic_category().message(number) + ".",
                 path);
  };
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return failed(errno);
  FileLock lock(file);
  for (std::uint32_t waited = 0;; waited += kLockPollMs) {
    if (::flock(file, LOCK_EX | LOCK_NB) == 0) return std::optional<FileLock>(std::move(lock));
    if (errno != EWOULDBLOCK && errno != EINTR) return failed(errno);
    if (waited >= wait_ms || (keep_waiting && !keep_waiting())) return std::optional<FileLock>();
    ::poll(nullptr, 0, static_cast<int>(kLockPollMs));
  }
}

}  // namespace cardwarden
