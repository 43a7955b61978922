// SPDX-License-Identifier: Apache-2.0
#pragma once
// What several report formats share: where a finding points, how card text is quoted, words for verdicts.
// Pure functions; nothing here escapes for a particular format except uri().

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "report/report.h"

namespace cardwarden::render {

constexpr std::string_view kToolName = "cardwarden";
constexpr std::string_view kToolUri = "https://cardwarden.dev";
// The page of a rule is this and the rule's id. Rules have the same text in `cardwarden explain`.
constexpr std::string_view kRulePageBase = "https://cardwarden.dev/rules/";
constexpr std::string_view kDisclaimer = "Readiness, not legal conformity.";
constexpr std::size_t kQuoteChars = 400;  // code points of a quote; a reader wants the words, not the page

// Where something stands. `end` is just past the last character. `whole_card` means the card as a whole:
// an empty span at line 1, column 1.
struct Place {
  Span span;
  Position begin;
  Position end;
  bool whole_card = false;
};
Place place_of(const Card& card, Span span);               // white space at the end is left out
Place place_of(const Card& card, const Finding& finding);  // its span, else its first quote, else the card

// Where a report points: the card, or the file that a finding is about where it says nothing of the card. Of
// a file the line is known, and `place.whole_card` holds.
struct Target {
  std::string path;
  Place place;
};
Target target_of(const CardReport& report, const Finding& finding);
std::string place_text(const FileQuote& quote);  // "config.json:12", "pytorch_model.bin"
std::string quote(const FileQuote& quote);       // its words for reading, as quote() below gives them
std::string file_path(const Card& card, const FileQuote& quote);  // beside the card's own path

Evidence in_its_line(const Card& card,
                     const Place& place);    // the place as words of its line, where it has one
Span quoted_span(const Evidence& evidence);  // the words that convinced, else the whole quote

// Card text as it stands but for secrets, which are masked. All that a report shows of a card comes from
// here, from the functions below or from source_line().
std::string raw_quote(const CardReport& report, Span span);

// Card text for reading: one line, at most kQuoteChars, valid UTF-8, control characters visible.
std::string quote(const CardReport& report, Span span);

// The same, cut around the words that convinced, for formats that can mark them.
struct MarkedQuote {
  std::string before;
  std::string words;
  std::string after;
};
MarkedQuote marked_quote(const CardReport& report, const Evidence& evidence);

// Valid UTF-8: invalid bytes become U+FFFD.
std::string valid_utf8(std::string_view s);

// Serialised JSON with every character that could steer a terminal written as \uXXXX. The value is unchanged.
std::string safe_json(std::string_view json);

// `json` as it stands inside an indented document: every line but the first moved right by `columns`.
std::string indented(std::string_view json, std::size_t columns);

// What a quote of a finding is: "claim" and "refutation" of a contradiction, else "evidence".
std::string_view quote_label(const Finding& finding, std::size_t index);
std::string_view file_label(const Finding& finding);  // of a quote of a file: "refutation" or "evidence"

std::string_view family(std::string_view rule);         // "model-card" of "model-card/license"
std::string_view relative_path(std::string_view path);  // without a leading "./"
std::string uri(std::string_view path);                 // percent-encoded, "/" kept; file:// when absolute
std::string in_words(std::string_view id);              // "training-data-source" → "Training data source"
std::string_view words(Verdict verdict);                // "Not met"
std::string_view words(Status status);                  // "Placeholder only"
std::string_view words(Severity severity);              // "Error", "Warning", "Info"
std::string_view words(SuppressionKind kind);           // "baseline"; empty for none

// How much of the catalogue a card discloses; the x- signals are no part of it.
struct Coverage {
  std::uint32_t disclosed = 0;
  std::uint32_t placeholder = 0;
  std::uint32_t absent = 0;
  std::uint32_t all() const { return disclosed + placeholder + absent; }
};
Coverage coverage_of(const CardReport& report);
bool is_signal(std::string_view disclosure);  // "x-aup"

// Findings of one card, the suppressed ones apart.
struct Counts {
  std::uint64_t errors = 0;
  std::uint64_t warnings = 0;
  std::uint64_t infos = 0;
  std::uint64_t suppressed = 0;
  std::uint64_t findings() const { return errors + warnings + infos; }
};
Counts counts_of(const CardReport& report);
std::string in_words(const Counts& counts);  // "3 errors, 1 warning", "no findings"

Gate gate_of(const RunInfo& run);  // the default gate without a policy
Severity default_severity(const Policy* policy,
                          std::string_view rule);  // what the policy says outside overrides
std::string in_words(const Gate& gate);            // what it asks: "no errors, at most 3 warnings"
std::string title_of(const RunInfo& run, std::string_view rule);     // its title, else its name in words
const RuleMeta* find_rule(const RunInfo& run, std::string_view id);  // run.rules is sorted by id

// "12 findings (3 errors, 9 warnings) in 4 of 10 cards; 2 suppressed." and, when the gate fails, why.
std::string summary(const Totals& totals, const Gate& gate, std::uint64_t problems);

}  // namespace cardwarden::render
