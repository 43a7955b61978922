// SPDX-License-Identifier: Apache-2.0
#include "report/card_json.h"

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "report/render.h"

namespace cardwarden::render {
namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json, int indent) {
  return safe_json(json.dump(indent, ' ', false, Json::error_handler_t::replace));
}

Json position(Position at) { return {{"line", at.line}, {"column", at.column}}; }

Json region(const Place& place) {
  if (place.whole_card) return nullptr;
  return {{"start", position(place.begin)}, {"end", position(place.end)}};
}

Json evidence(const CardReport& report, const std::vector<Evidence>& quotes) {
  Json out = Json::array();
  for (const Evidence& quote : quotes) {
    out.push_back({{"region", region(place_of(*report.card, quoted_span(quote)))},
                   {"quote", text::excerpt(raw_quote(report, quote.span), kQuoteChars)},
                   {"words", text::excerpt(raw_quote(report, quoted_span(quote)), kQuoteChars)}});
  }
  return out;
}

Json suppression(const JudgedFinding& judged) {
  if (judged.counts()) return nullptr;
  return {{"kind", words(judged.suppression)}, {"reason", judged.reason}};
}

Json finding(const CardReport& report, const JudgedFinding& judged) {
  const Finding& f = judged.finding;
  return {{"rule", f.rule},
          {"outcome", to_string(f.outcome)},
          {"severity", to_string(judged.severity)},
          {"message", f.message},
          {"remedy", f.remedy},
          {"key", f.key},
          {"region", region(place_of(*report.card, f))},
          {"evidence", evidence(report, f.evidence)},
          {"fingerprint", judged.fingerprint},
          {"suppression", suppression(judged)}};
}

Json disclosures(const CardReport& report) {
  Json out = Json::array();
  if (report.disclosures == nullptr) return out;
  for (const Disclosure& d : *report.disclosures) {
    out.push_back({{"id", d.id},
                   {"rule", d.rule},
                   {"status", to_string(d.status)},
                   {"evidence", evidence(report, d.evidence)}});
  }
  return out;
}

Json controls(const CardReport& report) {
  Json out = Json::array();
  for (const ControlVerdict& c : report.controls) {
    if (c.control == nullptr) continue;
    out.push_back({{"framework", c.control->framework},
                   {"provision", c.control->provision},
                   {"text", c.control->text},
                   {"verdict", to_string(c.verdict)},
                   {"rules", c.control->evidence}});
  }
  return out;
}

Json typed(std::string_view type) {
  Json out = Json::object();
  if (!type.empty()) out["type"] = type;
  return out;
}

}  // namespace

std::string card_json(const CardReport& report, std::string_view type, int indent) {
  const Card& card = *report.card;
  Json out = typed(type);
  out["path"] = card.path;
  out["kind"] = to_string(card.kind);
  out["kind-source"] = to_string(card.kind_source);
  out["truncated"] = card.truncated;
  out["disclosures"] = disclosures(report);
  Json findings = Json::array();
  for (const JudgedFinding& judged : report.findings) findings.push_back(finding(report, judged));
  out["findings"] = std::move(findings);
  out["controls"] = controls(report);
  return dump(out, indent);
}

std::string problem_json(const InputProblem& problem, std::string_view type, int indent) {
  Json out = typed(type);
  out["path"] = problem.path;
  out["message"] = problem.message;
  return dump(out, indent);
}

std::string tool_json(const RunInfo& run, int indent) {
  return dump({{"name", kToolName},
               {"version", run.version},
               {"commit", run.commit},
               {"rules-digest", run.rules_digest}},
              indent);
}

std::string policy_json(const RunInfo& run, int indent) {
  if (run.policy == nullptr) return "null";
  return dump({{"name", run.policy->name}, {"version", run.policy->version}, {"digest", run.policy->digest}},
              indent);
}

std::string totals_json(const Totals& totals, std::uint64_t problems, int indent) {
  return dump({{"cards", totals.cards},
               {"cards-with-findings", totals.cards_with_findings},
               {"findings", totals.findings()},
               {"errors", totals.errors},
               {"warnings", totals.warnings},
               {"infos", totals.infos},
               {"suppressed", totals.suppressed},
               {"below-min-disclosure", totals.below_min_disclosure},
               {"problems", problems}},
              indent);
}

std::string gate_json(const Totals& totals, const Gate& gate, int indent) {
  const bool passed = gate_passes(totals, gate);
  return dump({{"passed", passed}, {"reason", passed ? std::string() : gate_reason(totals, gate)}}, indent);
}

}  // namespace cardwarden::render
