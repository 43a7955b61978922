// SPDX-License-Identifier: Apache-2.0
#include "conformance/faults.h"

#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <random>
#include <stdexcept>
#include <thread>
#include <vector>

namespace cardwarden::testing {
namespace {

constexpr int kSector = 512;        // what a disk writes whole or not at all
constexpr std::uint64_t kFull = 6;  // operations for which a full disk stays full

struct Write {
  sqlite3_int64 offset;
  std::string before;
  sqlite3_int64 size_before;
  std::string after;
};

struct FaultyFile {
  sqlite3_file base;
  sqlite3_file* real;
  std::vector<Write>* unsynced;
};

DiskFault fault_of_disk = DiskFault::kill;
std::uint64_t fails_at = 0;
std::uint64_t operations = 0;
std::vector<FaultyFile*> open_files;
sqlite3_vfs* real_vfs = nullptr;

FaultyFile& self(sqlite3_file* file) { return *reinterpret_cast<FaultyFile*>(file); }

[[noreturn]] void die() {
  ::kill(::getpid(), SIGKILL);
  for (;;) ::pause();
}

// The files as a disk may have them: first as they were at the last sync, then some of the writes since.
[[noreturn]] void lose_power() {
  std::mt19937 random(static_cast<std::mt19937::result_type>(fails_at));
  for (FaultyFile* file : open_files) {
    const auto* io = file->real->pMethods;
    std::vector<Write>& writes = *file->unsynced;
    for (auto write = writes.rbegin(); write != writes.rend(); ++write) {
      if (!write->before.empty())
        io->xWrite(file->real, write->before.data(), static_cast<int>(write->before.size()), write->offset);
      io->xTruncate(file->real, write->size_before);
    }
    for (const Write& write : writes) {
      auto size = static_cast<int>(write.after.size());
      const auto chance = random() % 3;
      if (chance == 0) continue;
      if (chance == 1) size = std::min(size, static_cast<int>(random() % 9) * kSector);
      if (size > 0) io->xWrite(file->real, write.after.data(), size, write.offset);
    }
  }
  die();
}

// What becomes of this operation; does not return when it is the last.
int next_operation(int failure) {
  ++operations;
  const bool once = operations == fails_at;
  if (fault_of_disk == DiskFault::full)
    return operations >= fails_at && operations < fails_at + kFull ? SQLITE_FULL : SQLITE_OK;
  if (!once) return SQLITE_OK;
  if (fault_of_disk == DiskFault::kill) die();
  if (fault_of_disk == DiskFault::power_loss) lose_power();
  return failure;
}

int close_file(sqlite3_file* file) {
  FaultyFile& mine = self(file);
  open_files.erase(std::find(open_files.begin(), open_files.end(), &mine));
  delete mine.unsynced;
  return mine.real->pMethods->xClose(mine.real);
}

int write_file(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  FaultyFile& mine = self(file);
  const auto* io = mine.real->pMethods;
  const int code = next_operation(SQLITE_IOERR_WRITE);
  if (code == SQLITE_FULL) return code;
  if (code != SQLITE_OK) {
    io->xWrite(mine.real, bytes, size / 2, offset);
    if (fault_of_disk == DiskFault::torn) die();
    return code;
  }
  Write one{offset, std::string(static_cast<std::size_t>(size), '\0'), 0,
            std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size))};
  io->xFileSize(mine.real, &one.size_before);
  const sqlite3_int64 there = std::clamp<sqlite3_int64>(one.size_before - offset, 0, size);
  one.before.resize(static_cast<std::size_t>(there));
  if (there > 0) io->xRead(mine.real, one.before.data(), static_cast<int>(there), offset);
  mine.unsynced->push_back(std::move(one));
  return io->xWrite(mine.real, bytes, size, offset);
}

