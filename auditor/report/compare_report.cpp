// SPDX-License-Identifier: Apache-2.0
// What the formats of a comparison share: the answers and the sentence.
#include "report/compare_report.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/time.h"
#include "card/card.h"

namespace cardwarden::render {
namespace {

constexpr std::int64_t kDay = 86'400;  // seconds
constexpr std::int64_t kMonth = 30 * kDay;

std::string day_of(const std::optional<std::int64_t>& time) {
  if (!time || *time < 0) return "unknown";
  return time_text(static_cast<std::uint64_t>(*time)).substr(0, 10);
}

std::string size_in_words(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 5> kUnits = {"bytes", "KB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  std::uint64_t tenths = bytes * 10;
  if (bytes > (std::uint64_t{1} << 60U)) return "more than 1,000 TB";
  for (; tenths >= 10'000 && unit + 1 < kUnits.size(); ++unit) tenths /= 1000;
  std::string out = std::to_string(tenths / 10);
  if (unit > 0 && tenths < 1000) out += "." + std::to_string(tenths % 10);
  return out + " " + std::string(kUnits[unit]);
}

bool is_model(const CompareCandidate& one) { return one.kind == to_string(Kind::model); }

// Days by which the card is older than the weights; 0 when it is not, or not known.
std::int64_t days_behind(const CompareCandidate& one) {
  if (!one.card_time || !one.weights_time) return 0;
  return std::max<std::int64_t>(0, (*one.weights_time - *one.card_time) / kDay);
}

std::string span_in_words(std::int64_t days) {
  if (days * kDay >= 2 * kMonth) return text::plural(static_cast<std::size_t>(days / 30), "month", "months");
  return text::plural(static_cast<std::size_t>(days), "day", "days");
}

CompareAnswer disclosures(const CompareCandidate& one) {
  CompareAnswer out{"Disclosures", {}, {}, Tone::plain};
  out.answer = one.has_card ? std::to_string(one.disclosed) + " of " + std::to_string(one.catalogue)
                            : "there is no card";
  if (!one.missing.empty() && one.has_card)
    out.details.push_back("Silent on: " + text::join(one.missing, ", "));
  const bool few = one.disclosed * 2 < one.catalogue;
  out.tone = few || !one.has_card                    ? Tone::bad
             : one.disclosed * 4 < one.catalogue * 3 ? Tone::doubtful
                                                     : Tone::good;
  return out;
}

CompareAnswer lost(const CompareCandidate& one) {
  CompareAnswer out{
      "Taken back", one.lost.empty() ? "nothing" : std::to_string(one.lost.size()), {}, Tone::good};
  if (!one.lost.empty()) {
    out.tone = Tone::bad;
    out.details.push_back("Disclosed once, not any more: " + text::join(one.lost, ", "));
  }
  return out;
}

CompareAnswer contradictions(const CompareCandidate& one) {
  CompareAnswer out{"Contradictions", one.contradictions.empty() ? "none found" : "", one.contradictions,
                    one.contradictions.empty() ? Tone::good : Tone::bad};
  if (!one.contradictions.empty()) out.answer = std::to_string(one.contradictions.size());
  return out;
}

CompareAnswer other_findings(const CompareCandidate& one) {
  CompareAnswer out{"Other findings", {}, {}, Tone::plain};
  out.answer =
      text::plural(one.errors, "error", "errors") + ", " + text::plural(one.warnings, "warning", "warnings");
  if (one.errors > 0) out.tone = Tone::doubtful;
  return out;
}

CompareAnswer license(const CompareCandidate& one) {
  CompareAnswer out{"Licence", text::join(one.licenses, ", "), one.chain, Tone::plain};
  if (one.licenses.empty()) {
    out.answer = "none declared";
    out.tone = Tone::bad;
  } else if (!one.chain.empty()) {
    out.answer += ", in doubt";
  } else if (one.commercial) {
    out.answer += *one.commercial ? ", commercial use allowed" : ", no commercial use";
    out.tone = *one.commercial ? Tone::good : Tone::doubtful;
  }
  if (!one.chain.empty()) out.tone = Tone::bad;
  if (!one.bases.empty())
    out.details.insert(out.details.begin(), "Built on: " + text::join(one.bases, ", "));
  else if (is_model(one))
    out.details.insert(out.details.begin(), "No base model is declared.");
  return out;
}

CompareAnswer weights(const CompareCandidate& one) {
  CompareAnswer out{"Weights", text::join(one.formats, ", "), {}, Tone::plain};
  if (one.formats.empty()) {
    out.answer = is_model(one) ? "none in the repository" : "not a model";
    return out;
  }
  out.tone = !one.runs_code ? Tone::good : one.safe_twin ? Tone::doubtful : Tone::bad;
  if (one.runs_code) {
    out.details.emplace_back(one.safe_twin ? "Pickle files, which can run code, lie beside safetensors."
                                           : "Loading them can run code that the files name.");
  }
  out.details.push_back("Parameters: " + one.parameters);
  out.details.push_back("Size: " + size_in_words(one.weight_bytes));
  return out;
}

CompareAnswer freshness(const CompareCandidate& one) {
  CompareAnswer out{"Freshness", "card " + day_of(one.card_time), {}, Tone::plain};
  if (one.weights_time) out.answer += ", weights " + day_of(one.weights_time);
  const std::int64_t behind = days_behind(one);
  if (behind > 1) {
    out.tone = Tone::doubtful;
    out.details.push_back("The card is " + span_in_words(behind) + " older than the weights.");
  }
  if (one.silent > 0) {
    out.tone = Tone::doubtful;
    out.details.push_back("Weights were replaced " + text::plural(one.silent, "time", "times") +
                          " without a change of the card.");
  }
  if (!one.history_note.empty()) out.details.push_back(one.history_note);
  return out;
}

}  // namespace

std::vector<CompareAnswer> compare_answers(const CompareCandidate& candidate) {
  return {disclosures(candidate), lost(candidate),      contradictions(candidate), license(candidate),
          weights(candidate),     freshness(candidate), other_findings(candidate)};
}

std::string plain_sentence(const CompareCandidate& one) {
  if (!one.has_card)
    return "There is no card: nobody says what this is, what it may be used for, or where it fails.";
  const std::size_t share = one.catalogue == 0 ? 0 : one.disclosed * 100 / one.catalogue;
  std::string out = share >= 75   ? "The card tells most of what one should know"
                    : share >= 50 ? "The card tells about half of what one should know"
                    : share >= 25 ? "The card leaves out most of what one should know"
                                  : "The card says next to nothing";
  std::vector<std::string> but;
  if (!one.contradictions.empty())
    but.push_back(one.contradictions.size() == 1
                      ? "one of its statements is refuted by the files"
                      : std::to_string(one.contradictions.size()) + " of its statements are refuted");
  if (one.licenses.empty())
    but.emplace_back("no licence says that it may be used");
  else if (!one.chain.empty())
    but.emplace_back("the licence is in doubt");
  else if (one.commercial && !*one.commercial)
    but.emplace_back("it may not be used commercially");
  if (!one.lost.empty()) but.push_back("earlier disclosures were taken back");
  if (one.runs_code && !one.safe_twin) but.emplace_back("loading the weights can run foreign code");
  const std::int64_t behind = days_behind(one);
  if (behind > 1) but.push_back("the weights changed " + span_in_words(behind) + " after the card");
  if (but.empty())
    return out + (share >= 75 ? ", and nothing found speaks against it." : "; what it says was not refuted.");
  std::string last = but.back();
  but.pop_back();
  return out + (share >= 50 ? ", but " : ", and ") +
         (but.empty() ? last : text::join(but, ", ") + " and " + last) + ".";
}

}  // namespace cardwarden::render
