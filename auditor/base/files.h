// SPDX-License-Identifier: Apache-2.0
#pragma once
// The door to the file system and the environment for policies, configuration and baselines. It is handed in,
// so that tests need neither.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace cardwarden {

struct Host {
  std::function<bool(const std::string& path)> exists;
  std::function<Result<std::string>(const std::string& path)> read;
  std::function<std::optional<std::string>(const std::string& name)> environment;
};

Host system_host();

constexpr std::size_t kMaxFileBytes = std::size_t{256} * 1024 * 1024;

Result<std::string> read_whole_file(const std::string& path, std::size_t max_bytes = kMaxFileBytes);

// The size of a regular file in bytes; a symbolic link, a folder or a device is an Error.
Result<std::uint64_t> regular_file_size(const std::string& path);
// `count` bytes of a regular file from `offset`; fewer is an Error.
Result<std::string> read_file_part(const std::string& path, std::uint64_t offset, std::size_t count);

// Writes beside the file and renames, so that a reader sees the old text or the new one, whatever happens.
// The text is on the disk when this returns. A symbolic link keeps standing; the file it names is replaced.
Result<Nothing> write_file_atomically(const std::string& path, std::string_view text);

// A file with a secret. Refused with ErrorCode::usage when somebody but its owner could read or change it, or
// when it is no plain file; the check is of the file that is then read, not of a name that may change.
constexpr std::size_t kMaxPrivateFileBytes = std::size_t{64} * 1024;
Result<std::string> read_private_file(const std::string& path);

// Makes a new file that only its owner can read and write. A file that is there already is an error.
Result<Nothing> write_private_file(const std::string& path, std::string_view text);

}  // namespace cardwarden
