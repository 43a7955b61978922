// SPDX-License-Identifier: Apache-2.0
#include "report/card_json.h"

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "base/time.h"
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

Json files(const std::vector<FileQuote>& quotes) {
  Json out = Json::array();
  for (const FileQuote& one : quotes) {
    out.push_back({{"path", one.path},
                   {"line", one.line == 0 ? Json(nullptr) : Json(one.line)},
                   {"words", text::excerpt(one.words, kQuoteChars)}});
  }
  return out;
}

Json finding(const CardReport& report, const JudgedFinding& judged) {
  const Finding& f = judged.finding;
  Json out = {{"rule", f.rule},
              {"outcome", to_string(f.outcome)},
              {"severity", to_string(judged.severity)},
              {"message", f.message},
              {"remedy", f.remedy},
              {"key", f.key},
              {"region", region(place_of(*report.card, f))},
              {"evidence", evidence(report, f.evidence)},
              {"fingerprint", judged.fingerprint},
              {"suppression", suppression(judged)}};
  if (!f.files.empty()) out["files"] = files(f.files);
  return out;
}

Json count(const ParameterCount& count) {
  Json out = {{"kind", to_string(count.kind)}, {"reason", count.reason}};
  if (count.kind == CountKind::unknown) return out;
  out["value"] = count.value;
  out["low"] = count.low;
  out["high"] = count.high;
  return out;
}

Json weights(const WeightFacts& facts) {
  Json out = Json::array();
  for (const WeightSet& set : facts.sets) {
    Json paths = Json::array();
    for (const std::size_t at : set.files) paths.push_back(facts.files[at].path);
    out.push_back({{"format", to_string(set.format)},
                   {"role", to_string(set.role)},
                   {"files", std::move(paths)},
                   {"bytes", set.size},
                   {"missing", set.missing},
                   {"parameters", count(set.parameters)}});
  }
  return out;
}

Json repository(const RepositoryFacts& facts) {
  const Snapshot& snapshot = *facts.snapshot;
  Json licenses = Json::array();
  for (const LicenseFile& file : snapshot.licenses) {
    Json ids = Json::array();
    for (const LicenseMatch& match : file.reading.matches) ids.push_back(match.id);
    licenses.push_back({{"path", file.path}, {"licenses", std::move(ids)}});
  }
  Json signatures = Json::array();
  for (const ModelSignature& one : facts.model_signatures)
    signatures.push_back({{"path", one.path}, {"grade", to_string(one.grade)}, {"reason", one.reason}});
  Json notes = Json::array();
  for (const Note& note : snapshot.notes) notes.push_back({{"path", note.path}, {"message", note.message}});
  const Person& committer = snapshot.commit.committer;
  const bool dated = committer.time_valid && committer.time >= 0;
  return {{"commit", snapshot.commit_id.hex()},
          {"committed", dated ? Json(time_text(static_cast<std::uint64_t>(committer.time))) : Json(nullptr)},
          {"commit-signature",
           {{"verdict", to_string(facts.commit_signature.verdict)},
            {"kind", to_string(facts.commit_signature.kind)},
            {"signers", facts.commit_signature.principals},
            {"reason", facts.commit_signature.reason}}},
          {"files", snapshot.files.size()},
          {"complete", !snapshot.truncated},
          {"weights", weights(*facts.weights)},
          {"parameters", count(facts.weights->parameters)},
          {"adapter-parameters", count(facts.weights->adapter_parameters)},
          {"license-files", std::move(licenses)},
          {"model-signatures", std::move(signatures)},
          {"notes", std::move(notes)}};
}

Json not_assessable(const std::vector<Finding>& findings) {
  Json out = Json::array();
  for (const Finding& f : findings)
    out.push_back({{"rule", f.rule}, {"message", f.message}, {"key", f.key}, {"files", files(f.files)}});
  return out;
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
  if (report.repository != nullptr) {
    out["not-assessable"] = not_assessable(report.not_assessable);
    out["repository"] = repository(*report.repository);
  }
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
