// SPDX-License-Identifier: Apache-2.0
#pragma once
// Cards, findings and a policy made by hand, so that a report is tested without a parser or rules.

#include <deque>
#include <initializer_list>
#include <sstream>
#include <string>
#include <vector>

#include "report/report.h"

namespace cardwarden::testing {

inline Span find(const std::string& text, std::string_view words) {
  const std::size_t at = text.find(words);
  if (at == std::string::npos)
    throw std::logic_error("the fixture's text does not say: " + std::string(words));
  return {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + words.size())};
}

inline Card make_card(std::string path, std::string text, Kind kind = Kind::model) {
  Card card;
  card.path = std::move(path);
  card.text = std::move(text);
  card.kind = kind;
  card.kind_source = KindSource::content;
  card.lines = LineIndex(card.text);
  card.body = {0, static_cast<std::uint32_t>(card.text.size())};
  return card;
}

// A card with all that its report refers to. Not copied, so that the report's pointers hold.
struct Case {
  Card card;
  Disclosures disclosures;
  CardReport report;

  explicit Case(Card c) : card(std::move(c)) {
    report.card = &card;
    report.disclosures = &disclosures;
  }
  Case(const Case&) = delete;
  Case& operator=(const Case&) = delete;

  void disclose(std::string_view id, std::string_view rule, Status status, std::string_view span = {},
                std::string_view words = {}) {
    Disclosure d{id, rule, status, {}};
    if (!span.empty())
      d.evidence.push_back({find(card.text, span), words.empty() ? Span{} : find(card.text, words)});
    disclosures.push_back(std::move(d));
  }

  // A finding about the card as a whole; `at` and `quote` make it more.
  JudgedFinding& add(std::string_view rule, Severity severity, Outcome outcome, std::string message,
                     std::string remedy) {
    JudgedFinding judged;
    judged.finding.rule = rule;
    judged.finding.outcome = outcome;
    judged.finding.message = std::move(message);
    judged.finding.remedy = std::move(remedy);
    judged.severity = severity;
    judged.fingerprint = "0123456789abcdef01234567" +
                         std::string(8 - std::to_string(report.findings.size()).size(), '0') +
                         std::to_string(report.findings.size());
    report.findings.push_back(std::move(judged));
    return report.findings.back();
  }
  void at(JudgedFinding& judged, std::string_view words) const {
    judged.finding.located = true;
    judged.finding.span = find(card.text, words);
  }
  void quote(JudgedFinding& judged, std::string_view span, std::string_view words) const {
    judged.finding.evidence.push_back({find(card.text, span), find(card.text, words)});
  }
};

struct Run {
  Policy policy;
  RunInfo info;
  std::deque<Case> cases;
  std::vector<InputProblem> problems;

  Run() = default;
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  Totals totals() const {
    Totals out;
    for (const Case& c : cases) out.add(c.report, policy.gate);
    return out;
  }

  std::string render(std::string_view format) const {
    std::ostringstream out;
    const auto writer = find_report_format(format)->make(out);
    writer->begin(info);
    for (const Case& c : cases) writer->card(c.report);
    for (const InputProblem& problem : problems) writer->problem(problem);
    writer->end(totals());
    if (!out) throw std::runtime_error("the report was not written");
    return out.str();
  }
};

