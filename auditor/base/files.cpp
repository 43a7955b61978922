// SPDX-License-Identifier: Apache-2.0
#include "base/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace cardwarden {
namespace {

Error io_error(const std::string& what, const std::string& path, int number) {
  const ErrorCode code = number == ENOENT ? ErrorCode::not_found : ErrorCode::io;
  return {code, what + ": " + std::generic_category().message(number) + ".", path};
}

class File {
 public:
  explicit File(int number) : number_(number) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }
  int close() { return ::close(std::exchange(number_, -1)); }

 private:
  int number_;
};

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

void sync_folder(const std::filesystem::path& path) {
  const std::string folder = path.has_parent_path() ? path.parent_path().string() : ".";
  const File file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (file.number() >= 0) ::fsync(file.number());  // some file systems cannot; the rename stands all the same
}

Result<std::string> read_all(const File& file, const std::string& path, std::size_t max_bytes) {
  std::string out;
  char buffer[65536];
  for (;;) {
    const ssize_t got = ::read(file.number(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return io_error("The file cannot be read", path, errno);
    if (got == 0) return out;
    out.append(buffer, static_cast<std::size_t>(got));
    if (out.size() > max_bytes) {
      return Error(ErrorCode::too_large, "The file has more than " + std::to_string(max_bytes) + " bytes.",
                   path);
    }
  }
}

}  // namespace

Result<std::string> read_whole_file(const std::string& path, std::size_t max_bytes) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) return io_error("The file cannot be opened", path, errno);
  return read_all(file, path, max_bytes);
}

Result<std::string> read_private_file(const std::string& path) {
  // Without O_NONBLOCK a named pipe would hold the program here.
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.number() < 0) return io_error("The file cannot be opened", path, errno);
  struct stat facts = {};
  if (::fstat(file.number(), &facts) != 0) return io_error("The file cannot be looked at", path, errno);
  if (!S_ISREG(facts.st_mode))
    return Error(ErrorCode::usage, "A secret is read from a plain file only.", path);
  if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Error(ErrorCode::usage, "Others than its owner can use this secret file; run: chmod 600 FILE",
                 path);
  }
  if (facts.st_uid != ::geteuid() && facts.st_uid != 0) {
    return Error(ErrorCode::usage, "The secret file belongs to another user.", path);
  }
  return read_all(file, path, kMaxPrivateFileBytes);
}

Result<Nothing> write_private_file(const std::string& path, std::string_view text) {
  File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
  if (file.number() < 0) return io_error("The file cannot be made", path, errno);
  if (!write_all(file.number(), text) || ::fsync(file.number()) != 0 || file.close() != 0) {
    const int number = errno;
    ::unlink(path.c_str());
    return io_error("The file cannot be written", path, number);
  }
  sync_folder(path);
  return Nothing{};
}

namespace {

// Of a regular file that is opened for reading. Nothing is followed and nothing waits: a name may be hostile.
Result<std::uint64_t> open_size(const File& file, const std::string& path) {
  if (file.number() < 0) return io_error("The file cannot be opened", path, errno);
  struct stat about = {};
  if (::fstat(file.number(), &about) != 0) return io_error("The file cannot be read", path, errno);
  if (!S_ISREG(about.st_mode)) return Error(ErrorCode::format, "Expected a regular file.", path);
  return static_cast<std::uint64_t>(about.st_size);
}

constexpr int kCarefully = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;

}  // namespace

Result<std::uint64_t> regular_file_size(const std::string& path) {
  return open_size(File(::open(path.c_str(), kCarefully)), path);
}

Result<std::string> read_file_part(const std::string& path, std::uint64_t offset, std::size_t count) {
  const File file(::open(path.c_str(), kCarefully));
  const auto size = open_size(file, path);
  if (!size) return size.error();
  if (offset > *size || count > *size - offset) {
    return Error(ErrorCode::format, "Expected more bytes than the file has.", path);
  }
  std::string out(count, '\0');
  for (std::size_t done = 0; done < count;) {
    const ssize_t got =
        ::pread(file.number(), out.data() + done, count - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return io_error("The file cannot be read", path, errno);
    if (got == 0) return Error(ErrorCode::io, "The file became shorter while it was read.", path);
    done += static_cast<std::size_t>(got);
  }
  return out;
}

Result<Nothing> write_file_atomically(const std::string& path, std::string_view text) {
  std::error_code ignored;
  std::filesystem::path target(path);
  if (std::filesystem::is_symlink(target, ignored)) {
    const auto real = std::filesystem::weakly_canonical(target, ignored);
    if (!ignored) target = real;
  }
  struct stat old = {};
  const mode_t mode = ::stat(target.c_str(), &old) == 0 ? old.st_mode & 07777U : 0666U;
  const std::string temporary = target.string() + ".new-" + std::to_string(::getpid());
  File file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
  if (file.number() < 0) return io_error("The file cannot be written", path, errno);
  const bool written = write_all(file.number(), text) && ::fsync(file.number()) == 0 && file.close() == 0 &&
                       ::rename(temporary.c_str(), target.c_str()) == 0;
  if (!written) {
    const int number = errno;
    ::unlink(temporary.c_str());
    return io_error("The file cannot be written", path, number);
  }
  sync_folder(target);
  return Nothing{};
}

Host system_host() {
  Host host;
  host.exists = [](const std::string& path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
  };
  host.read = [](const std::string& path) { return read_whole_file(path); };
  host.environment = [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
  return host;
}

}  // namespace cardwarden
