// SPDX-License-Identifier: Apache-2.0
#pragma once
// Candidate models side by side, before one is chosen: the same questions asked of each, with facts, and one
// plain sentence each. No score and no rank: what matters is the reader's to weigh. For a terminal, as JSON
// (docs/formats/history.md) and as one page.

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cardwarden {

constexpr std::string_view kCompareSchema = "cardwarden-compare/1";

struct CompareCandidate {
  std::string name;
  std::string commit;  // 40 digits
  std::string kind;
  bool has_card = false;
  std::size_t disclosed = 0;  // of the catalogue
  std::size_t catalogue = 0;
  std::vector<std::string> missing;         // titles of what it does not disclose
  std::vector<std::string> lost;            // titles of what it disclosed once
  std::vector<std::string> contradictions;  // messages of findings, secrets masked
  std::size_t errors = 0;                   // other findings that count, by severity
  std::size_t warnings = 0;
  std::vector<std::string> licenses;  // declared
  std::optional<bool> commercial;     // whether the declared licences allow commercial use, where it is known
  std::vector<std::string> bases;     // base models that the card declares
  std::vector<std::string> chain;     // what is wrong in the chain of licences: messages of findings
  std::vector<std::string> formats;   // of weights: "safetensors", "torch-pickle"
  bool runs_code = false;             // a format among them runs code when it is loaded
  bool safe_twin = false;             // and the same weights are there in a format that does not
  std::string parameters;             // "7,241,732,096", "about 7,000,000,000", or why it is not known
  std::uint64_t weight_bytes = 0;     // of all files of weights
  std::optional<std::int64_t> card_time;  // seconds since 1970 of the newest change
  std::optional<std::int64_t> weights_time;
  std::size_t silent = 0;    // commits that replaced weights and left the card alone
  std::string history_note;  // why the history is not whole; empty when it is
};

struct CompareReport {
  std::string_view version;  // of the tool
  std::vector<CompareCandidate> candidates;
  bool colour = false;            // for text
  unsigned terminal_width = 100;  // for text
};

void write_compare_text(std::ostream& out, const CompareReport& report);
void write_compare_json(std::ostream& out, const CompareReport& report);
void write_compare_html(std::ostream& out, const CompareReport& report);

namespace render {

// What a person who chooses should know of it first.
std::string plain_sentence(const CompareCandidate& candidate);

// The questions, in the order in which they are shown, and the answers of one candidate.
enum class Tone : std::uint8_t { plain, good, doubtful, bad };
struct CompareAnswer {
  std::string_view question;  // "Licence"
  std::string answer;         // a few words
  std::vector<std::string> details;
  Tone tone = Tone::plain;
};
std::vector<CompareAnswer> compare_answers(const CompareCandidate& candidate);

}  // namespace render
}  // namespace cardwarden
