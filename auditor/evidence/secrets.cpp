// SPDX-License-Identifier: Apache-2.0
#include "evidence/secrets.h"

#include <algorithm>
#include <array>
#include <bit>
#include <iterator>

#include "base/text.h"
#include "evidence/query.h"

namespace cardwarden {
namespace {
enum class Letters : std::uint8_t { alnum, upper, url, base64 };  // what may follow the prefix

struct Pattern {
  std::string_view prefix, what;
  Letters letters;
  std::size_t least, most;  // letters after the prefix
};
// Lengths as the providers issue them; longer runs are other things (hashes, encoded images).
constexpr Pattern kPatterns[] = {
    {"hf_", "a Hugging Face access token", Letters::alnum, 34, 40},
    {"api_org_", "a Hugging Face organisation token", Letters::alnum, 34, 40},
    {"AKIA", "an AWS access key", Letters::upper, 16, 16},
    {"ASIA", "an AWS session key", Letters::upper, 16, 16},
    {"ghp_", "a GitHub token", Letters::alnum, 36, 40},
    {"ghs_", "a GitHub token", Letters::alnum, 36, 40},
    {"github_pat_", "a GitHub token", Letters::url, 60, 100},
    {"glpat-", "a GitLab token", Letters::url, 20, 30},
    {"sk-proj-", "an OpenAI key", Letters::url, 40, 200},
    {"sk-svcacct-", "an OpenAI key", Letters::url, 40, 200},
    {"sk-ant-", "an Anthropic key", Letters::url, 40, 200},
    {"sk-", "an OpenAI key", Letters::alnum, 40, 60},
    {"xoxb-", "a Slack token", Letters::url, 40, 100},
    {"xoxp-", "a Slack token", Letters::url, 40, 120},
    {"AIza", "a Google API key", Letters::url, 35, 35},
    {"gsk_", "a Groq key", Letters::alnum, 50, 60},
    {"r8_", "a Replicate token", Letters::alnum, 37, 40},
    {"npm_", "an npm token", Letters::alnum, 36, 36},
    {"eyJ", "a JSON web token", Letters::url, 15, 2000},
    {"-----BEGIN ", "a private key", Letters::base64, 0, 0},
};

constexpr std::size_t kLeastToken = 18;  // "eyJ" and 15 letters; a private key is found by its label

bool is_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool allowed(char c, Letters letters) {
  if (is_alnum(c)) return letters != Letters::upper || c < 'a';
  if (letters == Letters::url) return c == '_' || c == '-';
  return letters == Letters::base64 && (c == '+' || c == '/' || c == '=');
}

std::size_t run(std::string_view s, std::size_t at, Letters letters) {
  std::size_t end = at;
  while (end < s.size() && allowed(s[end], letters)) ++end;
  return end - at;
}
bool has_digit_or_capital(std::string_view s) {
  return std::any_of(s.begin(), s.end(), [](char c) { return is_alnum(c) && c < 'a'; });
}

// Issued tokens have more than 3 bits a letter, a digit or a capital, and no run such as "abcdefgh".
bool looks_random(std::string_view secret) {
  for (std::size_t i = 1, steps = 0; i < secret.size(); ++i) {
    steps = secret[i] == secret[i - 1] + 1 ? steps + 1 : 0;
    if (steps >= 7) return false;
  }
  return has_digit_or_capital(secret) && text::entropy(secret) >= 3.0;
}

// Words of documentation, and (last) the payloads of guides to JSON web tokens: those of jwt.io and of PyJWT.
bool is_dummy(std::string_view secret) {
  const std::string folded = text::lower_ascii(secret);
  for (const std::string_view mark :
       {"xxxx", "example", "your", "token", "secret", "dummy", "placeholder", "redacted", "0000", "aaaa",
        "test", "eyjzdwiioiixmjm0nty3odkw", "eyjzb21lijoicgf5bg9hzcj9"}) {
    if (folded.find(mark) != std::string::npos) return true;
  }
  return false;
}

// A letter before the prefix makes it part of something longer: a name, an element id, an encoded image. A
// slash does so only where the prefix itself could stand in an encoded image, and so does the letter of an
// escaped line end ("\\nhf_…" of a notebook) only there.
bool inside_word(std::string_view s, std::size_t at, const Pattern& pattern) {
  const char before = s[at - 1];
  const bool encodable = pattern.prefix.find_first_of("_-") == std::string_view::npos;
  if (before == '/') return encodable;
  if (before == '-') return pattern.letters == Letters::url;
  if (at > 1 && s[at - 2] == '\\' && (before == 'n' || before == 't' || before == 'r')) return encodable;
  return is_alnum(before) || before == '_' || before == '+' || before == '#';
}

// "-----BEGIN … PRIVATE KEY-----" with key material on the next line; a line end may be written as \n.
std::size_t private_key_at(std::string_view s, std::size_t body) {
  const std::size_t label = s.substr(body, 60).find("PRIVATE KEY-----");
  if (label == std::string_view::npos) return 0;
  std::size_t key = std::min(s.find_first_not_of(" \r\n", body + label + 16), s.size());
  if (s.substr(key, 2) == "\\n") key += 2;
  const std::size_t n = run(s, key, Letters::base64);
  if (n < 40 || !looks_random(s.substr(key, n))) return 0;
  std::size_t end = key + n;  // the lines that follow are the key too
  while (true) {
    const std::size_t next = s.find_first_not_of(" \t\r\n\\", end);
    if (next == std::string_view::npos) return end;
    const std::size_t more = run(s, next, Letters::base64);
    if (more == 0 || s.substr(end, next - end).find_first_of("\n\\") == std::string_view::npos) return end;
    end = next + more;
  }
}

// Where the secret that starts with `pattern` at `at` ends, or 0.
std::size_t end_of_secret(std::string_view s, std::size_t at, const Pattern& pattern) {
  const std::size_t body = at + pattern.prefix.size();
  if (pattern.letters == Letters::base64) return private_key_at(s, body);
  std::size_t n = run(s, body, pattern.letters);
  if (pattern.prefix == "eyJ") {  // header.payload.signature; Hub verification tokens are public by design
    for (int part = 0; part < 2; ++part) {
      const std::size_t more = s.substr(body + n, 1) == "." ? run(s, body + n + 1, Letters::url) : 0;
      if (more < 15) return 0;
      n += 1 + more;
    }
    const std::size_t key = at > 24 ? at - 24 : 0;
    if (s.substr(key, at - key).find("verifyToken") != std::string_view::npos) return 0;
  }
  if (n < pattern.least || n > pattern.most) return 0;
  const std::string_view secret = s.substr(body, n);
  return is_dummy(secret) || !looks_random(secret) ? 0 : body + n;
}

// Looks for one pattern in a part of the text.
void look_for(std::string_view s, const Pattern& pattern, Span part, std::vector<Secret>& found) {
  const std::string_view up_to = s.substr(0, part.end);
  for (std::size_t at = up_to.find(pattern.prefix, part.begin); at != up_to.npos;
       at = up_to.find(pattern.prefix, at + 1)) {
    if (at > 0 && inside_word(s, at, pattern)) continue;
    const std::size_t end = end_of_secret(s, at, pattern);
    if (end == 0) continue;
    found.push_back({{static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end)},
                     pattern.what,
                     pattern.letters == Letters::base64});
    at = end - 1;
  }
}

// By the first, second and third byte of a prefix: the patterns that have it there, a bit for each.
using PatternSet = std::uint32_t;
static_assert(std::size(kPatterns) <= 32);
constexpr auto make_prefix_sets() {
  std::array<std::array<PatternSet, 256>, 3> sets{};
  for (std::size_t i = 0; i < std::size(kPatterns); ++i) {
    for (std::size_t byte = 0; byte < sets.size(); ++byte)
      sets[byte][static_cast<unsigned char>(kPatterns[i].prefix[byte])] |= PatternSet{1} << i;
  }
  return sets;
}
constexpr auto kPrefixSets = make_prefix_sets();

// The patterns that may begin within a token. Nearly all tokens hold the beginning of none.
PatternSet possible_in(std::string_view token) {
  PatternSet out = 0;
  const auto at = [&](std::size_t byte, std::size_t i) {
    return kPrefixSets[byte][static_cast<unsigned char>(token[i])];
  };
  for (std::size_t i = 0; i + 2 < token.size(); ++i) out |= at(0, i) & at(1, i + 1) & at(2, i + 2);
  return out;
}

}  // namespace

std::vector<Secret> find_secrets(std::string_view s) {
  std::vector<Secret> found;
  for (const Span token : query::long_tokens(s, kLeastToken)) {
    for (PatternSet rest = possible_in(token.of(s)); rest != 0; rest &= rest - 1) {
      const Pattern& pattern = kPatterns[std::countr_zero(rest)];
      if (pattern.letters != Letters::base64) look_for(s, pattern, token, found);
    }
  }
  if (s.find("PRIVATE KEY-----") != s.npos)
    look_for(s, std::end(kPatterns)[-1], {0, static_cast<std::uint32_t>(s.size())}, found);
  return found;
}

std::string shown_secret(std::string_view s, const Secret& secret) {
  if (secret.block) return std::string(secret.what);
  return std::string(secret.span.of(s).substr(0, kSecretShown)) + "…";
}

std::string named_secret(std::string_view s, const Secret& secret) {
  if (secret.block) return std::string(secret.what);
  return std::string(secret.what) + " (" + shown_secret(s, secret) + ")";
}

}  // namespace cardwarden
