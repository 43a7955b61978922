// SPDX-License-Identifier: Apache-2.0
#pragma once
// Words of a card that nobody may see again, such as a token. Rules mark them (Finding::sensitive), judge()
// collects their spans, and all that shows words of a card takes them from shown(). Pure.

#include <string>
#include <string_view>
#include <vector>

#include "card/card.h"
#include "engine/finding.h"
#include "engine/secret_files.h"

namespace cardwarden {

// The rule that marks secrets. It runs for every card, on or off: a report has to know what it must not show.
constexpr std::string_view kSecretRule = "governance/secret-in-card";

// Sensitive words, to be found again elsewhere: whole or cut short, in capitals or not. Owns its words.
class SensitiveWords {
 public:
  SensitiveWords() = default;
  // `around`: what the files beside the card hold; null where nobody looked.
  SensitiveWords(const Card& card, const std::vector<Span>& spans, const SecretFiles* around = nullptr);

  bool empty() const { return words_.empty(); }

  // How many bytes of `s` from `at` are the begin of a sensitive word; 0 for too few to tell.
  std::size_t match(std::string_view s, std::size_t at) const;

  // Takes the words out of a text that may quote the card, such as a message.
  void mask(std::string& s) const;

 private:
  void take(std::string_view secret);

  std::vector<std::string> words_;  // lines in small letters, sorted
};

// The spans of sensitive findings and of every other place with the same words, in order and apart from each
// other.
std::vector<Span> sensitive_spans(const Card& card, const std::vector<Finding>& findings);

// The text at `span`. Of a sensitive span only its first four bytes are left, and "…" for the rest.
std::string shown(const Card& card, const std::vector<Span>& sensitive, Span span);

}  // namespace cardwarden
