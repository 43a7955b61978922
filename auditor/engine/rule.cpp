// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <charconv>
#include <system_error>
#include <utility>

namespace cardwarden {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::disclosed:
      return "disclosed";
    case Outcome::placeholder:
      return "placeholder";
    case Outcome::absent:
      return "absent";
    case Outcome::violated:
      return "violated";
    case Outcome::contradicted:
      return "contradicted";
    case Outcome::not_applicable:
      return "not-applicable";
    case Outcome::not_assessable:
      return "not-assessable";
  }
  return "violated";
}

bool is_problem(Outcome outcome) {
  return outcome == Outcome::placeholder || outcome == Outcome::absent || outcome == Outcome::violated ||
         outcome == Outcome::contradicted;
}

Finding violated(Span span, std::string message, std::string remedy, std::string key) {
  Finding finding = card_finding(Outcome::violated, std::move(message), std::move(remedy), std::move(key));
  finding.span = span;
  finding.located = true;
  if (!span.empty()) finding.evidence.push_back({span, span});
  return finding;
}

Finding card_finding(Outcome outcome, std::string message, std::string remedy, std::string key) {
  Finding finding;
  finding.outcome = outcome;
  finding.message = std::move(message);
  finding.remedy = std::move(remedy);
  finding.key = std::move(key);
  return finding;
}

Finding refuted(const Evidence& claim, FileQuote refutation, std::string message, std::string remedy,
                std::string key) {
  Finding finding =
      card_finding(Outcome::contradicted, std::move(message), std::move(remedy), std::move(key));
  finding.span = claim.words.empty() ? claim.span : claim.words;
  finding.located = true;
  finding.evidence.push_back(claim);
  finding.files.push_back(std::move(refutation));
  return finding;
}

Finding file_finding(Outcome outcome, FileQuote quote, std::string message, std::string remedy,
                     std::string key) {
  Finding finding = card_finding(outcome, std::move(message), std::move(remedy), std::move(key));
  finding.files.push_back(std::move(quote));
  return finding;
}

Finding cannot_tell(std::string message, FileQuote quote, std::string key) {
  return file_finding(Outcome::not_assessable, std::move(quote), std::move(message), {}, std::move(key));
}

std::optional<std::size_t> whole_number(const Parameters& parameters, std::string_view name) {
  const auto given = parameters.find(name);
  if (given == parameters.end()) return std::nullopt;
  std::size_t number = 0;
  const char* end = given->second.data() + given->second.size();
  const auto [stop, error] = std::from_chars(given->second.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

std::vector<Finding> findings_of_diagnostics(const Subject& subject, std::string_view rule,
                                             std::string_view remedy) {
  std::vector<Finding> findings;
  for (const Diagnostic& diagnostic : subject.card.diagnostics) {
    if (diagnostic.rule != rule) continue;
    findings.push_back(violated(diagnostic.span, diagnostic.message, std::string(remedy)));
    findings.back().rule = diagnostic.rule;
    // An empty span at the very beginning stands for the file as a whole.
    if (diagnostic.span == Span{}) findings.back().located = false;
  }
  return findings;
}

}  // namespace cardwarden
