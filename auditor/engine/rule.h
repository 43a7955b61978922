// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a rule sees and what it is. Native rules (rule.cpp) include this and nothing above it.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "card/card.h"
#include "engine/finding.h"
#include "engine/repository_facts.h"
#include "evidence/disclosure.h"
#include "evidence/phrases.h"
#include "evidence/prose.h"

namespace cardwarden {

using Parameters = std::map<std::string, std::string, std::less<>>;

// What the user declared about the deployment; never guessed. Absent keys mean "scope not declared".
// Known keys: role, gpai, high-risk, market, generative (values are text; "true"/"false" for flags).
using Scope = std::map<std::string, std::string, std::less<>>;

// Everything a rule may look at. All references outlive the call.
struct Subject {
  const Card& card;
  const Prose& prose;
  const AskedDisclosures& disclosures;  // those that the rule's page asks for
  const Phrases& phrases;               // of this rule, in its detect.yaml
  const Parameters& parameters;         // of this rule, from the policy; may be empty
  const Scope& scope;
  // Null where a card is judged alone. Set for every rule whose page says `needs: [repository]`, and its
  // history for `needs: [history]`: such a rule does not run without.
  const RepositoryFacts* repository = nullptr;
};

// Problems only; an empty list means the rule has nothing to say.
using CheckFunction = std::vector<Finding> (*)(const Subject&);

// One built-in rule as the build embeds it. `check` is null for a declarative rule.
struct RuleSource {
  std::string_view id;
  std::string_view page;    // rule.md
  std::string_view detect;  // detect.yaml; of a native rule its phrases, or empty
  std::string_view cases;   // cases.yaml
  CheckFunction check = nullptr;
};

// --- helpers that native rules share -------------------------------------------------------------

// A finding of outcome `violated` at `span`.
Finding violated(Span span, std::string message, std::string remedy, std::string key = {});

// A finding about the card as a whole.
Finding card_finding(Outcome outcome, std::string message, std::string remedy, std::string key = {});

// A contradiction between the words at `claim` and what a file says.
Finding refuted(const Evidence& claim, FileQuote refutation, std::string message, std::string remedy,
                std::string key = {});

// A finding about a file, not about words of the card.
Finding file_finding(Outcome outcome, FileQuote quote, std::string message, std::string remedy,
                     std::string key = {});

// That the repository as it is here cannot tell, and why. No problem; it keeps a control from counting as
// met.
Finding cannot_tell(std::string message, FileQuote quote, std::string key = {});

// A parameter that is a whole number in decimal digits; nothing where it is not given or not that.
std::optional<std::size_t> whole_number(const Parameters& parameters, std::string_view name);

// One finding for each diagnostic of the card that names `rule`.
std::vector<Finding> findings_of_diagnostics(const Subject& subject, std::string_view rule,
                                             std::string_view remedy);

}  // namespace cardwarden
