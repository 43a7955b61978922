// SPDX-License-Identifier: Apache-2.0
#include "remote/settings.h"

#include <algorithm>

#include "base/text.h"

namespace cardwarden {
namespace {

class Reader {
 public:
  explicit Reader(const Host& host) : host_(host) {}

  Result<RemoteSettings> read() {
    auto hub = parse_url(variable("HF_ENDPOINT", kDefaultHub), "HF_ENDPOINT");
    if (!hub) return Error(ErrorCode::config, hub.error().message, hub.error().where);
    RemoteSettings out;
    out.hub = std::move(*hub);
    out.offline = is_true(variable("HF_HUB_OFFLINE", variable("TRANSFORMERS_OFFLINE")));
    out.certificates = variable("SSL_CERT_FILE");
    const std::string caches = cache_home();
    if (caches.empty()) {
      return Error(
          ErrorCode::config,
          "There is no folder for the cache of repositories: set XDG_CACHE_HOME or HOME to an absolute "
          "path.");
    }
    out.cache_folder = caches + "/cardwarden/git";
    if (auto done = read_hosts(out); !done) return done.error();
    if (auto done = read_token(out, caches); !done) return done.error();
    return out;
  }

 private:
  std::string variable(const std::string& name, std::string_view fallback = {}) const {
    const auto value = host_.environment(name);
    return value && !value->empty() ? *value : std::string(fallback);
  }

  static bool is_true(const std::string& value) {
    const std::string lower = text::lower_ascii(value);
    return lower == "1" || lower == "on" || lower == "yes" || lower == "true";
  }

  // Relative paths are passed over, as the XDG base directory specification says.
  std::string cache_home() const {
    std::string caches = variable("XDG_CACHE_HOME");
    if (!caches.empty() && caches.front() == '/') return caches;
    const std::string home = variable("HOME");
    return !home.empty() && home.front() == '/' ? home + "/.cache" : std::string();
  }

  std::string expand_home(std::string path) const {
    if (path.compare(0, 2, "~/") == 0) path.replace(0, 1, variable("HOME"));
    return path;
  }

  Done read_hosts(RemoteSettings& out) const {
    const std::string listed = variable("CARDWARDEN_ALLOWED_HOSTS");
    if (listed.empty()) {
      out.allowed_hosts.assign(std::begin(kDefaultHosts), std::end(kDefaultHosts));
    } else {
      for (const std::string_view part : text::split(listed, ',')) {
        const std::string one = text::lower_ascii(text::trim(part));
        if (one.empty()) continue;
        if (one.find_first_of("/@ ") != std::string::npos || one.find('*', 1) != std::string::npos ||
            (one.front() == '*' && one.compare(0, 2, "*.") != 0)) {
          return Error(ErrorCode::config,
                       "CARDWARDEN_ALLOWED_HOSTS has '" + text::printable(one) +
                           "'; expected names of hosts with commas, such as example.org or *.example.org.");
        }
        out.allowed_hosts.push_back(one == "[::1]" ? "::1" : one);
      }
    }
    // Whoever names a Hub wants it.
    if (!variable("HF_ENDPOINT").empty()) out.allowed_hosts.push_back(out.hub.host);
    return Nothing{};
  }

  Done read_token(RemoteSettings& out, const std::string& caches) const {
    if (is_true(variable("HF_HUB_DISABLE_IMPLICIT_TOKEN"))) return Nothing{};
    std::string token = variable("HF_TOKEN", variable("HUGGING_FACE_HUB_TOKEN"));
    std::string from = "HF_TOKEN";
    if (token.empty()) {
      from = expand_home(
          variable("HF_TOKEN_PATH", expand_home(variable("HF_HOME", caches + "/huggingface")) + "/token"));
      if (!host_.exists(from)) return Nothing{};
      auto text = host_.read(from);
      if (!text) return text.error();
      token = std::move(*text);
    }
    const std::string_view trimmed = text::trim(token);
    const bool plain = std::all_of(trimmed.begin(), trimmed.end(), [](char c) { return c > ' ' && c < 127; });
    if (!plain || trimmed.size() > kMaxTokenBytes) {
      return Error(ErrorCode::config,
                   "The token is not one: expected at most " + std::to_string(kMaxTokenBytes) +
                       " letters, digits and signs in one line (kMaxTokenBytes).",
                   from);
    }
    out.token = trimmed;
    return Nothing{};
  }

  const Host& host_;
};

}  // namespace

Result<RemoteSettings> remote_settings(const Host& host) { return Reader(host).read(); }

}  // namespace cardwarden
