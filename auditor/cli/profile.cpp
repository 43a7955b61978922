// SPDX-License-Identifier: Apache-2.0
#include "cli/profile.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <ostream>

#include "base/files.h"
#include "base/text.h"
#include "card/parse.h"
#include "policy/pipeline.h"

namespace cardwarden::cli {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Adds the time of `work` to `total`.
template <typename Work>
auto timed(double& total, Work&& work) {
  const auto start = Clock::now();
  auto result = work();
  total += seconds_since(start);
  return result;
}

}  // namespace

int print_profile(World& world, const Session& session, const std::vector<Input>& inputs) {
  Evaluator evaluator(*session.book, Extent::what_rules_ask);
  std::map<std::string, double> rules;
  double reading = 0, parsing = 0, evidence = 0, judging = 0;
  std::size_t cards = 0;
  for (const Input& input : inputs) {
    auto bytes = timed(reading, [&] {
      return input.content ? Result<std::string>(*input.content) : read_whole_file(input.path);
    });
    if (!bytes) return fail(world, bytes.error());
    ParseOptions parse;
    parse.kind = session.config.kind.value;
    const Card card = timed(parsing, [&] { return parse_card(input.path, *bytes, parse); });
    const std::vector<RuleRun> runs =
        rule_runs(session.policy, *session.book, session.policy_path(input.path));
    auto read = timed(evidence, [&] { return evaluator.read(card, runs); });
    if (!read) return fail(world, read.error());
    std::vector<Finding> findings;
    for (const RuleRun& run : runs) {
      if (!run.rule->applies_to(card.kind) || run.rule->by_judge) continue;
      auto stated = timed(rules[std::string(run.rule->id)], [&] {
        return evaluator.state(card, run, session.policy.scope, nullptr, findings);
      });
      if (!stated) return fail(world, stated.error());
    }
    const Suppressions suppressions = read_suppressions(card, session.rules);
    JudgeInput judged{card, evaluator.disclosures(), session.policy, session.rules};
    judged.suppressions = &suppressions;
    timed(judging, [&] { return judge(judged, std::move(findings)); });
    ++cards;
  }
  std::vector<std::pair<std::string, double>> rows(rules.begin(), rules.end());
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  rows.insert(rows.begin(), {{"(reading files)", reading},
                             {"(parsing cards)", parsing},
                             {"(finding evidence, all phrases at once)", evidence},
                             {"(judging)", judging}});
  double total = 0;
  for (const auto& row : rows) total += row.second;
  world.out << text::plural(cards, "card", "cards") << ", one thread\n      ms      %\n";
  for (const auto& [name, time] : rows) {
    char line[64];
    std::snprintf(line, sizeof line, "%8.2f  %5.1f  ", time * 1e3, total > 0 ? 100 * time / total : 0.0);
    world.out << line << name << "\n";
  }
  return kPassed;
}

}  // namespace cardwarden::cli
