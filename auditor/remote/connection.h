// SPDX-License-Identifier: Apache-2.0
#pragma once
// TCP connections for one fetch, and everything that bounds them: whom they may reach, how many bytes they
// may bring, how long they may take. A fetch may open several connections one after the other; what they
// share is the Traffic. One thread at a time.
//
// The first thing that goes wrong is kept in Traffic::fault with a sentence, because the library between here
// and the caller tells only that something did.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "remote/fault.h"

namespace cardwarden {

// The addresses of a host as numbers ("127.0.0.1", "::1"), or why there are none.
struct Resolved {
  std::vector<std::string> addresses;
  RemoteFault fault = RemoteFault::none;  // host_not_found or unreachable
  std::string reason;
};
using Resolver = std::function<Resolved(const std::string& host)>;

// Asks the system. How long it waits is the system's affair (resolv.conf: by default 10 s for each name
// server).
Resolved resolve_by_system(const std::string& host);

constexpr std::size_t kMaxHostAddresses =
    8;  // tried in their order; enough for two families and a round robin

struct Traffic {
  // Given.
  std::string host;  // the only host and port that connections may reach
  std::uint16_t port = 0;
  bool loopback_only = false;                   // whatever the name resolves to
  std::uint64_t max_bytes = 0;                  // received, over all connections, with headers and encryption
  std::uint32_t connect_ms = 0;                 // for one address
  std::uint32_t idle_ms = 0;                    // without a byte in either direction
  std::uint64_t total_ms = 0;                   // for the whole fetch
  std::function<std::uint64_t()> milliseconds;  // a clock that never goes back
  Resolver resolve;

  // Found.
  std::uint64_t started_ms = 0;  // set by start()
  std::uint64_t received = 0;    // bytes
  bool ended = false;            // the other side closed the connection that was read last
  RemoteFault fault = RemoteFault::none;
  std::string reason;

  void start() { started_ms = milliseconds(); }
  // Notes a fault, if it is the first, and gives false.
  bool fail(RemoteFault what, std::string why);
  // Whether there is time left; `left` is how long the next wait may be, at most `wait_ms`.
  bool has_time(std::uint32_t wait_ms, int& left);
};

class Connection {
 public:
  explicit Connection(Traffic& traffic) : traffic_(traffic) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { close(); }

  // False where it failed; the Traffic says why.
  bool open(const std::string& host, const std::string& port);
  // Bytes read into the buffer, 0 at the end, -1 where it failed.
  long read(char* buffer, std::size_t size);
  // Bytes written, at least 1, or -1 where it failed.
  long write(const char* bytes, std::size_t size);
  void close();

 private:
  bool try_address(const std::string& address, std::string& reason);
  bool wait(short events, std::uint32_t wait_ms, const char* for_what);

  Traffic& traffic_;
  int socket_ = -1;
  bool ended_ = false;
};

}  // namespace cardwarden
