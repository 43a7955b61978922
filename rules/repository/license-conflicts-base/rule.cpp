// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "engine/license_chain.h"
#include "engine/repository_query.h"

namespace cardwarden::rules {
namespace {

std::string_view in_words(std::string_view demands) {
  if (demands == "nc") return "forbids commercial use";
  return demands == "copyleft" ? "must be handed on unchanged" : "restricts use";
}

Finding conflict(const yaml::Node& license, std::string_view base, const BaseTerms& terms) {
  Finding finding =
      violated(license.span,
               "The front matter says " + text::excerpt(license.text, 60) + ", but the base model " +
                   text::excerpt(base, 100) + " is under the " + std::string(terms.name) + ", which " +
                   std::string(in_words(terms.demands)) + " (table of base licences, version " +
                   std::string(base_terms_version()) + ").",
               "Declare the licence of the base model (" + std::string(terms.license) +
                   "), or name the agreement that lets you use another.",
               "license");
  finding.outcome = Outcome::contradicted;
  return finding;
}

}  // namespace

std::vector<Finding> repository_license_conflicts_base(const Subject& subject) {
  const yaml::Node* license = nullptr;
  for (const yaml::Node* node : fields(subject.card, "license[]")) {
    if (!node->is_scalar() || !is_permissive_license(node->text)) return {};
    license = node;
  }
  if (license == nullptr) return {};
  for (const yaml::Node* base : around::declared_bases(subject.card)) {
    const BaseTerms* terms = terms_of_base(base->text);
    if (terms == nullptr) continue;
    Finding finding = conflict(*license, base->text, *terms);
    finding.evidence.push_back(around::evidence_of(*base));
    return {finding};
  }
  const auto named = around::base_in_files(*subject.repository);
  const BaseTerms* terms = named ? terms_of_base(named->id) : nullptr;
  if (terms == nullptr) return {};
  Finding finding = conflict(*license, named->id, *terms);
  finding.files.push_back(named->quote);
  return {finding};
}

}  // namespace cardwarden::rules
