// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a user writes to name a repository: a path, an address on the Hub, or a URL. Pure functions, strict:
// an address that is not understood in full is ErrorCode::usage with the reason, never a guess.
//
//   hf:org/name  hf:name  hf:datasets/org/name  hf:spaces/org/name     (hf:// is the same)
//   https://host[:port]/path          http://… on this machine only
//   anything else: a local path

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace cardwarden {

constexpr std::size_t kMaxAddressBytes = 1024;  // twice what a Hub address with the longest names needs
// Bounds of the Hub on names of repositories and of DNS on names of hosts (RFC 1035 2.3.4).
constexpr std::size_t kMaxHubIdBytes = 96;
constexpr std::size_t kMaxHostBytes = 253;
constexpr std::size_t kMaxHostLabelBytes = 63;

// A URL without user, query and fragment; scheme and host in lower case.
struct Url {
  std::string scheme;  // "https" or "http"
  std::string host;    // a name, an IPv4 address, or "::1"
  std::uint16_t port = 0;
  std::string path;  // empty, or starts with a slash and does not end with one

  std::string text() const;  // one text for one repository: no default port, no slash at the end
  bool same_origin(const Url& other) const {
    return scheme == other.scheme && host == other.host && port == other.port;
  }
};

struct Address {
  std::string shown;       // as it was written
  std::string path;        // of a local repository; empty when remote
  std::optional<Url> url;  // of a remote one
  bool on_hub = false;     // the URL is below the Hub's endpoint: the Hub's token may be sent
};

// `hub` is the Hub's endpoint, which may have a path of its own.
Result<Address> parse_address(std::string_view text, const Url& hub);

// `what` begins the message of an error: "HF_ENDPOINT".
Result<Url> parse_url(std::string_view text, std::string_view what);

bool is_loopback_host(std::string_view host);  // "localhost", 127.0.0.0/8, "::1"

// Whether a list of hosts has this one. "*.example.org" stands for every host below example.org.
bool host_is_listed(const std::vector<std::string>& list, std::string_view host);

}  // namespace cardwarden
