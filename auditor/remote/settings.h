// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the environment says about repositories elsewhere. The variables of the Hub mean what its own client
// (huggingface_hub, constants.py) takes them to mean:
//
//   HF_ENDPOINT            the Hub, instead of https://huggingface.co
//   HF_TOKEN               the token; before it HUGGING_FACE_HUB_TOKEN was used and is still read
//   HF_TOKEN_PATH          the file of the token; else HF_HOME/token; HF_HOME is XDG_CACHE_HOME/huggingface
//   HF_HUB_OFFLINE         1, on, yes or true: nothing is fetched; TRANSFORMERS_OFFLINE likewise
//   HF_HUB_DISABLE_IMPLICIT_TOKEN   the token is not used
//   CARDWARDEN_ALLOWED_HOSTS        hosts that may be fetched from, with commas, instead of kDefaultHosts
//   SSL_CERT_FILE          certificates to trust, instead of the system's
//   XDG_CACHE_HOME, HOME   where the cache is: XDG_CACHE_HOME/cardwarden/git, else HOME/.cache/cardwarden/git

#include <string>
#include <vector>

#include "base/files.h"
#include "remote/address.h"

namespace cardwarden {

constexpr std::string_view kDefaultHub = "https://huggingface.co";

// Where public models and data sets are kept, and this machine.
constexpr std::string_view kDefaultHosts[] = {"huggingface.co", "hf.co",     "github.com", "gitlab.com",
                                              "codeberg.org",   "localhost", "127.0.0.1",  "::1"};

constexpr std::size_t kMaxTokenBytes = 4096;  // tokens of the Hub have 37; those of enterprises may be JWTs

struct RemoteSettings {
  Url hub;
  std::string token;  // a secret: sent to the hub only, when it asks, and shown nowhere
  bool offline = false;
  std::string cache_folder;  // absolute
  std::vector<std::string> allowed_hosts;
  std::string certificates;  // a file of PEM certificates; empty: the system's
};

// A setting that cannot be understood is ErrorCode::config and names its variable.
Result<RemoteSettings> remote_settings(const Host& host);

}  // namespace cardwarden
