// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the tests of the policy layer share: a handful of rules, files and variables that exist in memory
// only.

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "card/parse.h"
#include "policy/config.h"
#include "policy/judge.h"
#include "policy/load.h"

namespace cardwarden::test {

inline KnownRules some_rules() {
  return known_rules({{"model-card/license", {Kind::model}},
                      {"model-card/compute", {Kind::model}},
                      {"model-card/limitations", {Kind::model}},
                      {"dataset-card/license", {Kind::dataset}},
                      {"metadata/license-unknown-id", {}},
                      {"metadata/unknown-key", {}},
                      {"governance/secret-in-card", {}},
                      {"governance/numbers-disagree", {Kind::model}},
                      {"suppression/unused", {}},
                      {"suppression/invalid", {}}});
}

using Files = std::map<std::string, std::string, std::less<>>;

inline Result<std::string> read_from(const Files& files, const std::string& path) {
  const auto at = files.find(path);
  if (at == files.end()) return Error(ErrorCode::not_found, "There is no such file.", path);
  return at->second;
}

inline std::string_view some_pack(std::string_view name) {
  if (name == "base-pack") {
    return "name: base-pack\nversion: '2'\ndescription: A base.\nrules:\n  model-card/*: warning\n"
           "  model-card/license: {severity: error, because: article 1, parameters: {words: '3'}}\n"
           "gate: {fail-on: error, max-warnings: 5}\n";
  }
  if (name == "all") return "rules:\n  '*/*': warning\n";
  return {};
}

inline PolicySources sources(Files files = {}) {
  PolicySources out;
  out.rules = some_rules();
  out.pack = some_pack;
  out.pack_names = {"all", "base-pack"};
  out.read = [files = std::move(files)](const std::string& path) { return read_from(files, path); };
  return out;
}

// The policy that the text makes, as if it stood in policies/team.yaml.
inline Result<Policy> policy_of(std::string text, Files files = {},
                                const std::vector<PolicyLayer>& on_top = {}) {
  files["policies/team.yaml"] = std::move(text);
  return load_policy("policies/team.yaml", sources(std::move(files)), on_top);
}

inline Severity severity_in(const Policy& policy, std::string_view rule,
                            std::string_view path = "README.md") {
  const RuleSetting* setting = policy.setting(rule, path);
  return setting == nullptr ? Severity::off : setting->severity;
}

inline Card card_of(std::string_view text, Kind kind = Kind::model, std::string path = "README.md") {
  ParseOptions options;
  options.kind = kind;
  return parse_card(std::move(path), text, options);
}

// A finding that points at the first place of `words` in the card.
inline Finding at_words(const Card& card, std::string_view rule, std::string_view words,
                        std::string key = {}) {
  Finding finding;
  finding.rule = rule;
  finding.outcome = Outcome::violated;
  const auto begin = static_cast<std::uint32_t>(card.text.find(words));
  finding.span = {begin, begin + static_cast<std::uint32_t>(words.size())};
  finding.located = true;
  finding.message = "Something is wrong here.";
  finding.key = std::move(key);
  return finding;
}

inline Finding about_card(std::string_view rule, Outcome outcome = Outcome::absent, std::string key = {}) {
  Finding finding;
  finding.rule = rule;
  finding.outcome = outcome;
  finding.message = "The card is silent.";
  finding.key = std::move(key);
  return finding;
}

}  // namespace cardwarden::test
