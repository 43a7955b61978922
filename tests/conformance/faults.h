// SPDX-License-Identifier: Apache-2.0
#pragma once
// Disks and networks that fail where a test wants them to. For child processes and threads of the crash
// tests.

#include <cstdint>
#include <memory>
#include <string>

namespace cardwarden::testing {

enum class DiskFault {
  kill,        // the program is killed before the operation
  torn,        // half of the write reaches the file, then the program is killed
  power_loss,  // of the writes since the last sync some are lost, some torn, some kept; the program is killed
  short_write,  // the operation fails in its middle, once
  full,         // no byte fits any more for a while
};

// From now on SQLite's files in this process go through a disk that fails at its `at`-th write, sync,
// truncation or deletion, counted from 1. Call it in a child process: it cannot be taken back.
void install_faulty_disk(DiskFault fault, std::uint64_t at);

// A socket in `folder` that leads to the one in `server_folder`, and cuts connections at one of
// three COMMITs: before the server hears of it, or when it has answered and the client has not heard.
class CommitCutter {
 public:
  CommitCutter(const std::string& folder, const std::string& server_folder);
  CommitCutter(const CommitCutter&) = delete;
  CommitCutter& operator=(const CommitCutter&) = delete;
  ~CommitCutter();
  int unheard() const;     // commits that never reached the server
  int unanswered() const;  // commits whose answer never reached the client

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cardwarden::testing
