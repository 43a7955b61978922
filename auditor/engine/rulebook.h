// SPDX-License-Identifier: Apache-2.0
#pragma once
// All rules of a run: the built-in ones and the user's folders. Built once; then shared by threads.
// Declarative rules of a kind are compiled when the first card of that kind is met, so that checking one
// model card does not pay for the data set rules.

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/rule.h"
#include "engine/rule_page.h"
#include "evidence/detector.h"

namespace cardwarden {

// A rule as the rulebook keeps it.
struct Rule {
  std::string_view id;      // "model-card/license"
  std::string_view name;    // "license": the disclosure's id for a disclosure rule
  std::uint8_t kinds = 0;   // mask over Kind
  bool disclosure = false;  // detect.yaml without `finding`
  bool native = false;      // decided by rule.cpp; detect.yaml holds its phrases, if any
  bool by_judge = false;    // stated by the judge (suppressions), not by a check
  bool builtin = true;
  bool needs_repository = false;  // `needs: [repository]`, or history, which is a part of it
  bool needs_history = false;     // `needs: [history]`, or timeline, which is made of it
  bool needs_timeline = false;
  std::vector<std::string> asks;  // ids of the disclosures that rule.cpp asks for, `asks: [license]`
  CheckFunction check = nullptr;
  std::string_view page;
  std::string_view detect;
  std::string_view cases;
  std::string folder;  // where it was read from, for errors: "rules/model-card/license"

  bool applies_to(Kind kind) const { return (kinds >> static_cast<unsigned>(kind) & 1U) != 0; }
};

// A rule folder read from disk.
struct RuleFolder {
  std::string id;  // last two parts of its path
  std::string folder;
  std::string page;
  std::string detect;
  std::string cases;
};

// The declarative rules of each kind as RuleBook::pack() wrote them; empty texts: compile from the sources.
using PackedRules = std::array<std::string_view, 3>;

class RuleBook {
 public:
  // `builtin` and `packed` must outlive the book. A folder with the id of a built-in rule takes its place.
  // `packed` must stand for the very rules and vocabulary given.
  static Result<std::unique_ptr<RuleBook>> create(const std::vector<RuleSource>& builtin,
                                                  std::vector<RuleFolder> folders, std::string vocabulary,
                                                  const PackedRules& packed = {});

  const std::deque<Rule>& rules() const { return rules_; }  // sorted by id
  const Rule* find(std::string_view id) const;
  std::vector<std::string_view> ids() const;

  // The page of a rule, parsed at the first call. Thread-safe. The error is the rule author's.
  Result<const RuleMeta*> meta(const Rule& rule) const;

  // The compiled declarative rules of a kind. Thread-safe.
  Result<const Detectors*> detectors(Kind kind) const;

  // What is asked of them. Worked out at the first call with the same question. Thread-safe.
  Result<const EvidencePlan*> plan(Kind kind, const Asked& asked) const;

  // The declarative rules of a kind as bytes, for the build to put inside the program; empty when they do not
  // compile (detectors() says why).
  std::string pack(Kind kind) const;

  // SHA-256 over ids and texts of all rules and the vocabulary: what decides, besides the binary.
  const std::string& digest() const;

 private:
  RuleBook() = default;
  Result<Detectors> compile(Kind kind) const;
  Result<Detectors> load(Kind kind) const;

  struct Lazy {
    std::once_flag once;
    std::unique_ptr<Result<Detectors>> detectors;
  };
  std::deque<Rule> rules_;
  std::vector<RuleFolder> folders_;
  std::string vocabulary_;
  PackedRules packed_;
  mutable std::array<Lazy, 3> compiled_;
  mutable std::mutex plans_mutex_;
  mutable std::array<std::map<Asked, std::unique_ptr<EvidencePlan>>, 3> plans_;
  mutable std::mutex meta_mutex_;
  mutable std::map<std::string_view, std::unique_ptr<RuleMeta>> meta_;
  mutable std::string digest_;
};

// The kinds a page's front matter names, without parsing the page: the line `kinds: [model, dataset]`.
std::uint8_t kinds_of_page(std::string_view page);

// Whether its line `needs: [repository, history]` names `what`.
bool page_needs(std::string_view page, std::string_view what);

}  // namespace cardwarden
