// SPDX-License-Identifier: Apache-2.0
#include "policy/fingerprint.h"

#include "base/text.h"
#include "crypto/bytes.h"
#include "policy/glob.h"

namespace cardwarden {
namespace {

constexpr std::string_view kVersion = "cardwarden-fingerprint/1";
constexpr std::size_t kFramingBytes = 100;  // room for the numbers and signs between the parts
constexpr std::size_t kDigits = 32;         // 128 bits: no two of a fleet's findings meet by chance

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }

void append_folded(std::string& out, std::string_view words) {
  bool gap = !out.empty();
  for (const char c : text::trim(words)) {
    if (is_space(c)) {
      gap = true;
      continue;
    }
    if (gap) out.push_back(' ');
    gap = false;
    out.push_back(c);
  }
}

}  // namespace

std::string finding_subject(const Card& card, const Finding& finding) {
  if (!finding.key.empty()) return finding.key;
  if (finding.outcome == Outcome::absent || finding.outcome == Outcome::placeholder) return {};
  std::string words;
  for (const Evidence& evidence : finding.evidence) {
    append_folded(words, card.quote(evidence.words.empty() ? evidence.span : evidence.words));
  }
  for (const FileQuote& quote : finding.files) append_folded(words, quote.path + ' ' + quote.words);
  if (words.empty() && finding.located) append_folded(words, card.quote(finding.span));
  return text::lower(words);
}

std::string fingerprint(std::string_view rule, std::string_view path, std::string_view subject,
                        std::uint32_t ordinal) {
  const std::string known_path = normal_path(path);
  std::string bytes;
  bytes.reserve(kVersion.size() + rule.size() + known_path.size() + subject.size() + kFramingBytes);
  bytes += kVersion;
  for (const std::string_view part : {rule, std::string_view(known_path), subject}) {
    bytes.push_back('\n');
    bytes += std::to_string(part.size());
    bytes.push_back(':');
    bytes += part;
  }
  bytes.push_back('\n');
  bytes += std::to_string(ordinal);
  const Hash hash = sha256(bytes);
  return hex(bytes_of(hash).substr(0, kDigits / 2));
}

}  // namespace cardwarden
