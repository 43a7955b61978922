// SPDX-License-Identifier: Apache-2.0
#include "policy/judge.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "base/time.h"
#include "policy/fingerprint.h"
#include "policy/glob.h"
#include "policy/sensitive.h"

namespace cardwarden {
namespace {

// --- controls ------------------------------------------------------------------------------------

// What one rule says for a control.
enum class Answer : std::uint8_t { none, unknown, shown, missing, contradicted };

bool looks_for_words(std::string_view rule) {
  const std::string_view family = rule.substr(0, rule.find('/'));
  return family == "model-card" || family == "dataset-card" || family == "signal";
}

Answer answer_of(std::string_view rule, const JudgeInput& input, const std::vector<Finding>& findings) {
  const KnownRule* known = find_rule(input.rules, rule);
  const bool concerned =
      known == nullptr || known->kinds.empty() ||
      std::find(known->kinds.begin(), known->kinds.end(), input.card.kind) != known->kinds.end();
  if (!concerned) return Answer::none;
  // A rule that ran and says nothing has no objection; one that looks for words must show them.
  Answer answer = looks_for_words(rule) ? Answer::unknown : Answer::shown;
  for (const Disclosure& disclosure : input.disclosures) {
    if (disclosure.rule != rule) continue;
    const bool disclosed = disclosure.status == decltype(disclosure.status)::disclosed;
    answer = disclosed ? Answer::shown : Answer::missing;
  }
  for (const Finding& finding : findings) {
    if (finding.rule != rule) continue;
    if (finding.outcome == Outcome::contradicted) return Answer::contradicted;
    if (finding.outcome == Outcome::not_applicable) return Answer::none;
    if (finding.outcome == Outcome::not_assessable) return Answer::unknown;
    if (is_problem(finding.outcome)) answer = Answer::missing;
  }
  return answer;
}

// Nothing when the declared scope lets the provision concern this user.
std::optional<Verdict> scope_verdict(const Control& control, const Scope& declared) {
  std::optional<Verdict> verdict;
  for (const auto& [key, value] : control.scope) {
    const auto at = declared.find(key);
    if (at != declared.end() && at->second != value) return Verdict::not_applicable;
    if (at == declared.end()) verdict = Verdict::not_assessable;
  }
  return verdict;
}

Verdict verdict_of(const Control& control, const JudgeInput& input, const std::vector<Finding>& findings) {
  if (!input.policy.concerns(input.card.kind)) return Verdict::not_applicable;
  if (const auto verdict = scope_verdict(control, input.policy.scope)) return *verdict;
  if (!control.assessable) return Verdict::not_assessable;
  std::size_t shown = 0;
  std::size_t missing = 0;
  std::size_t unknown = 0;
  for (const std::string& rule : control.evidence) {
    switch (answer_of(rule, input, findings)) {
      case Answer::contradicted:
        return Verdict::contradicted;
      case Answer::shown:
        ++shown;
        break;
      case Answer::missing:
        ++missing;
        break;
      case Answer::unknown:
        ++unknown;
        break;
      case Answer::none:
        break;
    }
  }
  if (shown + missing == 0) return unknown > 0 ? Verdict::not_assessable : Verdict::not_applicable;
  if (missing == 0) return unknown > 0 ? Verdict::partial : Verdict::met;
  return shown > 0 ? Verdict::partial : Verdict::not_met;
}

// --- findings ------------------------------------------------------------------------------------

bool in_order(const JudgedFinding& a, const JudgedFinding& b) {
  auto key = [](const JudgedFinding& judged) {
    const Finding& finding = judged.finding;
    return std::make_tuple(finding.located, finding.located ? finding.span.begin : 0U, finding.rule,
                           std::string_view(finding.key), std::string_view(finding.message));
  };
  return key(a) < key(b);
}

class Judge {
 public:
  Judge(const JudgeInput& input, CardReport& report) : input_(input), report_(report) {}

  void run(std::vector<Finding> findings) {
    if (!input_.policy.concerns(input_.card.kind)) return;
    report_.findings.reserve(findings.size());
    for (Finding& finding : findings) add(std::move(finding));
    if (input_.suppressions != nullptr) {
      suppress(*input_.suppressions);
      for (const Finding& problem : input_.suppressions->problems) add(Finding(problem));
    }
    if (input_.waivers != nullptr) waive(*input_.waivers);
    std::stable_sort(report_.findings.begin(), report_.findings.end(), in_order);
    fingerprints();
    mask_secrets();
  }

