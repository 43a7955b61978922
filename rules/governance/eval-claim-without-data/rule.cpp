// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include "base/text.h"
#include "evidence/query.h"

namespace cardwarden::rules {
namespace {

Finding finding_at(Span span, std::string message, std::string remedy, std::string key) {
  Finding finding = violated(span, std::move(message), std::move(remedy), std::move(key));
  finding.evidence = {{span, span}};
  return finding;
}

// The log of a training run: its losses are no evaluation, whatever the disclosure makes of them.
bool in_training_log(const Card& card, const Phrases& phrases, Span row) {
  const Block* header = nullptr;
  for (const Block& block : card.blocks) {
    if (block.span.begin > row.begin) break;
    if (block.header) header = &block;
    if (block.span.contains(row))
      return block.kind == BlockKind::table_row && header != nullptr &&
             phrases.in(card.quote(header->span), "log");
  }
  return false;
}

}  // namespace

// A figure means something only with the data it was measured on.
std::vector<Finding> governance_eval_claim_without_data(const Subject& subject) {
  const Card& card = subject.card;
  std::vector<Finding> findings;
  bool named_in_index = false;
  for (const query::IndexedMetric& metric : query::model_index(card)) {
    if (!query::says_something(metric.value)) continue;
    const bool named =
        query::says_something(metric.dataset_name) || query::says_something(metric.dataset_type);
    named_in_index = named_in_index || named;
    if (!named && findings.empty() && !subject.disclosures.holds("evaluation-data")) {
      findings.push_back(finding_at(metric.value->span, "A result in model-index names no data set.",
                                    "Give the result a dataset with type and name, and a split.",
                                    "model-index"));
    }
    if (query::says_something(metric.type) || query::says_something(metric.name)) continue;
    findings.push_back(finding_at(metric.value->span, "A value in model-index names no metric.",
                                  "Give the value a metric type, such as accuracy or wer.",
                                  "model-index.metric"));
    return findings;
  }
  if (!findings.empty() || named_in_index) return findings;

  if (subject.disclosures.holds("evaluation-data")) return {};
  const Disclosure* results = subject.disclosures.find("evaluation-results");
  if (results == nullptr || results->status != Status::disclosed) return {};
  for (const Evidence& evidence : results->evidence) {
    if (query::numbers(card, evidence.span).empty()) continue;  // a heading or a header row claims no figure
    if (subject.phrases.in(card.quote(evidence.span), "speed")) continue;
    if (in_training_log(card, subject.phrases, evidence.span)) continue;
    Finding finding =
        finding_at(evidence.span, "The card gives results, but not the data they were measured on.",
                   "Name the evaluation data set and its split beside the figures.", "evaluation-data");
    finding.evidence = {evidence};
    return {finding};
  }
  return {};
}

}  // namespace cardwarden::rules
