// SPDX-License-Identifier: Apache-2.0
#include "policy/judge.h"

#include <catch2/catch.hpp>

#include "unit/policy/support.h"

using namespace cardwarden;
using test::about_card;
using test::at_words;
using test::card_of;

namespace {

constexpr auto kDisclosed = decltype(Disclosure::status)::disclosed;
constexpr auto kAbsent = decltype(Disclosure::status)::absent;

// A judgement with all that it borrows.
struct Trial {
  Card card = card_of("# Title\nalpha beta gamma\n\ndelta\n");
  Disclosures disclosures;
  Policy policy;
  KnownRules rules = test::some_rules();
  Suppressions suppressions;
  Baseline baseline;

  explicit Trial(const std::string& policy_text = "extends: all\n") {
    auto loaded = test::policy_of(policy_text);
    REQUIRE(loaded);
    policy = *loaded;
  }
  CardReport judge(std::vector<Finding> findings) {
    suppressions = read_suppressions(card, rules);
    return cardwarden::judge({card, disclosures, policy, rules, &suppressions, &baseline},
                             std::move(findings));
  }
  Verdict verdict(std::vector<Finding> findings = {}) {
    CardReport report = judge(std::move(findings));
    REQUIRE(report.controls.size() == 1);
    return report.controls[0].verdict;
  }
};

const std::string kControl =
    "controls:\n  - {framework: F, provision: P, text: t, evidence: [model-card/license, "
    "governance/secret-in-card]}\n";

}  // namespace

TEST_CASE("judge: severity is the policy's, and rules that are off drop out") {
  Trial trial("rules: {model-card/license: error, metadata/unknown-key: info}\n");
  const CardReport report = trial.judge({about_card("model-card/license"), about_card("model-card/compute"),
                                         at_words(trial.card, "metadata/unknown-key", "alpha")});
  REQUIRE(report.findings.size() == 2);
  CHECK(report.findings[0].severity == Severity::error);
  CHECK(report.findings[1].severity == Severity::info);
}

TEST_CASE("judge: an override holds at its path") {
  Trial trial(
      "rules: {model-card/license: error}\noverrides:\n  - path: old/**\n    rules: {model-card/license: "
      "info}\n");
  trial.card.path = "./old/a/README.md";
  const CardReport report = trial.judge({about_card("model-card/license")});
  CHECK(report.path == "old/a/README.md");
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].severity == Severity::info);
}

TEST_CASE("judge: the path that policies see may differ from the one shown") {
  Trial trial(
      "rules: {model-card/license: error}\noverrides:\n  - path: models/**\n    rules: {model-card/license: "
      "off}\n");
  const CardReport report = judge(
      {trial.card, trial.disclosures, trial.policy, trial.rules, nullptr, nullptr, "models/a/README.md"},
      {about_card("model-card/license")});
  CHECK(report.findings.empty());
  CHECK(report.path == "models/a/README.md");
  CHECK(report.card->path == "README.md");
}

TEST_CASE("judge: a policy says nothing of kinds that it does not apply to") {
  Trial trial("applies-to: dataset\nrules: {model-card/license: error}\n" + kControl);
  const CardReport report = trial.judge({about_card("model-card/license")});
  CHECK(report.findings.empty());
  CHECK(report.controls[0].verdict == Verdict::not_applicable);
}

TEST_CASE("judge: answers that are no problem are not findings") {
  Trial trial;
  for (const Outcome outcome : {Outcome::disclosed, Outcome::not_applicable, Outcome::not_assessable}) {
    CHECK(trial.judge({about_card("model-card/license", outcome)}).findings.empty());
  }
  for (const Outcome outcome :
       {Outcome::absent, Outcome::placeholder, Outcome::violated, Outcome::contradicted}) {
    CHECK(trial.judge({about_card("model-card/license", outcome)}).findings.size() == 1);
  }
}

TEST_CASE("judge: what the repository cannot tell is listed, fails nothing and is no evidence") {
  Trial trial(kControl + "rules: {governance/secret-in-card: error}\n");
  Finding cannot = about_card("governance/secret-in-card");
  cannot.outcome = Outcome::not_assessable;
  cannot.files.push_back({"model.pkl", 0, "only a pointer is here"});
  const CardReport report = trial.judge({cannot});
  CHECK(report.findings.empty());
  REQUIRE(report.not_assessable.size() == 1);
  CHECK(report.not_assessable[0].files[0].path == "model.pkl");
  // A rule that did not run says nothing at all.
  cannot.message.clear();
  CHECK(trial.judge({cannot}).not_assessable.empty());
  CHECK(trial.verdict({cannot}) == Verdict::not_assessable);
}