int sync_file(sqlite3_file* file, int flags) {
  FaultyFile& mine = self(file);
  const int code = next_operation(SQLITE_IOERR_FSYNC);
  if (fault_of_disk == DiskFault::torn && code != SQLITE_OK) die();
  if (code != SQLITE_OK) return code;
  mine.unsynced->clear();
  return mine.real->pMethods->xSync(mine.real, flags);
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  FaultyFile& mine = self(file);
  const int code = next_operation(SQLITE_IOERR_TRUNCATE);
  if (fault_of_disk == DiskFault::torn && code != SQLITE_OK) die();
  if (code != SQLITE_OK) return code;
  mine.unsynced->clear();  // what a truncation leaves is taken as synced
  return mine.real->pMethods->xTruncate(mine.real, size);
}

template <auto Method, typename... Values>
int pass(sqlite3_file* file, Values... values) {
  FaultyFile& mine = self(file);
  return (mine.real->pMethods->*Method)(mine.real, values...);
}

void barrier(sqlite3_file* file) { self(file).real->pMethods->xShmBarrier(self(file).real); }

const sqlite3_io_methods kMethods = {
    2,  // without memory mapping
    &close_file,
    &pass<&sqlite3_io_methods::xRead, void*, int, sqlite3_int64>,
    &write_file,
    &truncate_file,
    &sync_file,
    &pass<&sqlite3_io_methods::xFileSize, sqlite3_int64*>,
    &pass<&sqlite3_io_methods::xLock, int>,
    &pass<&sqlite3_io_methods::xUnlock, int>,
    &pass<&sqlite3_io_methods::xCheckReservedLock, int*>,
    &pass<&sqlite3_io_methods::xFileControl, int, void*>,
    &pass<&sqlite3_io_methods::xSectorSize>,
    &pass<&sqlite3_io_methods::xDeviceCharacteristics>,
    &pass<&sqlite3_io_methods::xShmMap, int, int, int, void volatile**>,
    &pass<&sqlite3_io_methods::xShmLock, int, int, int>,
    &barrier,
    &pass<&sqlite3_io_methods::xShmUnmap, int>,
    nullptr,
    nullptr,
};

int open_file(sqlite3_vfs*, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags) {
  FaultyFile& mine = self(file);
  mine.real = reinterpret_cast<sqlite3_file*>(&mine + 1);
  mine.base.pMethods = nullptr;
  const int code = real_vfs->xOpen(real_vfs, name, mine.real, flags, out_flags);
  if (mine.real->pMethods == nullptr) return code;
  mine.base.pMethods = &kMethods;
  mine.unsynced = new std::vector<Write>();
  open_files.push_back(&mine);
  return code;
}

int delete_file(sqlite3_vfs*, const char* name, int sync) {
  const int code = next_operation(SQLITE_IOERR_DELETE);
  if (fault_of_disk == DiskFault::torn && code != SQLITE_OK) die();
  return code != SQLITE_OK ? code : real_vfs->xDelete(real_vfs, name, sync);
}

}  // namespace

void install_faulty_disk(DiskFault fault, std::uint64_t at) {
  fault_of_disk = fault;
  fails_at = at;
  real_vfs = sqlite3_vfs_find(nullptr);
  static sqlite3_vfs mine = *real_vfs;
  mine.zName = "faulty";
  mine.szOsFile = static_cast<int>(sizeof(FaultyFile)) + real_vfs->szOsFile;
  mine.xOpen = &open_file;
  mine.xDelete = &delete_file;
  mine.pNext = nullptr;
  if (sqlite3_vfs_register(&mine, 1) != SQLITE_OK) throw std::runtime_error("no faulty disk");
}

struct CommitCutter::State {
  std::string server;
  int listener = -1;
  int wake[2] = {-1, -1};
  std::thread thread;
  std::atomic<int> unheard{0};
  std::atomic<int> unanswered{0};
  std::mt19937 random{5};

  struct Pair {
    int client;
    int behind;
    bool cut_at_answer;
  };

