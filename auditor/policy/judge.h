// SPDX-License-Identifier: Apache-2.0
#pragma once
// (findings, policy, suppressions, waivers, baseline) → judged findings, control verdicts, gate. Pure.

#include <cstdint>
#include <string>
#include <vector>

#include "engine/finding.h"
#include "engine/repository_facts.h"
#include "policy/baseline.h"
#include "policy/policy.h"
#include "policy/suppression.h"
#include "policy/waiver.h"

namespace cardwarden {

enum class SuppressionKind : std::uint8_t { none, inline_comment, baseline, waiver };

struct JudgedFinding {
  Finding finding;
  Severity severity = Severity::warning;
  std::string fingerprint;  // 32 hexadecimal digits; survives line moves and heading renames
  SuppressionKind suppression = SuppressionKind::none;
  std::string reason;  // of the suppression
  std::string group;   // the fingerprint that equal findings share; a baseline counts these

  bool counts() const { return suppression == SuppressionKind::none; }
};

// Readiness, not legal conformity.
enum class Verdict : std::uint8_t { met, partial, not_met, contradicted, not_applicable, not_assessable };
std::string_view to_string(Verdict verdict);

struct ControlVerdict {
  const Control* control = nullptr;  // owned by the policy
  Verdict verdict = Verdict::not_assessable;
};

// One card, judged. `card` and `disclosures` are borrowed for the time of the call that hands this out.
struct CardReport {
  const Card* card = nullptr;
  const Disclosures* disclosures = nullptr;
  std::vector<JudgedFinding> findings;  // in the order of the text, whole-card findings first
  std::vector<Finding> not_assessable;  // what the repository cannot tell, of rules that are on here
  std::vector<ControlVerdict> controls;
  std::vector<Span> sensitive;  // words that no report may show (policy/sensitive.h), in order
  std::string path;             // what policies and fingerprints know the card by
  const RepositoryFacts* repository = nullptr;  // borrowed; null where the card was judged alone
};

struct JudgeInput {
  const Card& card;
  const Disclosures& disclosures;
  const Policy& policy;
  const KnownRules& rules;
  const Suppressions* suppressions = nullptr;  // null: comments in the card suppress nothing
  const Baseline* baseline = nullptr;
  std::string_view path = {};  // from the folder of the configuration, so that it is the same wherever the
                               // tool is started; empty: Card::path
  const Waivers* waivers = nullptr;             // null: nothing is waived
  WaivedSubject subject = {};                   // what waivers know the card by
  const RepositoryFacts* repository = nullptr;  // null where the card is judged alone; for masking only
};

// `findings` are the answers of all of rule_runs(), whether on or off at this path: control verdicts and the
// masking of secrets read them before the rules that are off drop out. A suppression or a baseline hides a
// finding from the gate; it does not make evidence appear, so control verdicts do not see it.
CardReport judge(const JudgeInput& input, std::vector<Finding> findings);

// Disclosed entries of the catalogue over all entries, the `x-` signals left out; nothing for a kind without
// catalogue.
std::optional<double> disclosed_share(const Disclosures& disclosures);

// Counts over a run. Suppressed findings are counted apart and never touch the gate.
struct Totals {
  std::uint64_t cards = 0;
  std::uint64_t cards_with_findings = 0;
  std::uint64_t errors = 0;
  std::uint64_t warnings = 0;
  std::uint64_t infos = 0;
  std::uint64_t suppressed = 0;
  std::uint64_t below_min_disclosure = 0;  // cards

  std::uint64_t findings() const { return errors + warnings + infos; }
  void add(const CardReport& report, const Gate& gate);
};

bool gate_passes(const Totals& totals, const Gate& gate);
std::string gate_reason(const Totals& totals, const Gate& gate);  // one phrase; empty when it passes

}  // namespace cardwarden