TEST_CASE("judge: findings about the card come first, then the others in the order of the text") {
  Trial trial;
  const CardReport report = trial.judge(
      {at_words(trial.card, "metadata/unknown-key", "delta"),
       at_words(trial.card, "metadata/unknown-key", "alpha"), about_card("model-card/license"),
       at_words(trial.card, "governance/secret-in-card", "alpha"), about_card("model-card/compute")});
  std::vector<std::string> order;
  for (const JudgedFinding& judged : report.findings) order.emplace_back(judged.finding.rule);
  CHECK(order == std::vector<std::string>{"model-card/compute", "model-card/license",
                                          "governance/secret-in-card", "metadata/unknown-key",
                                          "metadata/unknown-key"});
  CHECK(report.findings[3].finding.span.begin < report.findings[4].finding.span.begin);
}

TEST_CASE("judge: the order in which findings arrive changes nothing") {
  Trial trial;
  const std::vector<Finding> findings{at_words(trial.card, "metadata/unknown-key", "alpha"),
                                      at_words(trial.card, "metadata/unknown-key", "delta"),
                                      about_card("model-card/license")};
  const CardReport one = trial.judge(findings);
  const CardReport two = trial.judge({findings.rbegin(), findings.rend()});
  REQUIRE(one.findings.size() == two.findings.size());
  for (std::size_t i = 0; i < one.findings.size(); ++i) {
    CHECK(one.findings[i].fingerprint == two.findings[i].fingerprint);
    CHECK(one.findings[i].finding.span == two.findings[i].finding.span);
  }
}

TEST_CASE("judge: a comment in the card suppresses with its reason") {
  Trial trial;
  trial.card = card_of("<!-- cardwarden-disable-file model-card/license -- chosen next week -->\ntext\n");
  const CardReport report = trial.judge({about_card("model-card/license")});
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].suppression == SuppressionKind::inline_comment);
  CHECK(report.findings[0].reason == "chosen next week");
  CHECK_FALSE(report.findings[0].counts());
}

TEST_CASE("judge: without suppressions handed in, comments suppress nothing") {
  Trial trial;
  trial.card = card_of("<!-- cardwarden-disable-file model-card/license -- chosen next week -->\ntext\n");
  const CardReport report =
      judge({trial.card, trial.disclosures, trial.policy, trial.rules}, {about_card("model-card/license")});
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].counts());
}

TEST_CASE("judge: an unused suppression is a finding at the comment, with the policy's severity") {
  Trial trial("extends: all\nrules: {suppression/unused: info}\n");
  trial.card = card_of("text\n\n<!-- cardwarden-disable-file model-card/license -- chosen next week -->\n");
  const CardReport report = trial.judge({});
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].finding.rule == kUnusedSuppression);
  CHECK(report.findings[0].severity == Severity::info);
  CHECK(trial.card.quote(report.findings[0].finding.span) ==
        "<!-- cardwarden-disable-file model-card/license -- chosen next week -->");
}

TEST_CASE("judge: a suppression of a rule that is off here is not called unused") {
  Trial trial("rules: {suppression/unused: warning, metadata/*: warning}\n");
  trial.card = card_of(
      "<!-- cardwarden-disable-file model-card/license, model-card/* -- for another policy -->\ntext\n");
  CHECK(trial.judge({}).findings.empty());
}

TEST_CASE("judge: invalid suppressions are findings, unless the policy has that rule off") {
  Trial trial("extends: all\nrules: {suppression/invalid: error}\n");
  trial.card = card_of("<!-- cardwarden-disable-file model-card/license -->\ntext\n");
  const CardReport report = trial.judge({about_card("model-card/license")});
  REQUIRE(report.findings.size() == 2);
  CHECK(report.findings[0].counts());
  CHECK(report.findings[1].finding.rule == kInvalidSuppression);
  CHECK(report.findings[1].severity == Severity::error);
  Trial off("rules: {model-card/license: warning}\n");
  off.card = trial.card;
  CHECK(off.judge({about_card("model-card/license")}).findings.size() == 1);
}

