// SPDX-License-Identifier: Apache-2.0
#include "remote/connection.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>

#include "base/text.h"

namespace cardwarden {
namespace {

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

std::string seconds(std::uint64_t milliseconds) {
  return milliseconds % 1000 == 0 ? std::to_string(milliseconds / 1000) + " s"
                                  : std::to_string(milliseconds) + " ms";
}

std::string reason_of(int number) { return std::generic_category().message(number); }

bool is_loopback(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, address, sizeof v4);
    return (ntohl(v4.sin_addr.s_addr) >> 24U) == 127;
  }
  if (address->sa_family != AF_INET6) return false;
  sockaddr_in6 v6;
  std::memcpy(&v6, address, sizeof v6);
  return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) != 0;
}

}  // namespace

Resolved resolve_by_system(const std::string& host) {
  addrinfo hints = {};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
  const Addresses owned(found);
  Resolved out;
  if (code != 0) {
    const bool unknown = code == EAI_NONAME || code == EAI_NODATA || code == EAI_ADDRFAMILY;
    out.fault = unknown ? RemoteFault::host_not_found : RemoteFault::unreachable;
    out.reason = ::gai_strerror(code);
    return out;
  }
  for (const addrinfo* one = found; one != nullptr && out.addresses.size() < kMaxHostAddresses;
       one = one->ai_next) {
    char name[NI_MAXHOST];
    if (::getnameinfo(one->ai_addr, one->ai_addrlen, name, sizeof name, nullptr, 0, NI_NUMERICHOST) == 0) {
      out.addresses.emplace_back(name);
    }
  }
  return out;
}

bool Traffic::fail(RemoteFault what, std::string why) {
  if (fault == RemoteFault::none) {
    fault = what;
    reason = std::move(why);
  }
  return false;
}

bool Traffic::has_time(std::uint32_t wait_ms, int& left) {
  const std::uint64_t spent = milliseconds() - started_ms;
  if (spent >= total_ms) {
    return fail(RemoteFault::too_slow,
                "The fetch took more than " + seconds(total_ms) + " (RemoteLimits::total_ms).");
  }
  left = static_cast<int>(std::min<std::uint64_t>({wait_ms, total_ms - spent, 1U << 30U}));
  return true;
}

bool Connection::wait(short events, std::uint32_t wait_ms, const char* for_what) {
  for (;;) {
    int left = 0;
    if (!traffic_.has_time(wait_ms, left)) return false;
    pollfd waited = {socket_, events, 0};
    const int ready = ::poll(&waited, 1, left);
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) {
      return traffic_.fail(RemoteFault::unreachable, "The connection failed: " + reason_of(errno) + ".");
    }
    if (ready < 0) continue;
    if (!traffic_.has_time(wait_ms, left)) return false;
    return traffic_.fail(RemoteFault::too_slow, std::string(for_what) + " for " +
                                                    seconds(static_cast<std::uint64_t>(wait_ms)) +
                                                    " (RemoteLimits::idle_ms).");
  }
}

// One address of the host. False with the reason where there is no answer, so that the next can be tried.
bool Connection::try_address(const std::string& address, std::string& reason) {
  addrinfo hints = {};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (::getaddrinfo(address.c_str(), std::to_string(traffic_.port).c_str(), &hints, &found) != 0) {
    reason = "'" + address + "' is no address";
    return false;
  }
  const Addresses owned(found);
  if (traffic_.loopback_only && !is_loopback(found->ai_addr)) {
    reason = "http:// is for this machine only, and " + address + " is another";
    return false;
  }
  socket_ = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket_ < 0) {
    reason = reason_of(errno);
    return false;
  }
  const int yes = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (::connect(socket_, found->ai_addr, found->ai_addrlen) == 0) return true;
  if (errno == EINPROGRESS || errno == EINTR) {
    int left = 0;
    if (!traffic_.has_time(traffic_.connect_ms, left)) return false;
    pollfd waited = {socket_, POLLOUT, 0};
    const int ready = ::poll(&waited, 1, left);
    int number = ETIMEDOUT;
    socklen_t size = sizeof number;
    if (ready > 0) ::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &number, &size);
    if (ready > 0 && number == 0) return true;
    reason = ready == 0 ? "no answer for " + seconds(static_cast<std::uint64_t>(left)) +
                              " (RemoteLimits::connect_ms)"
                        : reason_of(number);
  } else {
    reason = reason_of(errno);
  }
  close();
  return false;
}

bool Connection::open(const std::string& host, const std::string& port) {
  // A redirect could have led here; nobody but the host of the address is talked to.
  if (!text::equal_ignoring_case(host, traffic_.host) || port != std::to_string(traffic_.port)) {
    return traffic_.fail(RemoteFault::redirect,
                         "The server points to " + host + ":" + port + ", not to " + traffic_.host + ":" +
                             std::to_string(traffic_.port) +
                             " of the address. Redirects to other hosts or ports are not followed.");
  }
  close();
  const Resolved resolved = traffic_.resolve(host);
  if (resolved.fault == RemoteFault::host_not_found) {
    return traffic_.fail(RemoteFault::host_not_found,
                         "There is no host '" + host + "' (" + resolved.reason + "). Check the address.");
  }
  std::string reason = resolved.fault == RemoteFault::none
                           ? "it has no address"
                           : "its name cannot be looked up now (" + resolved.reason + ")";
  std::size_t tried = 0;
  for (const std::string& address : resolved.addresses) {
    if (++tried > kMaxHostAddresses) break;
    if (try_address(address, reason)) return true;
    if (traffic_.fault != RemoteFault::none) return false;
  }
  return traffic_.fail(RemoteFault::unreachable,
                       "The host '" + host + "' cannot be reached on port " + port + ": " + reason + ".");
}

long Connection::read(char* buffer, std::size_t size) {
  if (ended_) {
    traffic_.fail(RemoteFault::cut, "The server closed the connection before its answer was complete.");
    return -1;
  }
  for (;;) {
    if (!wait(POLLIN, traffic_.idle_ms, "The server sent nothing")) return -1;
    const ssize_t got = ::recv(socket_, buffer, size, 0);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got < 0) {
      traffic_.fail(RemoteFault::cut, "The connection was cut: " + reason_of(errno) + ".");
      return -1;
    }
    traffic_.ended = ended_ = got == 0;
    traffic_.received += static_cast<std::uint64_t>(got);
    if (traffic_.received > traffic_.max_bytes) {
      traffic_.fail(RemoteFault::too_large, "The server sent more than " +
                                                std::to_string(traffic_.max_bytes) +
                                                " bytes (RemoteLimits::bytes).");
      return -1;
    }
    return static_cast<long>(got);
  }
}

long Connection::write(const char* bytes, std::size_t size) {
  for (;;) {
    if (!wait(POLLOUT, traffic_.idle_ms, "The server took nothing")) return -1;
    const ssize_t put = ::send(socket_, bytes, size, MSG_NOSIGNAL);
    if (put > 0) return static_cast<long>(put);
    if (put < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    traffic_.fail(RemoteFault::cut, "The connection was cut: " + reason_of(errno) + ".");
    return -1;
  }
}

void Connection::close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
  ended_ = false;
}

}  // namespace cardwarden
