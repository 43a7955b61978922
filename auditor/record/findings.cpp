// SPDX-License-Identifier: Apache-2.0
#include "record/findings.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"
#include "policy/sensitive.h"

namespace cardwarden {
namespace {

using nlohmann::json;

constexpr std::string_view kSchema = "cardwarden-findings/1";
constexpr std::size_t kQuoteChars = 300;  // code points of a quote; a reader has the card for more

std::string_view kind_of(SuppressionKind kind) {
  switch (kind) {
    case SuppressionKind::none:
      return "none";
    case SuppressionKind::inline_comment:
      return "comment";
    case SuppressionKind::baseline:
      return "baseline";
    case SuppressionKind::waiver:
      return "waiver";
  }
  return "none";
}

json place(const Card& card, Span span) {
  const auto size = static_cast<std::uint32_t>(card.text.size());
  span.begin = std::min(span.begin, size);
  span.end = std::clamp(span.end, span.begin, size);
  const Position begin = card.position(span.begin);
  const Position end = card.position(span.end);
  return {{"startLine", begin.line},
          {"startColumn", begin.column},
          {"endLine", end.line},
          {"endColumn", end.column}};
}

json evidence(const CardReport& report, const std::vector<Evidence>& quotes) {
  json out = json::array();
  for (const Evidence& quote : quotes) {
    const Span words = quote.words.empty() ? quote.span : quote.words;
    const auto text_of = [&report](Span span) {
      return text::excerpt(shown(*report.card, report.sensitive, span), kQuoteChars);
    };
    out.push_back(
        {{"place", place(*report.card, words)}, {"quote", text_of(quote.span)}, {"words", text_of(words)}});
  }
  return out;
}

json finding(const CardReport& report, const JudgedFinding& judged) {
  const Finding& f = judged.finding;
  json out = {{"rule", f.rule},
              {"outcome", to_string(f.outcome)},
              {"severity", to_string(judged.severity)},
              {"message", f.message},
              {"remedy", f.remedy},
              {"key", f.key},
              {"place", f.located ? place(*report.card, f.span) : json(nullptr)},
              {"evidence", evidence(report, f.evidence)},
              {"fingerprint", judged.fingerprint},
              {"suppression", nullptr}};
  for (const FileQuote& one : f.files) {
    out["files"].push_back(
        {{"path", one.path}, {"line", one.line}, {"words", text::excerpt(one.words, kQuoteChars)}});
  }
  if (!judged.counts()) {
    out["suppression"] = {{"kind", kind_of(judged.suppression)}, {"reason", judged.reason}};
  }
  return out;
}

json card(const CardReport& report) {
  json disclosures = json::array();
  if (report.disclosures != nullptr) {
    for (const Disclosure& one : *report.disclosures) {
      disclosures.push_back({{"id", one.id},
                             {"rule", one.rule},
                             {"status", to_string(one.status)},
                             {"evidence", evidence(report, one.evidence)}});
    }
  }
  json findings = json::array();
  for (const JudgedFinding& judged : report.findings) findings.push_back(finding(report, judged));
  json controls = json::array();
  for (const ControlVerdict& one : report.controls) {
    if (one.control == nullptr) continue;
    controls.push_back({{"framework", one.control->framework},
                        {"provision", one.control->provision},
                        {"verdict", to_string(one.verdict)}});
  }
  return {{"path", report.path},
          {"kind", to_string(report.card->kind)},
          {"truncated", report.card->truncated},
          {"textSha256", hex(sha256(report.card->text))},
          {"disclosures", std::move(disclosures)},
          {"findings", std::move(findings)},
          {"controls", std::move(controls)}};
}

}  // namespace

FindingsDocument findings_document(const std::vector<const CardReport*>& reports) {
  json cards = json::array();
  for (const CardReport* report : reports) cards.push_back(card(*report));
  FindingsDocument out;
  out.json = canonical_json({{"schema", kSchema}, {"cards", std::move(cards)}});
  out.ref = {sha256(out.json), out.json.size()};
  return out;
}

}  // namespace cardwarden
