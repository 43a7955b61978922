// SPDX-License-Identifier: Apache-2.0
#pragma once
// The keys of logs and witnesses that a person names on the command line, and what is done under them.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "log/checkpoint.h"
#include "log/note.h"

namespace cardwarden::cli {

// Each is a key as a log or witness publishes it (name+id+base64), or a file with one on each line.
Result<std::vector<tlog::NoteKey>> read_note_keys(const std::vector<std::string>& named);

// The keys named, else the log keys of this machine, older ones too; may be none.
Result<std::vector<tlog::NoteKey>> log_keys(const std::vector<std::string>& named,
                                            const std::string& state_flag);

// The checkpoint and whichever of the keys has signed it; at least one key.
struct OpenedCheckpoint {
  tlog::Checkpoint checkpoint;
  tlog::NoteKey key;
};
Result<OpenedCheckpoint> open_under(std::string_view note, const std::vector<tlog::NoteKey>& keys);

// Held while one process signs or replaces a checkpoint; the next one waits. Released with the object.
class FolderLock {
 public:
  static Result<FolderLock> take(const std::string& folder);
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int file) : file_(file) {}
  int file_;
};

}  // namespace cardwarden::cli
