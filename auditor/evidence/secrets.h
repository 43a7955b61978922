// SPDX-License-Identifier: Apache-2.0
#pragma once
// Tokens, keys and other secrets in a text, by the prefixes, lengths and letters that providers issue and a
// measure of randomness. The one finder for cards, their earlier revisions and the files beside them. Pure;
// takes linear time; nothing fails, what has no known form is not found.

#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"

namespace cardwarden {

constexpr std::uint32_t kSecretShown = 4;  // bytes of a secret that say what it is: "hf_a"

struct Secret {
  Span span;              // into the text; of a private key with its first label and all its lines
  std::string_view what;  // "a Hugging Face access token"; storage lives as long as the program
  bool block = false;     // a private key: its first letters say nothing
};

// In the order of the text, private keys last.
std::vector<Secret> find_secrets(std::string_view text);

// What may be shown of a secret: its first letters and "…", or what it is where they say nothing.
std::string shown_secret(std::string_view text, const Secret& secret);

// "a GitHub token (ghp_…)", for a message. The same as what it is for a private key.
std::string named_secret(std::string_view text, const Secret& secret);

}  // namespace cardwarden
