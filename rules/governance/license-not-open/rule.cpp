// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "evidence/query.h"

namespace cardwarden::rules {
namespace {

struct NotOpen {
  std::string_view part;    // of the licence id
  std::string_view reason;  // what the licence restricts
};
constexpr std::string_view kUse = "it restricts the purposes of use";
constexpr std::string_view kResearch = "it allows research only";
constexpr NotOpen kTable[] = {
    {"-nc", "it forbids commercial use"},
    {"noncommercial", "it forbids commercial use"},
    {"non-commercial", "it forbids commercial use"},
    {"-nd", "it forbids sharing modified versions"},
    {"llama", "it restricts use and users"},
    {"gemma", kUse},
    {"rail", kUse},
    {"deepfloyd", kResearch},
    {"research", kResearch},
    {"apple-amlr", kResearch},
    {"c-uda", kUse},
    {"-community", "it restricts use and users"},
};
constexpr std::string_view kOpenNames[] = {"apache", "mit",  "bsd",  "cc0", "cc-by-4", "cc-by-sa",
                                           "gpl",    "lgpl", "agpl", "mpl", "isc",     "unlicense"};

std::string_view reason_not_open(const Card& card, const yaml::Node*& shown) {
  const std::string id = text::lower_ascii(text::trim(shown->text));
  for (const NotOpen& entry : kTable) {
    if (id.find(entry.part) != std::string::npos) return entry.reason;
  }
  if (id != "other") return {};
  const yaml::Node* name = field(card, "license_name");
  if (!query::says_something(name)) return "no terms are named";
  shown = name;
  const std::string own = text::lower_ascii(text::trim(name->text));
  for (const NotOpen& entry : kTable) {
    if (own.find(entry.part) != std::string::npos) return entry.reason;
  }
  const auto open = [&](std::string_view known) { return own.rfind(known, 0) == 0; };
  return std::any_of(std::begin(kOpenNames), std::end(kOpenNames), open)
             ? std::string_view{}
             : "it is not one of the known open licences";
}

// The words that call this subject open source, not its libraries, rivals or sources.
std::optional<Evidence> open_source_claim(const Phrases& phrases) {
  for (const Said& said : phrases.said("claim")) {
    if (!phrases.in(phrases.unit(said), "others")) return phrases.evidence(said);
  }
  return std::nullopt;
}

}  // namespace

std::vector<Finding> governance_license_not_open(const Subject& subject) {
  const Card& card = subject.card;
  for (const yaml::Node* license : fields(card, "license[]")) {
    if (!license->is_scalar()) continue;
    const yaml::Node* shown = license;
    const std::string_view reason = reason_not_open(card, shown);
    if (reason.empty()) continue;
    const Evidence terms{shown->span, shown->span};
    const auto claim = open_source_claim(subject.phrases);
    const auto relief = subject.parameters.find("open-source-relief");
    if (!claim && (relief == subject.parameters.end() || relief->second != "true")) return {};
    Finding finding =
        violated(shown->span,
                 (claim ? "The card calls itself open source, but its licence "
                        : "The policy counts on an open-source licence, but the licence ") +
                     text::excerpt(shown->text, 60) + " is not open: " + std::string(reason) + ".",
                 "Release under an open licence, or say \"open weights\" or \"available under\" and name "
                 "what the licence restricts.",
                 "license");
    finding.evidence = {terms};
    if (claim) {
      finding.outcome = Outcome::contradicted;
      finding.span = claim->span;
      finding.evidence = {*claim, terms};
    }
    return {finding};
  }
  return {};
}

}  // namespace cardwarden::rules
