// SPDX-License-Identifier: Apache-2.0
// SARIF 2.1.0 within the limits of GitHub code scanning. One run; rules and results are one a line.
// Suppressed findings are written with their suppression, as the standard wants.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>

#include "report/formats.h"
#include "report/render.h"
#include "report/spool.h"

namespace cardwarden {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kMaxResults = 25'000;  // GitHub refuses a run with more
constexpr std::size_t kMaxTags = 20;           // and a rule with more; they must differ
constexpr std::uint32_t kMaxSnippetBytes =
    2000;  // a snippet must be the whole region, so long ones are left out
constexpr std::string_view kFingerprint = "cardwarden/v1";
constexpr std::string_view kSchema = "https://json.schemastore.org/sarif-2.1.0.json";

std::string dump(const Json& json) {
  return render::safe_json(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::string_view level(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::info:
      return "note";
    case Severity::off:
      break;
  }
  return "none";
}

std::string_view kind(Outcome outcome) {
  switch (outcome) {
    case Outcome::disclosed:
      return "pass";
    case Outcome::not_applicable:
      return "notApplicable";
    case Outcome::not_assessable:
      return "open";
    case Outcome::placeholder:
    case Outcome::absent:
    case Outcome::violated:
    case Outcome::contradicted:
      break;
  }
  return "fail";
}

// "model-card/training-data-source" → "ModelCardTrainingDataSource"
std::string pascal_case(std::string_view id) {
  std::string out;
  bool upper = true;
  for (const char c : id) {
    if (c == '-' || c == '/') {
      upper = true;
      continue;
    }
    out += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    upper = false;
  }
  return out;
}

Json artifact(std::string_view path) {
  Json out = {{"uri", render::uri(path)}};
  if (path.substr(0, 1) != "/") out["uriBaseId"] = "%SRCROOT%";
  return out;
}

Json location(const CardReport& report, const render::Place& place) {
  Json region = {{"startLine", place.begin.line}};
  if (!place.whole_card) {
    region["startColumn"] = place.begin.column;
    region["endLine"] = place.end.line;
    region["endColumn"] = place.end.column;
    if (!place.span.empty() && place.span.size() <= kMaxSnippetBytes) {
      region["snippet"] = {{"text", render::raw_quote(report, place.span)}};
    }
  }
  return {{"physicalLocation",
           {{"artifactLocation", artifact(report.card->path)}, {"region", std::move(region)}}}};
}

Json rule_json(const RuleMeta& rule, const Policy* policy) {
  Json tags = Json::array({"model-governance"});
  const auto add_tag = [&](std::string_view tag) {
    if (tags.size() < kMaxTags && std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(tag);
  };
  add_tag(render::family(rule.id));
  for (const std::string& reference : rule.references) add_tag(render::valid_utf8(reference));
  const Severity severity = render::default_severity(policy, rule.id);
  Json out = {{"id", rule.id},
              {"name", pascal_case(rule.id)},
              {"shortDescription", {{"text", rule.title.empty() ? render::in_words(rule.id) : rule.title}}},
              {"fullDescription", {{"text", rule.question.empty() ? rule.message : rule.question}}},
              {"helpUri", std::string(render::kRulePageBase) + render::uri(rule.id)},
              {"help", {{"text", rule.remedy.empty() ? rule.message : rule.remedy}}},
              {"defaultConfiguration", {{"level", level(severity)}}},
              {"properties",
               {{"tags", std::move(tags)},
                {"problem.severity", severity == Severity::info ? "recommendation" : level(severity)}}}};
  if (!rule.page.empty()) out["help"]["markdown"] = rule.page;
  return out;
}

Json suppressions(const JudgedFinding& judged) {
  Json suppression = {
      {"kind", judged.suppression == SuppressionKind::inline_comment ? "inSource" : "external"},
      {"status", "accepted"}};
  if (!judged.reason.empty()) suppression["justification"] = judged.reason;
  return Json::array({std::move(suppression)});
}

Json notification(std::string_view severity, std::string message) {
  return {{"level", severity}, {"message", {{"text", std::move(message)}}}};
}

class SarifWriter : public ReportWriter {
 public:
  explicit SarifWriter(std::ostream& out) : out_(out) {}

  void begin(const RunInfo& run) override {
    out_ << R"({"$schema":")" << kSchema << R"(","version":"2.1.0",)"
         << "\n\"runs\":[{\"tool\":{\"driver\":{"
         << "\"name\":\"Cardwarden\",\"version\":" << dump(run.version)
         << ",\"semanticVersion\":" << dump(run.version) << ",\"informationUri\":\"" << render::kToolUri
         << "\",\"properties\":" << dump({{"commit", run.commit}, {"rulesDigest", run.rules_digest}})
         << ",\n\"rules\":[";
    for (const RuleMeta& rule : run.rules) {
      out_ << (rule_index_.empty() ? "\n" : ",\n") << dump(rule_json(rule, run.policy));
      rule_index_.emplace(rule.id, rule_index_.size());
    }
    out_ << "]}},\n\"columnKind\":\"unicodeCodePoints\",\n";
    if (run.policy != nullptr) {
      // The closing slash makes the whole text the category, so that two policies do not replace each other.
      out_ << "\"automationDetails\":" << dump({{"id", "cardwarden/" + run.policy->name + '/'}})
           << ",\n\"properties\":"
           << dump({{"policy", run.policy->name},
                    {"policyVersion", run.policy->version},
                    {"policyDigest", run.policy->digest},
                    {"note", render::kDisclaimer}})
           << ",\n";
    }
    out_ << "\"results\":[";
  }

  void card(const CardReport& report) override {
    for (const JudgedFinding& judged : report.findings) {
      if (results_ == kMaxResults) {
        ++cut_;
        continue;
      }
      out_ << (results_++ == 0 ? "\n" : ",\n") << dump(result(report, judged));
    }
  }

  void problem(const InputProblem& problem) override {
    Json json = notification("error", problem.message);
    json["locations"] = Json::array({{{"physicalLocation", {{"artifactLocation", artifact(problem.path)}}}}});
    add_notification(json);
    failed_ = true;
  }

  void end(const Totals& /*totals*/) override {
    if (cut_ > 0) {
      add_notification(notification("warning", std::to_string(cut_) +
                                                   " results were left out: GitHub accepts at most " +
                                                   std::to_string(kMaxResults) +
                                                   " in a run. The other report formats have all of them."));
    }
    out_ << "],\n\"invocations\":[{\"executionSuccessful\":" << (failed_ ? "false" : "true")
         << ",\"toolExecutionNotifications\":[";
    notifications_.copy_to(out_);
    out_ << "]}]}]}\n";
  }

 private:
  Json result(const CardReport& report, const JudgedFinding& judged) {
    const Card& card = *report.card;
    const Finding& f = judged.finding;
    const std::string_view result_kind = kind(f.outcome);
    Json out = {{"ruleId", f.rule}};
    const auto index = rule_index_.find(f.rule);
    if (index != rule_index_.end()) out["ruleIndex"] = index->second;
    out["kind"] = result_kind;
    out["level"] = result_kind == "fail" ? level(judged.severity) : "none";
    out["message"] = {{"text", f.remedy.empty() ? f.message : f.message + ' ' + f.remedy}};
    const render::Target target = render::target_of(report, f);
    out["locations"] = Json::array({location(report, target.place)});
    out["locations"][0]["physicalLocation"]["artifactLocation"] = artifact(target.path);
    Json related = Json::array();
    for (std::size_t i = 0; i < f.evidence.size(); ++i) {
      Json place = location(report, render::place_of(card, render::quoted_span(f.evidence[i])));
      place["id"] = i;
      place["message"] = {{"text", render::quote_label(f, i)}};
      related.push_back(std::move(place));
    }
    for (const FileQuote& quote : f.files) {
      Json place = {{"physicalLocation", {{"artifactLocation", artifact(render::file_path(card, quote))}}}};
      if (quote.line > 0) place["physicalLocation"]["region"] = {{"startLine", quote.line}};
      place["id"] = related.size();
      place["message"] = {{"text", std::string(render::file_label(f)) + ": " + render::quote(quote)}};
      related.push_back(std::move(place));
    }
    if (!related.empty()) out["relatedLocations"] = std::move(related);
    out["partialFingerprints"] = {{kFingerprint, judged.fingerprint}};
    if (!judged.counts()) out["suppressions"] = suppressions(judged);
    out["properties"] = {{"outcome", to_string(f.outcome)}};
    return out;
  }

  void add_notification(const Json& json) {
    notifications_.append((notifications_.empty() ? "\n" : ",\n") + dump(json));
  }

  std::ostream& out_;
  std::map<std::string, std::size_t, std::less<>> rule_index_;
  render::Spool notifications_;
  std::uint64_t results_ = 0;
  std::uint64_t cut_ = 0;
  bool failed_ = false;
};

}  // namespace

std::unique_ptr<ReportWriter> make_sarif_writer(std::ostream& out) {
  return std::make_unique<SarifWriter>(out);
}

}  // namespace cardwarden
