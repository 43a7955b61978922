// SPDX-License-Identifier: Apache-2.0
#include "cli/note_keys.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/files.h"
#include "base/text.h"
#include "cli/key_folder.h"
#include "cli/state.h"

namespace cardwarden::cli {
namespace {

constexpr std::size_t kMaxKeyFileBytes = std::size_t{64} * 1024;

}  // namespace

Result<std::vector<tlog::NoteKey>> read_note_keys(const std::vector<std::string>& named) {
  std::vector<tlog::NoteKey> out;
  for (const std::string& one : named) {
    if (auto key = tlog::parse_vkey(one)) {
      out.push_back(*std::move(key));
      continue;
    }
    const auto text = read_whole_file(one, kMaxKeyFileBytes);
    if (!text) return text.error();
    for (const std::string_view line : text::split(*text, '\n')) {
      if (text::trim(line).empty()) continue;
      auto key = tlog::parse_vkey(text::trim(line));
      if (!key) return Error(key.error().code, key.error().message, one);
      out.push_back(*std::move(key));
    }
  }
  return out;
}

Result<std::vector<tlog::NoteKey>> log_keys(const std::vector<std::string>& named,
                                            const std::string& state_flag) {
  if (!named.empty()) return read_note_keys(named);
  std::vector<tlog::NoteKey> out;
  const auto state = state_folder(state_flag);
  if (!state) return out;
  const auto folder = KeyFolder::open(*state);
  if (!folder) return folder.error();
  const auto keys = folder->list();
  if (!keys) return keys.error();
  for (const KeyFacts& facts : *keys) {
    if (facts.role != "log") continue;
    auto key = note_key_of(facts);
    if (!key) return key.error();
    out.push_back(*std::move(key));
  }
  return out;
}

Result<OpenedCheckpoint> open_under(std::string_view note, const std::vector<tlog::NoteKey>& keys) {
  Error last(ErrorCode::usage, "No key of a log was given; name one by --log-key.");
  for (const tlog::NoteKey& key : keys) {
    auto opened = tlog::open_checkpoint(note, key);
    if (opened) return OpenedCheckpoint{std::move(opened->checkpoint), key};
    last = opened.error();
  }
  return last;
}

Result<FolderLock> FolderLock::take(const std::string& folder) {
  if (auto made = make_private_folder(folder); !made) return made.error();
  const std::string path = folder + "/lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
  if (file < 0) return Error(ErrorCode::io, "The lock cannot be opened.", path);
  while (::flock(file, LOCK_EX) != 0) {
    if (errno == EINTR) continue;
    ::close(file);
    return Error(ErrorCode::io, "The lock cannot be taken.", path);
  }
  return FolderLock(file);
}

FolderLock::FolderLock(FolderLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

FolderLock::~FolderLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace cardwarden::cli