 private:
  void add(Finding&& finding) {
    // A rule that did not run says nothing, and one that cannot tell says so without a severity.
    const bool cannot_tell = finding.outcome == Outcome::not_assessable && !finding.message.empty();
    if (!is_problem(finding.outcome) && !cannot_tell) return;
    const RuleSetting* setting = input_.policy.setting(finding.rule, report_.path);
    if (setting == nullptr) return;
    if (cannot_tell) return report_.not_assessable.push_back(std::move(finding));
    JudgedFinding& judged = report_.findings.emplace_back();
    judged.severity = setting->severity;
    judged.finding = std::move(finding);
  }

  void suppress(const Suppressions& suppressions) {
    std::vector<bool> used(suppressions.items.size(), false);
    for (JudgedFinding& judged : report_.findings) {
      for (std::size_t i = 0; i < suppressions.items.size(); ++i) {
        const Suppression& item = suppressions.items[i];
        if (!suppresses(item, input_.card, judged.finding)) continue;
        used[i] = true;
        if (judged.suppression != SuppressionKind::none) continue;
        judged.suppression = SuppressionKind::inline_comment;
        judged.reason = item.reason;
      }
    }
    for (std::size_t i = 0; i < used.size(); ++i) {
      const Suppression& item = suppressions.items[i];
      if (!used[i] && is_on(item.rule)) add(unused_suppression(item));
    }
  }

  // An expired waiver excuses nothing and is a finding itself, once for each rule that still has one.
  void waive(const Waivers& waivers) {
    std::map<std::string_view, const GrantedWaiver*> expired;
    for (JudgedFinding& judged : report_.findings) {
      if (!judged.counts()) continue;
      const WaiverAnswer answer = find_waiver(waivers, judged.finding.rule, input_.subject);
      if (answer.expired != nullptr) expired[judged.finding.rule] = answer.expired;
      if (answer.in_force == nullptr) continue;
      const GrantedWaiver& waiver = *answer.in_force;
      judged.suppression = SuppressionKind::waiver;
      judged.reason = "waived until " + time_text(waiver.expires) + " by " + waiver.approver + " (" +
                      waiver.ticket + "): " + waiver.reason;
    }
    for (const auto& [rule, waiver] : expired) add(expired_waiver(*waiver));
  }

  static Finding expired_waiver(const GrantedWaiver& waiver) {
    Finding out;
    out.rule = kInvalidSuppression;
    out.outcome = Outcome::violated;
    out.key = "waiver " + waiver.rule;
    out.message = "The waiver of " + waiver.rule + " (" + waiver.ticket + ", owner " + waiver.owner +
                  ") expired at " + time_text(waiver.expires) + ", and its finding still stands.";
    out.remedy = "Mend what the waiver excused, or have a new waiver approved.";
    return out;
  }

  // A comment for a rule that is off here may serve another policy.
  bool is_on(const std::string& rule) const {
    if (!is_glob(rule)) return input_.policy.setting(rule, report_.path) != nullptr;
    return std::any_of(input_.rules.begin(), input_.rules.end(), [&](const KnownRule& known) {
      return glob_matches(rule, known.id) && input_.policy.setting(known.id, report_.path) != nullptr;
    });
  }

  void fingerprints() {
    std::unordered_map<std::string_view, std::uint32_t> seen;  // by group, as the findings hold it
    seen.reserve(report_.findings.size());
    for (JudgedFinding& judged : report_.findings) {
      const std::string subject = finding_subject(input_.card, judged.finding);
      judged.group = fingerprint(judged.finding.rule, report_.path, subject, 0);
      const bool by_baseline = judged.counts() && input_.baseline != nullptr;
      // A comment in the card takes its finding out of the count, so that baseline and comments do not add
      // up.
      std::uint32_t& ordinal = seen[judged.group];
      judged.fingerprint =
          ordinal == 0 ? judged.group : fingerprint(judged.finding.rule, report_.path, subject, ordinal);
      ++ordinal;
      if (by_baseline && excused_[judged.group]++ < input_.baseline->count(judged.group)) {
        judged.suppression = SuppressionKind::baseline;
        judged.reason = "in the baseline";
      }
    }
  }

