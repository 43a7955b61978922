// SPDX-License-Identifier: Apache-2.0
// An address of a repository, the same bytes as HF_ENDPOINT, as a token and as a list of hosts.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fuzz/expect.h"
#include "remote/address.h"
#include "remote/settings.h"

using namespace cardwarden;

namespace {

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
}

void expect_url(const Url& url) {
  const std::string text = url.text();
  expect(is_plain(text), "a URL has no blank, control or byte beyond ASCII");
  expect(text.find_first_of("?#%\\") == std::string::npos, "a URL has no query, fragment or escape");
  expect(text.find('@') == std::string::npos || text.find('@') > text.find('/', 8), "a URL has no user");
  expect(text.find("/../") == std::string::npos, "a URL does not climb");
  expect(url.scheme == "https" || is_loopback_host(url.host), "http is for this machine");
  const auto again = parse_url(text, "a URL");
  expect(again && again->text() == text && again->same_origin(url),
         "a URL reads as what it was written from");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const Url hub = parse_url("https://hub.example/models", "hub").value();
  if (const auto address = parse_address(bytes, hub)) {
    expect(address->url.has_value() != !address->path.empty(), "an address is a path or a URL");
    if (address->url) {
      expect_url(*address->url);
      const bool below = address->url->same_origin(hub) && address->url->path.compare(0, 8, "/models/") == 0;
      expect(address->on_hub == below, "what is below the Hub's endpoint is on the Hub, and nothing else");
      const auto again = parse_address(address->url->text(), hub);
      expect(again && again->url && again->url->text() == address->url->text() &&
                 again->on_hub == address->on_hub,
             "an address has one URL");
    }
  }
  if (const auto url = parse_url(bytes, "HF_ENDPOINT")) expect_url(*url);
  Host host;
  host.exists = [](const std::string&) { return false; };
  host.read = [](const std::string&) -> Result<std::string> { return std::string(); };
  host.environment = [&bytes](const std::string& name) -> std::optional<std::string> {
    if (name == "HF_TOKEN" || name == "CARDWARDEN_ALLOWED_HOSTS") return bytes;
    return name == "HOME" ? std::optional<std::string>("/h") : std::nullopt;
  };
  if (const auto settings = remote_settings(host)) {
    expect(settings->token.size() <= kMaxTokenBytes && is_plain(settings->token), "a token fits in a header");
    expect(!host_is_listed(settings->allowed_hosts, ""), "no list holds nothing");
  }
  return 0;
}
