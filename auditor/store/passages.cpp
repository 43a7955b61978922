// SPDX-License-Identifier: Apache-2.0
#include "store/passages.h"

#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "base/script.h"
#include "base/text.h"
#include "crypto/strict_json.h"

namespace cardwarden {
namespace {

using nlohmann::json;

constexpr std::string_view kFindingsSchema = "cardwarden-findings/1";

std::string text_at(const json& object, const char* key) {
  return string_member(object, key, "").value_or("");
}

// At most so many bytes, cut between characters. A NUL ends a text in PostgreSQL, so it becomes U+FFFD.
std::string stored_text(std::string_view s) {
  std::string out;
  for (std::size_t at = 0; at < s.size();) {
    const char32_t c = text::decode(s, at);
    if (out.size() + 4 > kMaxPassageBytes) break;
    text::append_utf8(out, c == 0 ? U'\uFFFD' : c);
  }
  return out;
}

class Reader {
 public:
  std::vector<Passage> run(const json& document) {
    const json* cards = array_member(document, "cards");
    if (cards == nullptr || text_at(document, "schema") != kFindingsSchema) return {};
    for (const json& card : *cards) read_card(card);
    return std::move(out_);
  }

 private:
  void add(const char* kind, const std::string& path, const std::string& rule, std::string_view text) {
    Passage one{kind, stored_text(path), stored_text(rule), stored_text(text)};
    if (out_.size() >= kMaxPassages || one.text.empty()) return;
    if (seen_.emplace(one.kind, one.path, one.rule, one.text).second) out_.push_back(std::move(one));
  }

  void evidence(const json& of, const std::string& path, const std::string& rule) {
    const json* quotes = array_member(of, "evidence");
    if (quotes == nullptr) return;
    for (const json& quote : *quotes) add("evidence", path, rule, text_at(quote, "quote"));
  }

  void read_card(const json& card) {
    const std::string path = text_at(card, "path");
    if (const json* findings = array_member(card, "findings")) {
      for (const json& finding : *findings) {
        const std::string rule = text_at(finding, "rule");
        const std::string remedy = text_at(finding, "remedy");
        add("finding", path, rule, text_at(finding, "message") + (remedy.empty() ? "" : "\n" + remedy));
        evidence(finding, path, rule);
      }
    }
    if (const json* disclosures = array_member(card, "disclosures")) {
      for (const json& one : *disclosures) evidence(one, path, text_at(one, "rule"));
    }
  }

  std::vector<Passage> out_;
  std::set<std::tuple<std::string, std::string, std::string, std::string>> seen_;
};

}  // namespace

std::vector<Passage> passages_of(std::string_view document) {
  // Most documents that are something else show it at once.
  if (document.substr(0, 1) != "{" || document.find(kFindingsSchema) == std::string_view::npos) return {};
  const auto value = parse_strict_json(document);
  return value ? Reader().run(*value) : std::vector<Passage>();
}

std::vector<std::string> words_of(std::string_view s) {
  std::vector<std::string> out;
  std::string word;
  const auto end = [&] {
    if (!word.empty()) out.push_back(std::move(word));
    word.clear();
  };
  const std::string lower = text::lower(s);
  for (std::size_t at = 0; at < lower.size();) {
    const char32_t c = text::decode(lower, at);
    const bool ascii_word = (c >= U'a' && c <= U'z') || (c >= U'0' && c <= U'9');
    if (!ascii_word && (c < 0x80 || !script::is_word(c))) {
      end();
      continue;
    }
    const bool alone = c >= 0x80 && script::is_unspaced(c);
    if (alone) end();
    if (word.size() + 4 <= kMaxWordBytes) text::append_utf8(word, c);
    if (alone) end();
  }
  end();
  return out;
}

Result<std::vector<TextTerm>> parse_text_query(std::string_view query) {
  if (query.size() > kMaxQueryBytes) {
    return Error(ErrorCode::too_large,
                 "A search has at most " + std::to_string(kMaxQueryBytes) + " bytes (kMaxQueryBytes).");
  }
  std::vector<TextTerm> out;
  const auto add = [&out](std::string_view term, bool prefix) {
    TextTerm one{words_of(term), prefix};
    if (!one.words.empty()) out.push_back(std::move(one));
  };
  std::size_t at = 0;
  while (at < query.size()) {
    const bool quoted = query[at] == '"';
    if (quoted) ++at;
    std::size_t end = query.find_first_of(quoted ? "\"" : " \t\r\n\"", at);
    if (end == std::string_view::npos) end = query.size();
    const std::string_view term = query.substr(at, end - at);
    add(term, !quoted && !term.empty() && term.back() == '*');
    at = end + (end < query.size() && (quoted || query[end] != '"') ? 1 : 0);
  }
  std::size_t words = 0;
  for (const TextTerm& term : out) words += term.words.size();
  if (words == 0) return Error(ErrorCode::usage, "The search names no word.");
  if (words > kMaxQueryTerms) {
    return Error(ErrorCode::too_large,
                 "A search has at most " + std::to_string(kMaxQueryTerms) + " words (kMaxQueryTerms).");
  }
  return out;
}

}  // namespace cardwarden