  // After the fingerprints, which are made of the card's own words.
  void mask_secrets() {
    const SecretFiles* around = input_.repository != nullptr ? input_.repository->secrets : nullptr;
    const SensitiveWords words(input_.card, report_.sensitive, around);
    if (words.empty()) return;
    for (JudgedFinding& judged : report_.findings) {
      Finding& finding = judged.finding;
      for (std::string* said : {&finding.message, &finding.remedy, &finding.key, &judged.reason})
        words.mask(*said);
      for (FileQuote& quote : finding.files) words.mask(quote.words);
    }
    for (Finding& finding : report_.not_assessable) {
      words.mask(finding.message);
      for (FileQuote& quote : finding.files) words.mask(quote.words);
    }
  }

  const JudgeInput& input_;
  CardReport& report_;
  std::unordered_map<std::string, std::uint64_t> excused_;  // findings that the baseline was asked about
};

std::uint64_t at_or_above(const Totals& totals, Severity severity) {
  switch (severity) {
    case Severity::off:
      return 0;
    case Severity::info:
      return totals.errors + totals.warnings + totals.infos;
    case Severity::warning:
      return totals.errors + totals.warnings;
    case Severity::error:
      return totals.errors;
  }
  return 0;
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::met:
      return "met";
    case Verdict::partial:
      return "partial";
    case Verdict::not_met:
      return "not-met";
    case Verdict::contradicted:
      return "contradicted";
    case Verdict::not_applicable:
      return "not-applicable";
    case Verdict::not_assessable:
      return "not-assessable";
  }
  return "not-assessable";
}

CardReport judge(const JudgeInput& input, std::vector<Finding> findings) {
  CardReport report;
  report.card = &input.card;
  report.disclosures = &input.disclosures;
  report.path = normal_path(input.path.empty() ? std::string_view(input.card.path) : input.path);
  report.controls.reserve(input.policy.controls.size());
  for (const Control& control : input.policy.controls) {
    report.controls.push_back({&control, verdict_of(control, input, findings)});
  }
  report.sensitive = sensitive_spans(input.card, findings);
  Judge(input, report).run(std::move(findings));
  return report;
}

std::optional<double> disclosed_share(const Disclosures& disclosures) {
  std::size_t all = 0;
  std::size_t disclosed = 0;
  for (const Disclosure& disclosure : disclosures) {
    if (disclosure.id.substr(0, 2) == "x-") continue;
    ++all;
    if (is_disclosed(disclosures, disclosure.id)) ++disclosed;
  }
  if (all == 0) return std::nullopt;
  return static_cast<double>(disclosed) / static_cast<double>(all);
}

void Totals::add(const CardReport& report, const Gate& gate) {
  ++cards;
  bool any = false;
  for (const JudgedFinding& judged : report.findings) {
    if (!judged.counts()) {
      ++suppressed;
      continue;
    }
    any = true;
    if (judged.severity == Severity::error) ++errors;
    if (judged.severity == Severity::warning) ++warnings;
    if (judged.severity == Severity::info) ++infos;
  }
  if (any) ++cards_with_findings;
  if (gate.min_disclosure && report.disclosures != nullptr) {
    const auto share = disclosed_share(*report.disclosures);
    if (share && *share < *gate.min_disclosure) ++below_min_disclosure;
  }
}

bool gate_passes(const Totals& totals, const Gate& gate) { return gate_reason(totals, gate).empty(); }

std::string gate_reason(const Totals& totals, const Gate& gate) {
  std::vector<std::string> reasons;
  if (const std::uint64_t found = at_or_above(totals, gate.fail_on); found > 0) {
    reasons.push_back(gate.fail_on == Severity::error
                          ? text::plural(found, "error", "errors")
                          : text::plural(found, "finding", "findings") + " at or above " +
                                std::string(to_string(gate.fail_on)));
  }
  if (gate.max_warnings && totals.warnings > *gate.max_warnings) {
    reasons.push_back(text::plural(totals.warnings, "warning", "warnings") + ", at most " +
                      std::to_string(*gate.max_warnings) + " allowed");
  }
  if (totals.below_min_disclosure > 0 && gate.min_disclosure) {
    reasons.push_back(text::plural(totals.below_min_disclosure, "card", "cards") + " below min-disclosure " +
                      json_number(*gate.min_disclosure));
  }
  return text::join(reasons, "; ");
}

}  // namespace cardwarden