// The run of the goldens: a card with every sort of finding, a clean card, one with many alike, one
// unreadable.
inline void fill_example(Run& run) {
  Policy& policy = run.policy;
  policy.name = "example-pack";
  policy.version = "1.2.0";
  policy.description = "What this team asks of every card before it is published.";
  policy.digest = "6f1c0e5d8a0b4b7fa9f2d3c4e5061728394a5b6c7d8e9fa0b1c2d3e4f5061728";
  policy.rules = {{"governance/license-contradicted", Severity::error, {}, ""},
                  {"metadata/unknown-tag", Severity::warning, {}, ""},
                  {"model-card/limitations", Severity::warning, {}, ""},
                  {"model-card/training-data-source", Severity::error, {}, ""},
                  {"parse/control-character", Severity::info, {}, ""}};
  policy.gate.max_warnings = 3;
  policy.controls = {
      {"EU AI Act",
       "Annex XI 1.2(c)",
       "Information on the data used for training.",
       {"model-card/training-data-source"},
       true},
      {"EU AI Act", "Article 53(1)(c)", "A policy to respect copyright.", {}, false},
      {"House rules", "3", "One licence, the same everywhere.", {"governance/license-contradicted"}, true}};

  RunInfo& info = run.info;
  info.version = "0.1.0";
  info.commit = "c0ffee0";
  info.rules_digest = "b1946ac92492d2347c6235b4d2611184b1946ac92492d2347c6235b4d2611184";
  info.policy = &policy;
  info.rules = {{"governance/license-contradicted",
                 "Contradicted licence",
                 "Does the text refute the licence tag?",
                 "The text refutes the licence tag.",
                 "Say the same licence in both places.",
                 "## What it asks\nOne licence.\n",
                 {}},
                {"metadata/unknown-tag",
                 "Unknown tag",
                 "Are all tags known?",
                 "A tag is not known.",
                 "Use a known tag.",
                 "## What it asks\nTags.\n",
                 {}},
                {"model-card/limitations",
                 "Limitations",
                 "Does the card say where quality drops?",
                 "The card states no limitations.",
                 "Name conditions in which quality drops.",
                 "## What it asks\nLimits.\n",
                 {"EU AI Act Annex XII 1(b)", "NIST AI RMF MAP 2.2"}},
                {"model-card/training-data-source",
                 "Training data source",
                 "Does the card say which data the model was trained on?",
                 "The card does not say what the model was trained on.",
                 "Name each training data set.",
                 "## What it asks\nSource.\n",
                 {"EU AI Act Annex XI 1.2(c)"}},
                {"parse/control-character",
                 "Control character",
                 "Is the text free of control characters?",
                 "The text has a control character.",
                 "Remove it.",
                 "## What it asks\nBytes.\n",
                 {}}};

  info.titles = {{"signal/aup", "Acceptable use policy"}, {"model-card/license", "Licence"}};

  Case& tide = run.cases.emplace_back(
      make_card("models/tide-captioner/README.md",
                "---\nlicense: mit\nlanguage: [en, zh]\ntags: [tides, Tidez]\n---\n"
                "# Tide captioner\n\n"
                "Describes photographs of tides, made by the Harbour Lab.\n\n"
                "## 训练数据与方法说明\n\n"
                "The weights may be used for \tnon-commercial purposes only, whatever else is written.\n\n"
                "本模型能够描述潮汐照片，但是在夜间照片上的质量会明显下降，请谨慎使用。\n\n"
                "## Training data\n\n[More Information Needed]\n\n"
                "A very long line begins here and goes on and on, past the edge of every terminal, with "
                "words about sand, "
                "wind, salt and gulls, until at last it names a \x1b[31mred\x1b[0m danger in the middle and "
                "then goes on again "
                "past the harbour, the mole, the lighthouse and the open sea, where it ends.\n"));
  tide.disclose("developer", "model-card/developer", Status::disclosed,
                "Describes photographs of tides, made by the Harbour Lab.", "made by the Harbour Lab");
  tide.disclose("license", "model-card/license", Status::disclosed, "license: mit", "mit");
  tide.disclose("limitations", "model-card/limitations", Status::disclosed,
                "本模型能够描述潮汐照片，但是在夜间照片上的质量会明显下降，请谨慎使用。", "质量会明显下降");
  tide.disclose("training-data-scale", "model-card/training-data-scale", Status::absent);
  tide.disclose("training-data-source", "model-card/training-data-source", Status::placeholder,
                "[More Information Needed]");
  tide.disclose("x-aup", "signal/aup", Status::disclosed, "may be used for \tnon-commercial purposes only",
                "non-commercial purposes only");
  tide.disclose("x-contact", "signal/contact", Status::absent);
  tide.add("model-card/training-data-scale", Severity::warning, Outcome::absent,
           "The card does not say how much data the model was trained on.",
           "Give a count, a size or a duration.");
  JudgedFinding& old =
      tide.add("model-card/environmental-impact", Severity::warning, Outcome::absent,
               "The card does not say how much energy the training took.", "Give energy or emissions.");
  old.suppression = SuppressionKind::baseline;
  JudgedFinding& contradicted =
      tide.add("governance/license-contradicted", Severity::error, Outcome::contradicted,
               "The front matter says \"mit\", the text says \"non-commercial purposes only\".",
               "Say the same licence in both places.");
  tide.at(contradicted, "mit");
  tide.quote(contradicted, "license: mit", "mit");
  tide.quote(contradicted,
             "The weights may be used for \tnon-commercial purposes only, whatever else is written.",
             "non-commercial purposes only");
  contradicted.finding.key = "license";
  JudgedFinding& tag = tide.add("metadata/unknown-tag", Severity::warning, Outcome::violated,
                                "\"Tidez\" is not a known tag.", "Did you mean \"tides\"?");
  tide.at(tag, "Tidez");
  tag.finding.key = "tags[1]";
  JudgedFinding& wide =
      tide.add("model-card/limitations", Severity::info, Outcome::violated,
               "The limitation is stated, but not in English.", "Repeat it in English, 100% of it.");
  tide.at(wide, "质量会明显下降");
  JudgedFinding& placeholder = tide.add(
      "model-card/training-data-source", Severity::error, Outcome::placeholder,
      "Only template text stands where the training data should be named.", "Name each training data set.");
  tide.at(placeholder, "## Training data\n\n[More Information Needed]\n");
  JudgedFinding& control = tide.add("parse/control-character", Severity::info, Outcome::violated,
                                    "The text has the control character \x1b.", "Remove it.");
  tide.at(control, "\x1b[31mred\x1b[0m");
  JudgedFinding& hidden = tide.add("metadata/unknown-tag", Severity::warning, Outcome::violated,
                                   "\"tides\" is not a known tag.", "Use a known tag.");
  tide.at(hidden, "tides");
  hidden.suppression = SuppressionKind::inline_comment;
  hidden.reason = "our own tag, agreed | in review";
  tide.report.controls = {{&policy.controls[0], Verdict::partial},
                          {&policy.controls[1], Verdict::not_assessable},
                          {&policy.controls[2], Verdict::contradicted}};

  Case& clean = run.cases.emplace_back(
      make_card("data/tide-photos/README.md",
                "# Tide photos\n\nPhotographs of tides, 1,200 of them, under CC0.\n", Kind::dataset));
  clean.disclose("license", "dataset-card/license", Status::disclosed, "under CC0", "CC0");
  clean.disclose("size", "dataset-card/size", Status::disclosed, "1,200 of them", "1,200");

  Case& many =
      run.cases.emplace_back(make_card("./models/gull/README.md", "---\ntags: [a1, b2, c3]\n---\n# Gull\n"));
  many.disclose("license", "model-card/license", Status::absent);
  many.disclose("limitations", "model-card/limitations", Status::absent);
  many.add("model-card/license", Severity::error, Outcome::absent, "The card names no licence.",
           "Name the licence.");
  many.add("model-card/limitations", Severity::warning, Outcome::absent, "The card states no limitations.",
           "Name conditions in which quality drops.");
  for (const char* name : {"a1", "b2", "c3"}) {
    JudgedFinding& judged = many.add("metadata/unknown-tag", Severity::warning, Outcome::violated,
                                     '"' + std::string(name) + "\" is not a known tag.", "Use a known tag.");
    many.at(judged, name);
  }
  many.report.controls = {{&policy.controls[0], Verdict::not_met},
                          {&policy.controls[1], Verdict::not_assessable},
                          {&policy.controls[2], Verdict::met}};
  run.problems.push_back({"models/locked/README.md", "Permission denied."});
}

}  // namespace cardwarden::testing
