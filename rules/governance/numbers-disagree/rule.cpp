// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <string>
#include <unordered_map>

#include "base/text.h"
#include "evidence/query.h"

namespace cardwarden::rules {
namespace {

// A card that states one metric more often, or indexes more results, compares many systems; the rest is not
// read.
constexpr std::size_t kMaxClaims = 200;
constexpr std::size_t kMaxMetrics = 500;

// A figure of the text beside the words that name its metric.
struct Claim {
  query::Number number;
  Evidence evidence;  // the line or row
  Span column;        // the header cell of a table
  std::uint32_t section = 0;
};
using ClaimsByMetric = std::unordered_map<std::string, std::vector<Claim>>;

// Letters and digits only, in lower case: "Test WER (%)" and "test-wer" are one name.
std::string squeeze(std::string_view s) {
  std::string out;
  for (const char c : text::lower(s)) {
    const bool kept =
        (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    if (kept) out.push_back(c);
  }
  return out;
}

void add(ClaimsByMetric& claims, std::string_view metric, const Claim& claim) {
  std::vector<Claim>& list = claims[squeeze(metric)];
  if (list.size() < kMaxClaims) list.push_back(claim);
}

// "- Accuracy: 0.91".
void read_labels(const Subject& subject, ClaimsByMetric& claims) {
  const Card& card = subject.card;
  for (const Unit* unit : query::informative_units(subject.prose)) {
    if (unit->kind == UnitKind::table || unit->size() > 20) continue;
    if (card.quote(unit->span).find(':') == std::string_view::npos) continue;  // most end here
    const auto figures = query::numbers(card, unit->span);
    if (figures.size() != 1) continue;
    const std::string_view before = card.quote({unit->span.begin, figures.front().span.begin});
    const std::size_t colon = before.rfind(':');
    if (colon == std::string_view::npos ||
        before.find_first_not_of(" *_`~", colon + 1) != std::string_view::npos)
      continue;
    add(claims, before.substr(0, colon),
        {figures.front(), {unit->span, figures.front().span}, {}, unit->section});
  }
}

// Cells of a table whose header, or first column, names the metric.
void read_tables(const Subject& subject, ClaimsByMetric& claims) {
  const Card& card = subject.card;
  for (const query::Table& table : query::tables(card)) {
    const Block& head = card.blocks[table.front()];
    const auto header = query::cells(card, head);
    if (!head.header || subject.phrases.in(card.quote(head.span), "training-log")) continue;
    for (std::size_t r = 1; r < table.size(); ++r) {
      const Block& row = card.blocks[table[r]];
      const auto cells = query::cells(card, row);
      if (cells.size() != header.size()) continue;
      for (std::size_t c = 1; c < cells.size(); ++c) {
        const auto figures = query::numbers(card, cells[c]);
        if (figures.size() != 1 || figures.front().span.begin > cells[c].begin + 4) continue;
        const Claim claim{figures.front(), {row.span, figures.front().span}, header[c], head.section};
        add(claims, card.quote(header[c]), claim);
        add(claims, card.quote(cells[0]), claim);
      }
    }
  }
}

std::string value_of(const yaml::Node* node) {
  return query::says_something(node) ? node->text : std::string();
}

bool same_data(const Card& card, const query::IndexedMetric& metric, const Claim& claim) {
  const std::string type = value_of(metric.dataset_type);
  const std::string context = squeeze(query::title(card, claim.section)) + " " +
                              squeeze(card.quote(claim.evidence.span)) + " " +
                              squeeze(card.quote(claim.column));
  for (const std::string& key :
       {squeeze(value_of(metric.dataset_name)), squeeze(type.substr(type.find('/') + 1))}) {
    if (key.size() >= 3 && context.find(key) != std::string::npos) return true;
  }
  return false;
}

// A claim that names a split, or a number of shots, which the index does not name speaks of other data.
bool split_differs(const Card& card, const query::IndexedMetric& metric, const Claim& claim) {
  const std::string index =
      text::lower(value_of(metric.split) + " " + value_of(metric.dataset_name) + " " + value_of(metric.name));
  const std::string words =
      text::lower(std::string(card.quote(claim.evidence.span)) + " " + std::string(card.quote(claim.column)));
  for (const std::string_view split : {"train", "dev", "val", "test", "eval", "shot"}) {
    const bool in_words = words.find(split) != std::string::npos;
    const bool in_index = index.find(split) != std::string::npos;
    if (in_words != in_index) return in_words || split == "shot";
  }
  return false;
}

}  // namespace

std::vector<Finding> governance_numbers_disagree(const Subject& subject) {
  const Card& card = subject.card;
  auto index = query::model_index(card);
  if (index.empty()) return {};
  if (index.size() > kMaxMetrics) index.resize(kMaxMetrics);
  ClaimsByMetric claims;
  read_labels(subject, claims);
  read_tables(subject, claims);
  std::vector<Finding> findings;
  for (const query::IndexedMetric& metric : index) {
    const std::string name = value_of(query::says_something(metric.name) ? metric.name : metric.type);
    const auto figures = query::numbers(card, metric.value->span);
    const auto stated = claims.find(squeeze(name));
    if (figures.empty() || stated == claims.end() || stated->first.empty()) continue;
    const Claim* refuting = nullptr;
    bool agreed = false;
    for (const Claim& claim : stated->second) {
      agreed = agreed || query::same_figure(figures.front(), claim.number);
      if (agreed || refuting != nullptr) continue;
      if (same_data(card, metric, claim) && !split_differs(card, metric, claim)) refuting = &claim;
    }
    if (agreed || refuting == nullptr) continue;
    const std::string shown = text::excerpt(name, 60);
    Finding finding = violated(
        refuting->evidence.span, "The text gives another value for " + shown + " than model-index does.",
        "Correct the wrong figure, or name the split, setting or revision in which the two differ.",
        "model-index." + shown);
    finding.outcome = Outcome::contradicted;
    finding.evidence = {{metric.value->span, metric.value->span}, refuting->evidence};
    findings.push_back(finding);
  }
  return findings;
}

}  // namespace cardwarden::rules
