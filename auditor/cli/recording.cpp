// SPDX-License-Identifier: Apache-2.0
#include "cli/recording.h"

#include <nlohmann/json.hpp>
#include <ostream>
#include <set>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "base/time.h"
#include "cli/state.h"
#include "cli/waivers.h"
#include "record/findings.h"

namespace cardwarden::cli {
namespace {

using nlohmann::json;

constexpr std::string_view kRunSchema = "cardwarden-run/1";

std::vector<WaivedSubject> waived_subjects(const RecordedCards& cards) {
  std::vector<WaivedSubject> out;
  for (const RecordedCard& card : cards.cards())
    out.push_back({card.subject.name, card.subject.digest.at("sha256")});
  return out;
}

// The records of all waivers that were looked at for these subjects, expired ones too.
std::vector<std::string> waivers_read(const Session& session, const std::vector<WaivedSubject>& subjects) {
  std::set<std::string> ids;
  for (const GrantedWaiver& waiver : session.waivers->granted) {
    for (const WaivedSubject& subject : subjects) {
      if (concerns(waiver, subject)) ids.insert(waiver.record_id);
    }
  }
  return {ids.begin(), ids.end()};
}

// How the run was made, so that it can be made again. Format: docs/formats/record.md.
std::string run_document(const Session& session, const RecordedCards& cards,
                         const std::optional<std::string>& baseline, const DescribedRepository* repository) {
  json list = json::array();
  for (const RecordedCard& card : cards.cards()) {
    list.push_back({{"kind", to_string(card.judged.card->kind)},
                    {"path", card.path},
                    {"sha256", card.subject.digest.at("sha256")},
                    {"subject", card.subject.name}});
  }
  json run = {{"schema", kRunSchema},
              {"cards", std::move(list)},
              {"baseline", baseline ? json(hex(sha256(*baseline))) : json(nullptr)},
              {"judgedAt", time_text(session.waivers->now)},
              {"waivers", waivers_read(session, waived_subjects(cards))}};
  if (repository != nullptr) run["repository"] = json::parse(repository->json);
  return canonical_json(run);
}

struct Audited {
  const std::vector<StatementSubject>& subjects;
  const std::vector<const CardReport*>& reports;
  const Recorded& record;
};

// For readers of SLSA summaries. It names the audit by its bytes, so the audit is in the log already.
Result<Recorded> record_verdict(Store& store, const LogAccess& log, const Session& session,
                                const Audited& audited) {
  const auto id = hash_from_hex(audited.record.id);
  if (!id) return id.error();
  Totals totals;
  for (const CardReport* report : audited.reports) totals.add(*report, session.policy.gate);
  const auto statement =
      verdict_statement({audited.subjects, log.verdict, session.policy.name, session.policy.digest, *id,
                         gate_passes(totals, session.policy.gate), log.signing->provenance});
  if (!statement) return statement.error();
  return append_record(store, *statement, *log.signing);
}

}  // namespace

void add_record_flags(CLI::App& command, RecordFlags& flags) {
  command.add_flag("--record", flags.record, "Sign what was found, take it into the log and store it");
  add_store_flags(command, flags.store);
  add_sign_flags(command, flags.sign, true);
  command.add_option(
      "--subject", flags.subject,
      "What records and waivers call the card (default: its path from the configuration's folder)");
  command.add_option(
      "--verdict", flags.verdict,
      "Also record the verdict, as readers of SLSA summaries take it, for what is at this address "
      "(https://hub.example/acme/heron)");
  add_trust_flag(command, flags.trust);
}

Result<LogAccess> open_log(World& world, const RecordFlags& flags, Session& session) {
  LogAccess out;
  session.subject = flags.subject;
  if (!flags.verdict.empty()) {
    const std::size_t colon = flags.verdict.find(':');
    if (!flags.record)
      return Error(ErrorCode::usage, "A verdict is about a record; add --record.", "--verdict");
    if (colon == 0 || colon == std::string::npos ||
        flags.verdict.find_first_of(" \t\r\n") != std::string::npos)
      return Error(ErrorCode::usage,
                   "Expected an address with a scheme, such as https://hub.example/acme/heron.", "--verdict");
    out.verdict = flags.verdict;
  }
  if (!flags.record && !names_store(flags.store)) return out;
  if (flags.record) {
    auto signing = open_signing(world, flags.sign, flags.store.state, "record");
    if (!signing) return signing.error();
    out.signing = *std::move(signing);
  }
  auto store = open_store(flags.store, flags.record ? Missing::create : Missing::fail);
  if (!store) return store.error();
  out.store = *std::move(store);
  const auto taken = take_waivers(world, *out.store->store, {flags.store, flags.trust}, session);
  if (!taken) return taken.error();
  return out;
}

Result<RecordedCards> RecordedCards::for_run(const Session& session, std::size_t cards) {
  if (cards > kMaxSubjects) {
    return Error(ErrorCode::usage, "A record is about at most " + std::to_string(kMaxSubjects) +
                                       " cards (kMaxSubjects); there are " + std::to_string(cards) + ".");
  }
  if (cards > 1 && !session.subject.empty())
    return Error(ErrorCode::usage, "One name cannot stand for several cards.", "--subject");
  return RecordedCards(session);
}

void RecordedCards::add(const Input& input, Judged&& judged) {
  add(session_->policy_path(input.path), std::move(judged));
}

RecordedCard& RecordedCards::add(const std::string& path, Judged&& judged) {
  StatementSubject subject = file_subject(session_->subject_name(path), sha256(judged.bytes));
  cards_.push_back({std::move(subject), true, path, std::move(judged)});
  Judged& kept = cards_.back().judged;
  kept.report.card = kept.card.get();
  kept.report.disclosures = &kept.disclosures;
  return cards_.back();
}

Result<RecordedAudit> record_audit(const World& world, LogAccess& log, const Session& session,
                                   const RecordedCards& cards, const DescribedRepository* repository) {
  Store& store = *log.store->store;
  std::vector<StatementSubject> subjects;
  std::vector<const CardReport*> reports;
  std::vector<std::string_view> documents;
  for (const RecordedCard& card : cards.cards()) {
    if (card.is_subject) subjects.push_back(card.subject);
    reports.push_back(&card.judged.report);
    // A card with a secret in it is not copied: whoever audits again hands it in.
    if (card.judged.report.sensitive.empty()) documents.push_back(card.judged.bytes);
  }
  if (repository != nullptr) {
    subjects.push_back(repository->subject);
    documents.insert(documents.end(), repository->documents.begin(), repository->documents.end());
  }
  const FindingsDocument findings = findings_document(reports);
  std::optional<std::string> baseline;
  if (session.baseline) baseline = to_json(*session.baseline);
  const std::string run = run_document(session, cards, baseline, repository);
  const std::string policy = policy_json(session.policy);
  for (const std::string* one : {&findings.json, &run, &policy}) documents.push_back(*one);
  if (baseline) documents.push_back(*baseline);

  Provenance provenance = log.signing->provenance;
  const auto now = hour(world);
  if (!now) return now.error();
  provenance.finished = std::max(*now, provenance.started);
  const auto statement = audit_statement({subjects,
                                          reports,
                                          session.policy,
                                          session.rules,
                                          session.book->digest(),
                                          findings.ref,
                                          std::move(provenance),
                                          waivers_in_force(*session.waivers, waived_subjects(cards)),
                                          {{"run", sha256(run)}}});
  if (!statement) return statement.error();
  for (const std::string_view document : documents) {
    if (auto put = store.put_document(document); !put) return put.error();
  }
  auto audit = append_record(store, *statement, *log.signing);
  if (!audit) return audit.error();
  RecordedAudit out{*std::move(audit), std::nullopt};
  if (log.verdict.empty()) return out;
  auto verdict = record_verdict(store, log, session, {subjects, reports, out.audit});
  if (!verdict) return verdict.error();
  out.verdict = *std::move(verdict);
  return out;
}

void print_recorded(std::ostream& out, const RecordedAudit& recorded, const LogAccess& log) {
  const auto entry = [&log](const Recorded& one) {
    return "entry " + std::to_string(one.index) + " of " + log.store->address;
  };
  Rows rows = {{"record", recorded.audit.id}, {"log", entry(recorded.audit)}};
  if (recorded.verdict)
    rows.insert(rows.end(), {{"verdict", recorded.verdict->id}, {"log", entry(*recorded.verdict)}});
  rows.emplace_back("key", key_id(log.signing->facts.key) + " (" + log.signing->facts.name + ")");
  print_rows(out, rows);
}

}  // namespace cardwarden::cli
