// SPDX-License-Identifier: Apache-2.0
// The history and the difference of two commits as JSON: docs/formats/history.md.
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/time.h"
#include "report/diff_report.h"
#include "report/render.h"
#include "report/timeline_report.h"

namespace cardwarden {
namespace {

using Json = nlohmann::ordered_json;

Json time_of(const Person& person) {
  if (!person.time_valid || person.time < 0) return nullptr;
  return time_text(static_cast<std::uint64_t>(person.time));
}

Json commit_json(const CommitFacts& commit) {
  return {{"commit", commit.id.hex()},
          {"time", time_of(commit.committer)},
          {"author", {{"name", commit.author.name}, {"email", commit.author.email}}},
          {"committer", {{"name", commit.committer.name}, {"email", commit.committer.email}}},
          {"subject", commit.subject},
          {"signature", to_string(commit.signature)}};
}

Json list_json(const std::optional<ListChange>& change) {
  if (!change) return nullptr;
  return {{"before", change->before}, {"after", change->after}};
}

Json event_json(const DisclosureEvent& event) {
  return {{"disclosure", event.id},
          {"change", to_string(event.change)},
          {"words-before", event.words_before},
          {"words-after", event.words_after},
          {"quote-before", event.quote_before},
          {"quote-after", event.quote_after}};
}

Json states_json(const CardFacts* facts) {
  if (facts == nullptr) return nullptr;
  Json out = Json::object();
  for (const DisclosureFacts& one : facts->disclosures) {
    if (one.status == Status::absent) continue;
    out[one.id] = {{"status", to_string(one.status)}, {"words", one.words}, {"line", one.line}};
  }
  return out;
}

void changes_into(Json& out, const CardComparison& changes) {
  Json events = Json::array();
  for (const DisclosureEvent& event : changes.disclosures) events.push_back(event_json(event));
  out["events"] = std::move(events);
  out["license"] = list_json(changes.licenses);
  if (changes.licenses) out["license"]["move"] = to_string(changes.license);
  out["base-models"] = list_json(changes.base_models);
  out["datasets"] = list_json(changes.datasets);
}

Json revision_json(const TimelineRevision& one) {
  Json out = commit_json(one.revision->commit);
  out["change"] = to_string(one.revision->change);
  out["path"] = one.revision->path;
  out["old-path"] = one.revision->old_path.empty() ? Json(nullptr) : Json(one.revision->old_path);
  out["blob"] = one.revision->blob ? Json(one.revision->blob->hex()) : Json(nullptr);
  out["problem"] = one.problem.empty() ? Json(nullptr) : Json(one.problem);
  out["disclosures"] = states_json(one.facts);
  changes_into(out, one.changes);
  return out;
}

Json state_json(const std::optional<WeightState>& state) {
  if (!state) return nullptr;
  return {{"blob", state->blob.hex()},
          {"sha256", state->lfs ? Json(state->lfs->oid) : Json(nullptr)},
          {"bytes", state->lfs ? Json(state->lfs->size) : Json(nullptr)}};
}

Json weights_json(const TimelineWeights& one) {
  Json out = commit_json(one.commit->commit);
  out["card-changed"] = one.commit->card_changed;
  out["card-untouched"] = one.silent();
  out["card-followed-seconds"] = one.card_followed ? Json(*one.card_followed) : Json(nullptr);
  Json files = Json::array();
  for (const WeightChange* change : one.changes) {
    files.push_back({{"path", change->path},
                     {"change", to_string(change->kind)},
                     {"old-path", change->old_path.empty() ? Json(nullptr) : Json(change->old_path)},
                     {"before", state_json(change->before)},
                     {"after", state_json(change->after)}});
  }
  out["files"] = std::move(files);
  return out;
}

Json findings_json(const std::vector<DiffFinding>& findings) {
  Json out = Json::array();
  for (const DiffFinding& one : findings) {
    out.push_back({{"rule", one.rule},
                   {"severity", to_string(one.severity)},
                   {"message", one.message},
                   {"line", one.line == 0 ? Json(nullptr) : Json(one.line)},
                   {"fingerprint", one.fingerprint}});
  }
  return out;
}

void dump(std::ostream& out, const Json& json) {
  out << render::safe_json(json.dump(2, ' ', false, Json::error_handler_t::replace)) << '\n';
}

}  // namespace

void write_diff_json(std::ostream& out, const DiffReport& report) {
  Json all = {{"schema", kDiffSchema},
              {"tool", {{"name", render::kToolName}, {"version", report.version}}},
              {"repository", report.repository},
              {"card", report.card},
              {"before", {{"reference", report.before}, {"commit", report.before_id.hex()}}},
              {"after", {{"reference", report.after}, {"commit", report.after_id.hex()}}},
              {"disclosed-before", report.disclosed_before},
              {"disclosed-after", report.disclosed_after}};
  changes_into(all, report.changes);
  all["findings"] = {{"new", findings_json(report.appeared)},
                     {"gone", findings_json(report.gone)},
                     {"as-before", report.stayed}};
  all["weights"] = {{"added", report.weights_added},
                    {"changed", report.weights_changed},
                    {"removed", report.weights_removed}};
  all["note"] = render::kDisclaimer;
  dump(out, all);
}

void write_timeline_json(std::ostream& out, const TimelineReport& report) {
  const Timeline& timeline = *report.timeline;
  const render::TimelineCounts counts = render::counts_of(timeline);
  Json all = {{"schema", kHistorySchema},
              {"tool", {{"name", render::kToolName}, {"version", report.version}}},
              {"repository", report.repository},
              {"reference", report.reference},
              {"tip", report.history->tip.hex()},
              {"card", report.card},
              {"kind", to_string(report.kind)},
              {"commits", report.history->commits},
              {"shallow", report.history->shallow},
              {"truncated-because",
               report.history->truncated ? Json(report.history->truncated_because) : Json(nullptr)},
              {"summary",
               {{"disclosed", counts.disclosed},
                {"catalogue", counts.catalogue},
                {"lost", counts.lost},
                {"thinned", counts.thinned},
                {"license-changes", counts.license_changes},
                {"license-loosened", counts.loosened},
                {"weight-commits", timeline.weights.size()},
                {"weight-commits-card-untouched", counts.silent}}}};
  Json losses = Json::array();
  for (const Loss& loss : timeline.losses) {
    losses.push_back({{"disclosure", loss.id},
                      {"placeholder", loss.placeholder},
                      {"last-commit", timeline.revisions[loss.last].revision->commit.id.hex()},
                      {"gone-commit", timeline.revisions[loss.gone].revision->commit.id.hex()},
                      {"quote", loss.quote}});
  }
  all["lost"] = std::move(losses);
  Json revisions = Json::array();
  for (const TimelineRevision& one : timeline.revisions) revisions.push_back(revision_json(one));
  all["revisions"] = std::move(revisions);
  Json weights = Json::array();
  for (const TimelineWeights& one : timeline.weights) weights.push_back(weights_json(one));
  all["weights"] = std::move(weights);
  all["note"] = render::kDisclaimer;
  dump(out, all);
}

}  // namespace cardwarden
