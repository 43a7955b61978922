// SPDX-License-Identifier: Apache-2.0
#include "remote/fault.h"

namespace cardwarden {

std::string_view to_string(RemoteFault fault) {
  switch (fault) {
    case RemoteFault::none:
      return "none";
    case RemoteFault::address:
      return "address";
    case RemoteFault::not_allowed:
      return "not-allowed";
    case RemoteFault::offline:
      return "offline";
    case RemoteFault::host_not_found:
      return "host-not-found";
    case RemoteFault::unreachable:
      return "unreachable";
    case RemoteFault::certificate:
      return "certificate";
    case RemoteFault::denied:
      return "denied";
    case RemoteFault::missing:
      return "missing";
    case RemoteFault::redirect:
      return "redirect";
    case RemoteFault::cut:
      return "cut";
    case RemoteFault::too_large:
      return "too-large";
    case RemoteFault::too_slow:
      return "too-slow";
    case RemoteFault::busy:
      return "busy";
    case RemoteFault::server:
      return "server";
    case RemoteFault::protocol:
      return "protocol";
    case RemoteFault::cache:
      return "cache";
    case RemoteFault::cancelled:
      return "cancelled";
  }
  return "none";
}

}  // namespace cardwarden
