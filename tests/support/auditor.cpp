// SPDX-License-Identifier: Apache-2.0
#include "support/auditor.h"

#include <stdexcept>

#include "card/parse.h"
#include "policy/load.h"
#include "policy/packs.h"
#include "policy/pipeline.h"
#include "rules/registry.h"

namespace cardwarden::testing {
namespace {

constexpr std::string_view kEverything = "rules:\n  '**': warning\n";

template <typename T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text());
  return std::move(*result);
}

}  // namespace

Auditor::Auditor(std::string_view pack) {
  book_ = must(RuleBook::create(builtin_rules(), {}, std::string(builtin_vocabulary())));
  rules_ = known_rules(*book_);
  PolicySources sources;
  sources.rules = rules_;
  sources.pack = [](std::string_view name) {
    return name == "everything" ? kEverything : builtin_pack(name);
  };
  sources.pack_names = builtin_pack_names();
  sources.read = [](const std::string& path) -> Result<std::string> {
    return Error(ErrorCode::not_found, "There are no files here.", path);
  };
  policy_ = must(load_policy(pack.empty() ? "everything" : pack, sources));
  evaluator_ = std::make_unique<Evaluator>(*book_);
}

Auditor::Answer Auditor::audit(std::string_view bytes, std::string path, std::optional<Kind> kind) {
  Answer out;
  ParseOptions options;
  options.kind = kind;
  out.card = std::make_unique<Card>(parse_card(std::move(path), bytes, options));
  auto findings =
      must(evaluator_->evaluate(*out.card, rule_runs(policy_, *book_, out.card->path), policy_.scope));
  out.disclosures = evaluator_->disclosures();
  const Suppressions suppressions = read_suppressions(*out.card, rules_);
  JudgeInput input{*out.card, out.disclosures, policy_, rules_};
  input.suppressions = &suppressions;
  out.report = judge(input, std::move(findings));
  return out;
}

std::map<std::string, std::string> statuses(const Disclosures& disclosures) {
  std::map<std::string, std::string> out;
  for (const Disclosure& one : disclosures) out[std::string(one.id)] = to_string(one.status);
  return out;
}

}  // namespace cardwarden::testing