TEST_CASE("judge: equal findings get fingerprints of their own and share a group") {
  Trial trial;
  trial.card = card_of("token token token\n");
  std::vector<Finding> findings(3, at_words(trial.card, "governance/secret-in-card", "token"));
  findings[1].span = {6, 11};
  findings[2].span = {12, 17};
  const CardReport report = trial.judge(findings);
  REQUIRE(report.findings.size() == 3);
  CHECK(report.findings[0].fingerprint == report.findings[0].group);
  CHECK(report.findings[1].group == report.findings[0].group);
  CHECK(report.findings[1].fingerprint != report.findings[0].fingerprint);
  CHECK(report.findings[2].fingerprint != report.findings[1].fingerprint);
}

TEST_CASE("controls: met when all evidence is shown, partial when some, not met when none") {
  Trial trial("rules: {model-card/license: off}\n" + kControl);
  trial.disclosures = {{"license", "model-card/license", kDisclosed, {}}};
  CHECK(trial.verdict() == Verdict::met);
  CHECK(trial.verdict({at_words(trial.card, "governance/secret-in-card", "alpha")}) == Verdict::partial);
  trial.disclosures[0].status = kAbsent;
  CHECK(trial.verdict() == Verdict::partial);
  CHECK(trial.verdict({at_words(trial.card, "governance/secret-in-card", "alpha")}) == Verdict::not_met);
}

TEST_CASE("controls: a placeholder is not evidence") {
  Trial trial("controls:\n  - {framework: F, provision: P, text: t, evidence: model-card/license}\n");
  trial.disclosures = {{"license", "model-card/license", decltype(Disclosure::status)::placeholder, {}}};
  CHECK(trial.verdict() == Verdict::not_met);
}

TEST_CASE("controls: one contradiction decides") {
  Trial trial(kControl);
  trial.disclosures = {{"license", "model-card/license", kDisclosed, {}}};
  CHECK(trial.verdict({about_card("governance/secret-in-card", Outcome::contradicted)}) ==
        Verdict::contradicted);
}

TEST_CASE("controls: a suppression hides a finding from the gate and not from the verdict") {
  Trial trial(
      "extends: all\ncontrols:\n  - {framework: F, provision: P, text: t, evidence: "
      "governance/secret-in-card}\n");
  trial.card = card_of("<!-- cardwarden-disable-file governance/secret-in-card -- a dummy -->\nalpha\n");
  const CardReport report = trial.judge({at_words(trial.card, "governance/secret-in-card", "alpha")});
  REQUIRE(report.findings.size() == 1);
  CHECK_FALSE(report.findings[0].counts());
  CHECK(report.controls[0].verdict == Verdict::not_met);
}

TEST_CASE("controls: rules of another kind of card are left out, and none left means not applicable") {
  Trial mixed(
      "controls:\n  - {framework: F, provision: P, text: t, evidence: [dataset-card/license, "
      "model-card/license]}\n");
  mixed.disclosures = {{"license", "model-card/license", kDisclosed, {}}};
  CHECK(mixed.verdict() == Verdict::met);
  Trial other("controls:\n  - {framework: F, provision: P, text: t, evidence: dataset-card/license}\n");
  CHECK(other.verdict() == Verdict::not_applicable);
}

TEST_CASE("controls: a disclosure that nobody looked for decides nothing") {
  Trial trial("controls:\n  - {framework: F, provision: P, text: t, evidence: model-card/license}\n");
  CHECK(trial.verdict() == Verdict::not_assessable);
}

TEST_CASE("controls: what a rule cannot assess never makes a control met") {
  Trial trial(kControl);
  trial.disclosures = {{"license", "model-card/license", kDisclosed, {}}};
  CHECK(trial.verdict({about_card("governance/secret-in-card", Outcome::not_assessable)}) ==
        Verdict::partial);
  CHECK(trial.verdict({about_card("governance/secret-in-card", Outcome::not_applicable)}) == Verdict::met);
}

TEST_CASE("controls: not assessable when it says so") {
  Trial trial("controls:\n  - {framework: F, provision: P, text: t, assessable: false}\n");
  CHECK(trial.verdict() == Verdict::not_assessable);
}

