// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <optional>

#include "evidence/query.h"

namespace cardwarden::rules {
namespace {

// Data sets made by a model, and generators that are named where data is made.
const query::Phrases& synthetic_sets() {
  static const query::Phrases kSets(
      "alpaca|alpaca_*|alpaca gpt4|alpaca cleaned|gpt4all*|gpt4_*|self instruct|self_instruct|"
      "evol instruct|evol_instruct*|evol codealpaca*|code_alpaca*|codealpaca*|code alpaca|wizardlm_*|"
      "ultrachat*|ultrafeedback*|ultrafeedback_*|openhermes*|openorca|slimorca|open orca|slimorca*|"
      "distilabel*|cosmopedia*|tinystories*|magpie*|orca_dpo*|orca math*|metamathqa*|baize*|"
      "sharegpt*|synthia*|dolphin*|openhermespreferences|nectar");
  return kSets;
}

std::optional<Evidence> synthetic_in_fields(const Card& card) {
  for (const std::string_view path : {"datasets[]", "source_datasets[]"}) {
    for (const yaml::Node* node : fields(card, path)) {
      if (node->is_scalar() && synthetic_sets().find(node->text)) return Evidence{node->span, node->span};
    }
  }
  return std::nullopt;
}

std::optional<Evidence> synthetic_in_text(const Card& card, const Prose& prose) {
  static const query::Phrases kGenerators(
      "chatgpt|gpt 4|gpt4|gpt 4o|gpt 4o*|gpt 3.5|gpt 3.5*|text davinci 003|claude|gemini");
  static const query::Phrases kTraining(
      "trained on|fine tuned on|finetuned on|training data|trained using|fine tuned using|"
      "fine tuned with|instruction data|tuning data|dataset was|dataset is|data is|data was");
  static const query::Phrases kElsewhere(
      "judge*|evaluat*|score*|rated|rating*|compar*|outperform*|better than|surpass*|close to|level*|"
      "benchmark*|win rate|vs|versus|format|template|prompt style|than|similar to|unlike|not|without|"
      "inspired|alternative|leaderboard|embeddings");
  for (const Unit* unit : query::informative_units(prose)) {
    if (unit->kind == UnitKind::table) continue;
    auto hit = synthetic_sets().find(card, prose, *unit);  // the rarest words first: most units end here
    if (!hit) hit = kGenerators.find(card, prose, *unit);
    if (!hit || !kTraining.find(card, prose, *unit) || kElsewhere.find(card, prose, *unit)) continue;
    return Evidence{unit->span, hit->span};
  }
  return std::nullopt;
}

}  // namespace

std::vector<Finding> governance_synthetic_data_silent(const Subject& subject) {
  if (is_disclosed(subject.disclosures, "x-synthetic-data")) return {};
  auto evidence = synthetic_in_fields(subject.card);
  if (!evidence) evidence = synthetic_in_text(subject.card, subject.prose);
  if (!evidence) return {};
  Finding finding = violated(
      evidence->span,
      "The card names a generator or a generated data set, but does not say that the data is synthetic.",
      "Say which part of the data was generated, by which model, and why; or say that none was.",
      "synthetic-data");
  finding.outcome = Outcome::absent;
  finding.evidence = {*evidence};
  return {finding};
}

}  // namespace cardwarden::rules
