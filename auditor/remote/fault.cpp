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

std::string_view what_to_do(RemoteFault fault) {
  switch (fault) {
    case RemoteFault::none:
    case RemoteFault::address:
    case RemoteFault::not_allowed:
    case RemoteFault::host_not_found:
    case RemoteFault::denied:
    case RemoteFault::missing:
    case RemoteFault::cancelled:
      return "";
    case RemoteFault::offline:
      return "Unset the variable, or fetch the repository once while the network is on.";
    case RemoteFault::unreachable:
      return "Check the network and the port of the address, then try again.";
    case RemoteFault::certificate:
      return "Where your network has certificates of its own, set SSL_CERT_FILE.";
    case RemoteFault::redirect:
      return "If the repository has moved, name it by its new address; its host has to be allowed "
             "(CARDWARDEN_ALLOWED_HOSTS).";
    case RemoteFault::cut:
      return "Try again; if it ends early again, clone the repository with git and name the folder.";
    case RemoteFault::too_large:
    case RemoteFault::too_slow:
      return "Clone the repository with git, without its LFS files (GIT_LFS_SKIP_SMUDGE=1), and name the "
             "folder.";
    case RemoteFault::busy:
      return "Wait until it is done, or stop it, then try again.";
    case RemoteFault::server:
      return "Try again later.";
    case RemoteFault::protocol:
      return "Check that the address is the one that git clones from.";
    case RemoteFault::cache:
      return "Check that the cache folder is yours and has room, or set XDG_CACHE_HOME to another.";
  }
  return "";
}

}  // namespace cardwarden
