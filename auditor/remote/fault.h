// SPDX-License-Identifier: Apache-2.0
#pragma once
// Why a repository at an address cannot be had. The Error beside it is for people; this is for programs that
// decide what to do next (ask for a token, try again later, give up).

#include <cstdint>
#include <string_view>

namespace cardwarden {

enum class RemoteFault : std::uint8_t {
  none,
  address,         // the address or a setting is not written as it should be
  not_allowed,     // the host is not on the list of allowed hosts
  offline,         // the network is switched off by a setting, and the cache has no copy
  host_not_found,  // no such host
  unreachable,     // no connection: dead network, closed port, silent name server
  certificate,     // the certificate of the server is not valid for the host
  denied,          // a token is wanted, is wrong, or gives no access (401, 403)
  missing,         // no such repository (404, 410)
  redirect,        // the server points to another host or port
  cut,             // the connection ended before the answer did
  too_large,       // over a bound on bytes, objects or references
  too_slow,        // over a bound on time
  busy,            // another process holds the cached copy
  server,          // the server says it cannot now (429, 5xx)
  protocol,        // the answer is not one of a git server
  cache,           // the cache cannot be read or written
  cancelled,       // the caller's progress function said so
};

std::string_view to_string(RemoteFault fault);  // "host-not-found", stable

// What a person can do about it: a sentence or two for the end of the error about a repository. Empty where
// it depends on what happened, so that the reason itself says it, and for `cancelled`.
std::string_view what_to_do(RemoteFault fault);

}  // namespace cardwarden
