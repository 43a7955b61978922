// SPDX-License-Identifier: Apache-2.0
#include "engine/evaluate.h"

#include <algorithm>
#include <iterator>

namespace cardwarden {
namespace {

bool can_run(const Rule& rule, const RepositoryFacts* repository) {
  if (rule.needs_timeline && (repository == nullptr || repository->timeline == nullptr)) return false;
  if (rule.needs_history) return repository != nullptr && repository->history != nullptr;
  return !rule.needs_repository || repository != nullptr;
}

// Adds what a rule decides by.
void ask_for(const Rule& rule, const Detectors& detectors, Asked& asked) {
  asked.rules.insert(rule.id);
  if (rule.disclosure) asked.disclosures.insert(rule.name);
  asked.disclosures.insert(rule.asks.begin(), rule.asks.end());
  for (const AuditRule& audit : detectors.audit_rules()) {
    if (audit.rule != rule.id) continue;
    asked.disclosures.insert(audit.absent.begin(), audit.absent.end());
    asked.disclosures.insert(audit.disclosed.begin(), audit.disclosed.end());
  }
}

bool same_rules(const std::vector<RuleRun>& a, const std::vector<RuleRun>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const RuleRun& one, const RuleRun& other) { return one.rule == other.rule; });
}

}  // namespace

// Rules that differ from card to card add up, so that a reader is made anew a few times at most.
Result<EvidenceReader*> Evaluator::reader(Kind kind, const std::vector<RuleRun>& runs) {
  Reader& slot = readers_[static_cast<std::size_t>(kind)];
  const bool everything = extent_ == Extent::everything;
  if (slot.reader && (everything || same_rules(slot.runs, runs))) return slot.reader.get();
  const std::size_t before = slot.asked.rules.size();
  slot.asked.everything = everything;
  if (!everything) {
    auto detectors = book_.detectors(kind);
    if (!detectors) return detectors.error();
    slot.runs = runs;
    for (const RuleRun& run : runs) {
      if (run.rule->applies_to(kind)) ask_for(*run.rule, **detectors, slot.asked);
    }
  }
  if (!slot.reader || slot.asked.rules.size() != before) {
    auto plan = book_.plan(kind, slot.asked);
    if (!plan) return plan.error();
    slot.reader = std::make_unique<EvidenceReader>(**plan);
  }
  return slot.reader.get();
}

// What a disclosure rule says of a card that does not disclose.
Done Evaluator::state_disclosure(const Rule& rule, std::vector<Finding>& out) const {
  const Disclosure* disclosure = find_disclosure(reader_->disclosures(), rule.name);
  if (disclosure == nullptr || disclosure->status == Status::disclosed) return Nothing{};
  auto meta = book_.meta(rule);
  if (!meta) return meta.error();
  Finding& finding = out.emplace_back();
  finding.outcome = disclosure->status == Status::placeholder ? Outcome::placeholder : Outcome::absent;
  finding.message = (*meta)->message;
  finding.remedy = (*meta)->remedy;
  finding.key = std::string(rule.name);
  if (!disclosure->evidence.empty()) {
    finding.span = disclosure->evidence.front().span;
    finding.located = true;
    finding.message += " Only a placeholder stands here.";
  }
  return Nothing{};
}

// What a declarative audit rule says, where it has something to say.
Done Evaluator::state_audit(const Card& card, const Rule& rule, std::vector<Finding>& out) const {
  auto detectors = book_.detectors(card.kind);
  if (!detectors) return detectors.error();
  const auto& audits = (*detectors)->audit_rules();
  const auto audit =
      std::find_if(audits.begin(), audits.end(), [&](const AuditRule& one) { return one.rule == rule.id; });
  std::vector<Evidence> quotes;
  if (audit == audits.end() || !reader_->applies(*audit, card, quotes)) return Nothing{};
  auto meta = book_.meta(rule);
  if (!meta) return meta.error();
  const Outcome outcome = audit->absent.empty() ? Outcome::violated : Outcome::absent;
  Finding& finding =
      out.emplace_back(card_finding(outcome, (*meta)->message, (*meta)->remedy, std::string(rule.name)));
  finding.evidence = std::move(quotes);
  if (!finding.evidence.empty()) {
    finding.span = finding.evidence.front().words;
    finding.located = true;
  }
  return Nothing{};
}

Done Evaluator::state(const Card& card, const RuleRun& run, const Scope& scope,
                      const RepositoryFacts* repository, std::vector<Finding>& out) const {
  static const Parameters kNone;
  const Rule& rule = *run.rule;
  const std::size_t before = out.size();
  Done done = Nothing{};
  if (!can_run(rule, repository)) {
    out.emplace_back().outcome = Outcome::not_assessable;
  } else if (rule.disclosure) {
    done = state_disclosure(rule, out);
  } else if (rule.check != nullptr) {
    const Parameters& parameters = run.parameters != nullptr ? *run.parameters : kNone;
    const Phrases phrases(*reader_, rule.id);
    const AskedDisclosures disclosures(reader_->disclosures(), rule.asks);
    std::vector<Finding> findings =
        rule.check(Subject{card, reader_->prose(), disclosures, phrases, parameters, scope, repository});
    std::move(findings.begin(), findings.end(), std::back_inserter(out));
  } else {
    done = state_audit(card, rule, out);
  }
  for (std::size_t i = before; i < out.size(); ++i) out[i].rule = rule.id;
  return done;
}

Done Evaluator::read(const Card& card, const std::vector<RuleRun>& runs) {
  auto found = reader(card.kind, runs);
  if (!found) return found.error();
  reader_ = *found;
  reader_->read(card);
  return Nothing{};
}

Result<std::vector<Finding>> Evaluator::evaluate(const Card& card, const std::vector<RuleRun>& runs,
                                                 const Scope& scope, const RepositoryFacts* repository) {
  if (auto done = read(card, runs); !done) return done.error();
  std::vector<Finding> findings;
  findings.reserve(runs.size());
  for (const RuleRun& run : runs) {
    if (!run.rule->applies_to(card.kind) || run.rule->by_judge) continue;
    if (auto done = state(card, run, scope, repository, findings); !done) return done.error();
  }
  return findings;
}

}  // namespace cardwarden