  static sockaddr_un address(const std::string& folder) {
    sockaddr_un out{};
    out.sun_family = AF_UNIX;
    const std::string path = folder + "/.s.PGSQL.5432";
    if (path.size() >= sizeof out.sun_path) throw std::runtime_error("the path of a socket is too long");
    std::memcpy(out.sun_path, path.c_str(), path.size() + 1);
    return out;
  }

  // False when the connection is to be dropped.
  bool forward(Pair& pair, bool from_client) {
    char buffer[1U << 16U];
    const ssize_t size = ::read(from_client ? pair.client : pair.behind, buffer, sizeof buffer);
    if (size <= 0) return false;
    if (from_client &&
        std::string_view(buffer, static_cast<std::size_t>(size)).find("COMMIT") != std::string_view::npos) {
      const auto chance = random() % 6;
      if (chance == 0) {
        ++unheard;
        return false;
      }
      pair.cut_at_answer = chance == 1;
    } else if (!from_client && pair.cut_at_answer) {
      ++unanswered;
      return false;
    }
    for (ssize_t done = 0; done < size;) {
      const ssize_t written = ::send(from_client ? pair.behind : pair.client, buffer + done,
                                     static_cast<std::size_t>(size - done), MSG_NOSIGNAL);
      if (written <= 0) return false;
      done += written;
    }
    return true;
  }

  void accept_one(std::vector<Pair>& pairs) {
    const int client = ::accept(listener, nullptr, nullptr);
    if (client < 0) return;
    const int behind = ::socket(AF_UNIX, SOCK_STREAM, 0);
    const sockaddr_un there = address(server);
    if (::connect(behind, reinterpret_cast<const sockaddr*>(&there), sizeof there) != 0) {
      ::close(client);
      ::close(behind);
      return;
    }
    pairs.push_back({client, behind, false});
  }

  void run() {
    std::vector<Pair> pairs;
    for (;;) {
      std::vector<pollfd> waiting = {{wake[0], POLLIN, 0}, {listener, POLLIN, 0}};
      for (const Pair& pair : pairs) {
        waiting.push_back({pair.client, POLLIN, 0});
        waiting.push_back({pair.behind, POLLIN, 0});
      }
      ::poll(waiting.data(), waiting.size(), -1);
      if (waiting[0].revents != 0) break;
      std::vector<Pair> kept;
      for (std::size_t i = 0; i < pairs.size(); ++i) {
        bool alive = true;
        if (waiting[2 + 2 * i].revents != 0) alive = forward(pairs[i], true);
        if (alive && waiting[3 + 2 * i].revents != 0) alive = forward(pairs[i], false);
        if (alive) {
          kept.push_back(pairs[i]);
        } else {
          ::close(pairs[i].client);
          ::close(pairs[i].behind);
        }
      }
      pairs = std::move(kept);
      if (waiting[1].revents != 0) accept_one(pairs);
    }
    for (const Pair& pair : pairs) {
      ::close(pair.client);
      ::close(pair.behind);
    }
  }
};

CommitCutter::CommitCutter(const std::string& folder, const std::string& server_folder)
    : state_(std::make_unique<State>()) {
  state_->server = server_folder;
  state_->listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
  const sockaddr_un here = State::address(folder);
  if (::bind(state_->listener, reinterpret_cast<const sockaddr*>(&here), sizeof here) != 0 ||
      ::listen(state_->listener, 8) != 0 || ::pipe(state_->wake) != 0) {
    throw std::runtime_error("no socket for the cutter");
  }
  state_->thread = std::thread([this] { state_->run(); });
}

CommitCutter::~CommitCutter() {
  static_cast<void>(::write(state_->wake[1], "x", 1));
  state_->thread.join();
  for (const int end : {state_->listener, state_->wake[0], state_->wake[1]}) ::close(end);
}

int CommitCutter::unheard() const { return state_->unheard; }
int CommitCutter::unanswered() const { return state_->unanswered; }

}  // namespace cardwarden::testing