TEST_CASE("controls: scope that is not declared is not assessable, declared otherwise not applicable") {
  const std::string control =
      "controls:\n  - {framework: F, provision: P, text: t, evidence: governance/secret-in-card, scope: "
      "{gpai: true, market: EU}}\n";
  CHECK(Trial(control).verdict() == Verdict::not_assessable);
  CHECK(Trial(control + "scope: {gpai: true}\n").verdict() == Verdict::not_assessable);
  CHECK(Trial(control + "scope: {gpai: false}\n").verdict() == Verdict::not_applicable);
  CHECK(Trial(control + "scope: {gpai: true, market: US}\n").verdict() == Verdict::not_applicable);
  CHECK(Trial(control + "scope: {gpai: true, market: EU}\n").verdict() == Verdict::met);
}

TEST_CASE("verdicts: each has the word that reports print, and none is a claim of conformity") {
  CHECK(to_string(Verdict::met) == "met");
  CHECK(to_string(Verdict::partial) == "partial");
  CHECK(to_string(Verdict::not_met) == "not-met");
  CHECK(to_string(Verdict::contradicted) == "contradicted");
  CHECK(to_string(Verdict::not_applicable) == "not-applicable");
  CHECK(to_string(Verdict::not_assessable) == "not-assessable");
}

TEST_CASE("totals: suppressed findings are counted apart") {
  Trial trial("extends: all\nrules: {model-card/license: error, model-card/compute: info}\n");
  trial.card = card_of("<!-- cardwarden-disable-file governance/secret-in-card -- a dummy -->\nalpha\n");
  Totals totals;
  totals.add(trial.judge({about_card("model-card/license"), about_card("model-card/compute"),
                          about_card("model-card/limitations"),
                          at_words(trial.card, "governance/secret-in-card", "alpha")}),
             trial.policy.gate);
  totals.add(trial.judge({at_words(trial.card, "governance/secret-in-card", "alpha")}), trial.policy.gate);
  CHECK(totals.cards == 2);
  CHECK(totals.cards_with_findings == 1);
  CHECK(totals.errors == 1);
  CHECK(totals.warnings == 1);
  CHECK(totals.infos == 1);
  CHECK(totals.suppressed == 2);
  CHECK(totals.findings() == 3);
}

TEST_CASE("totals: the disclosed share leaves signals out and is nothing without a catalogue") {
  const Disclosures some{{"compute", "model-card/compute", kAbsent, {}},
                         {"license", "model-card/license", kDisclosed, {}},
                         {"x-aup", "signal/x-aup", kDisclosed, {}}};
  CHECK(disclosed_share(some) == 0.5);
  CHECK_FALSE(disclosed_share({{"x-aup", "signal/x-aup", kDisclosed, {}}}));
  Trial trial("gate: {min-disclosure: 0.6}\n");
  trial.disclosures = some;
  Totals totals;
  totals.add(trial.judge({}), trial.policy.gate);
  CHECK(totals.below_min_disclosure == 1);
  trial.policy.gate.min_disclosure = 0.5;
  totals.add(trial.judge({}), trial.policy.gate);
  CHECK(totals.below_min_disclosure == 1);
  trial.disclosures.clear();
  totals.add(trial.judge({}), trial.policy.gate);
  CHECK(totals.below_min_disclosure == 1);
}

TEST_CASE("gate: fail-on counts findings at or above it") {
  Totals totals;
  totals.errors = 1;
  totals.warnings = 2;
  totals.infos = 4;
  Gate gate;
  CHECK(gate_reason(totals, gate) == "1 error");
  gate.fail_on = Severity::warning;
  CHECK(gate_reason(totals, gate) == "3 findings at or above warning");
  gate.fail_on = Severity::info;
  CHECK(gate_reason(totals, gate) == "7 findings at or above info");
  gate.fail_on = Severity::off;
  CHECK(gate_passes(totals, gate));
  totals.errors = 0;
  gate.fail_on = Severity::error;
  CHECK(gate_passes(totals, gate));
}

TEST_CASE("gate: max-warnings fails at one more, and several reasons are all told") {
  Totals totals;
  totals.warnings = 5;
  Gate gate;
  gate.max_warnings = 5;
  CHECK(gate_passes(totals, gate));
  gate.max_warnings = 4;
  CHECK(gate_reason(totals, gate) == "5 warnings, at most 4 allowed");
  gate.max_warnings = 0;
  gate.min_disclosure = 0.75;
  totals.below_min_disclosure = 2;
  totals.errors = 3;
  CHECK(gate_reason(totals, gate) ==
        "3 errors; 5 warnings, at most 0 allowed; 2 cards below min-disclosure 0.75");
  CHECK_FALSE(gate_passes(totals, gate));
}
