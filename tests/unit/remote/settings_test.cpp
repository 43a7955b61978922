// SPDX-License-Identifier: Apache-2.0
#include "remote/settings.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

namespace cardwarden::testing {
namespace {

using Texts = std::map<std::string, std::string>;

Result<RemoteSettings> settings(const Texts& variables, const Texts& files = {}) {
  Host host;
  host.environment = [&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
  host.exists = [&](const std::string& path) { return files.count(path) != 0; };
  host.read = [&](const std::string& path) -> Result<std::string> { return files.at(path); };
  return remote_settings(host);
}

RemoteSettings good(const Texts& variables, const Texts& files = {}) {
  auto out = settings(variables, files);
  INFO((out ? std::string() : out.error().text()));
  REQUIRE(out);
  return *out;
}

bool lists(const RemoteSettings& settings, const std::string& host) {
  return std::count(settings.allowed_hosts.begin(), settings.allowed_hosts.end(), host) != 0;
}

}  // namespace

TEST_CASE("settings: without variables the Hub is the public one, without token, online") {
  const RemoteSettings out = good({{"HOME", "/home/ada"}});
  CHECK(out.hub.text() == "https://huggingface.co");
  CHECK(out.token.empty());
  CHECK_FALSE(out.offline);
  CHECK(out.cache_folder == "/home/ada/.cache/cardwarden/git");
  CHECK(out.certificates.empty());
  CHECK(lists(out, "huggingface.co"));
  CHECK(lists(out, "github.com"));
}

TEST_CASE("settings: the cache follows XDG_CACHE_HOME where it is absolute") {
  CHECK(good({{"HOME", "/home/ada"}, {"XDG_CACHE_HOME", "/var/c"}}).cache_folder == "/var/c/cardwarden/git");
  CHECK(good({{"HOME", "/home/ada"}, {"XDG_CACHE_HOME", "c"}}).cache_folder ==
        "/home/ada/.cache/cardwarden/git");
  auto none = settings({{"XDG_CACHE_HOME", "c"}});
  REQUIRE_FALSE(none);
  CHECK(none.error().code == ErrorCode::config);
}

TEST_CASE("settings: the token is found where the Hub's own client finds it") {
  const Texts files = {{"/home/ada/.cache/huggingface/token", "hf_default\n"},
                       {"/c/huggingface/token", "hf_xdg\n"},
                       {"/hf/token", "hf_home\r\n"},
                       {"/home/ada/hf/token", "hf_tilde"},
                       {"/elsewhere", " hf_path "}};
  const std::pair<std::string, std::string> home = {"HOME", "/home/ada"};
  CHECK(good({home}, files).token == "hf_default");
  CHECK(good({home, {"XDG_CACHE_HOME", "/c"}}, files).token == "hf_xdg");
  CHECK(good({home, {"HF_HOME", "/hf"}}, files).token == "hf_home");
  CHECK(good({home, {"HF_HOME", "~/hf"}}, files).token == "hf_tilde");
  CHECK(good({home, {"HF_HOME", "/hf"}, {"HF_TOKEN_PATH", "/elsewhere"}}, files).token == "hf_path");
  CHECK(good({home, {"HF_HOME", "/nowhere"}}, files).token.empty());
  CHECK(good({home, {"HUGGING_FACE_HUB_TOKEN", "hf_old"}}, files).token == "hf_old");
  CHECK(good({home, {"HF_TOKEN", "hf_new"}, {"HUGGING_FACE_HUB_TOKEN", "hf_old"}}, files).token == "hf_new");
  CHECK(good({home, {"HF_TOKEN", ""}}, files).token == "hf_default");
  CHECK(good({home, {"HF_TOKEN", "hf_new"}, {"HF_HUB_DISABLE_IMPLICIT_TOKEN", "True"}}, files).token.empty());
}

TEST_CASE("settings: a token that would break out of a header is refused and not shown") {
  for (const std::string& token : {std::string("hf_a\r\nHost: x"), std::string("hf a"),
                                   std::string("hf_\xc3\xa4"), std::string(5000, 'a')}) {
    auto out = settings({{"HOME", "/h"}, {"HF_TOKEN", token}});
    REQUIRE_FALSE(out);
    CHECK(out.error().code == ErrorCode::config);
    CHECK(out.error().text().find(token.substr(0, 4)) == std::string::npos);
  }
}

TEST_CASE("settings: offline is what the Hub's own client takes for offline") {
  for (const char* yes : {"1", "ON", "on", "Yes", "TRUE"}) {
    CHECK(good({{"HOME", "/h"}, {"HF_HUB_OFFLINE", yes}}).offline);
    CHECK(good({{"HOME", "/h"}, {"TRANSFORMERS_OFFLINE", yes}}).offline);
  }
  for (const char* no : {"", "0", "off", "no", "false", "2"}) {
    CHECK_FALSE(good({{"HOME", "/h"}, {"HF_HUB_OFFLINE", no}}).offline);
  }
  CHECK_FALSE(good({{"HOME", "/h"}, {"HF_HUB_OFFLINE", "0"}, {"TRANSFORMERS_OFFLINE", "1"}}).offline);
}

TEST_CASE("settings: an endpoint of one's own is allowed, whatever the list says") {
  const RemoteSettings out = good({{"HOME", "/h"},
                                   {"HF_ENDPOINT", "https://hub.example.org/"},
                                   {"CARDWARDEN_ALLOWED_HOSTS", "Git.Example.org, *.internal.example"}});
  CHECK(out.hub.text() == "https://hub.example.org");
  CHECK(out.allowed_hosts ==
        std::vector<std::string>{"git.example.org", "*.internal.example", "hub.example.org"});
  CHECK(good({{"HOME", "/h"}, {"SSL_CERT_FILE", "/ca.pem"}}).certificates == "/ca.pem");
}

TEST_CASE("settings: a variable that cannot be understood is named") {
  auto endpoint = settings({{"HOME", "/h"}, {"HF_ENDPOINT", "http://hub.example.org"}});
  REQUIRE_FALSE(endpoint);
  CHECK(endpoint.error().code == ErrorCode::config);
  CHECK(endpoint.error().message.find("HF_ENDPOINT") != std::string::npos);
  for (const char* list : {"https://example.org", "a@b", "*", "*example.org", "a.*"}) {
    auto hosts = settings({{"HOME", "/h"}, {"CARDWARDEN_ALLOWED_HOSTS", list}});
    INFO(list);
    REQUIRE_FALSE(hosts);
    CHECK(hosts.error().message.find("CARDWARDEN_ALLOWED_HOSTS") != std::string::npos);
  }
}

}  // namespace cardwarden::testing
