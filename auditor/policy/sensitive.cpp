// SPDX-License-Identifier: Apache-2.0
#include "policy/sensitive.h"

#include <algorithm>

#include "base/text.h"
#include "evidence/secrets.h"

namespace cardwarden {
namespace {

constexpr std::size_t kLeastRun = 12;  // bytes; fewer may be a prefix that all secrets of a provider share
constexpr std::string_view kRest = "…";

char folded(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool folds_below(std::string_view s, std::string_view word) {
  return std::lexicographical_compare(s.begin(), s.end(), word.begin(), word.end(),
                                      [](char a, char b) { return folded(a) < folded(b); });
}

std::size_t common(std::string_view s, std::string_view word) {
  std::size_t n = 0;
  while (n < s.size() && n < word.size() && folded(s[n]) == word[n]) ++n;
  return n;
}

}  // namespace

SensitiveWords::SensitiveWords(const Card& card, const std::vector<Span>& spans, const SecretFiles* around) {
  for (const Span span : spans) take(card.quote(span));
  if (around != nullptr) {
    for (const FileSecret& one : around->secrets) take(one.words);
  }
  std::sort(words_.begin(), words_.end());
}

void SensitiveWords::take(std::string_view secret) {
  for (const std::string_view line : text::split(secret, '\n')) {
    const std::string_view word = text::trim(line);
    if (word.size() >= kLeastRun) words_.push_back(text::lower_ascii(word));
  }
}

std::size_t SensitiveWords::match(std::string_view s, std::size_t at) const {
  s.remove_prefix(at);
  if (words_.empty() || s.size() < kLeastRun) return 0;
  // The word with the longest begin in common stands beside the place where `s` would.
  const auto next = std::lower_bound(
      words_.begin(), words_.end(), s,
      [](const std::string& word, std::string_view wanted) { return folds_below(word, wanted); });
  std::size_t longest = next == words_.end() ? 0 : common(s, *next);
  if (next != words_.begin()) longest = std::max(longest, common(s, *(next - 1)));
  return longest >= kLeastRun ? longest : 0;
}

void SensitiveWords::mask(std::string& s) const {
  if (words_.empty()) return;
  for (std::size_t at = 0; at < s.size(); ++at) {
    const std::size_t n = match(s, at);
    if (n == 0) continue;
    s.replace(at + kSecretShown, n - kSecretShown, kRest);
    at += kSecretShown + kRest.size() - 1;
  }
}

std::vector<Span> sensitive_spans(const Card& card, const std::vector<Finding>& findings) {
  std::vector<Span> found;
  for (const Finding& finding : findings) {
    if (finding.sensitive && !finding.span.empty()) found.push_back(finding.span);
  }
  if (found.empty()) return found;
  const SensitiveWords words(card, found);
  for (std::size_t at = 0; at < card.text.size(); ++at) {
    const std::size_t n = words.match(card.text, at);
    if (n == 0) continue;
    found.push_back({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + n)});
    at += n - 1;
  }
  std::sort(found.begin(), found.end(), [](Span a, Span b) { return a.begin < b.begin; });
  std::vector<Span> out;
  for (const Span span : found) {
    if (!out.empty() && span.begin < out.back().end) {
      out.back().end = std::max(out.back().end, span.end);
    } else {
      out.push_back(span);
    }
  }
  return out;
}

std::string shown(const Card& card, const std::vector<Span>& sensitive, Span span) {
  const auto size = static_cast<std::uint32_t>(card.text.size());
  span.end = std::min(span.end, size);
  std::string out;
  std::uint32_t at = std::min(span.begin, span.end);
  auto secret = std::lower_bound(sensitive.begin(), sensitive.end(), at,
                                 [](Span s, std::uint32_t from) { return s.end <= from; });
  for (; secret != sensitive.end() && secret->begin < span.end; ++secret) {
    const std::uint32_t from = std::max(secret->begin, at);
    out += card.quote({at, from});
    if (from == secret->begin)
      out += card.quote({from, std::min({from + kSecretShown, secret->end, span.end})});
    out += kRest;
    at = std::min(secret->end, span.end);
  }
  out += card.quote({at, span.end});
  return out;
}

}  // namespace cardwarden
