// SPDX-License-Identifier: Apache-2.0
// cardwarden rules list|check|test: what rules there are, whether their folders are whole, whether their
// cases hold.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/text.h"
#include "cli/command.h"
#include "cli/load_rules.h"
#include "engine/cases.h"
#include "policy/pipeline.h"

namespace cardwarden::cli {
namespace {

struct Options {
  std::vector<std::string> directories;
  std::string format = "text";
};

std::string kinds_text(const Rule& rule) {
  std::string out;
  for (const Kind kind : {Kind::model, Kind::dataset, Kind::space}) {
    if (rule.applies_to(kind)) out += (out.empty() ? "" : " ") + std::string(to_string(kind));
  }
  return out;
}

int run_list(World& world, const Options& options) {
  auto book = load_rules(options.directories);
  if (!book) return fail(world, book.error());
  std::size_t width = 0;
  for (const Rule& rule : (*book)->rules()) width = std::max(width, rule.id.size());
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const Rule& rule : (*book)->rules()) {
    auto meta = (*book)->meta(rule);
    if (!meta) return fail(world, meta.error());
    if (options.format == "json") {
      nlohmann::ordered_json kinds = nlohmann::ordered_json::array();
      for (const Kind kind : (*meta)->kinds) kinds.push_back(to_string(kind));
      all.push_back({{"id", rule.id},
                     {"title", (*meta)->title},
                     {"question", (*meta)->question},
                     {"status", (*meta)->status},
                     {"since", (*meta)->since},
                     {"kinds", kinds},
                     {"native", rule.check != nullptr},
                     {"disclosure", rule.disclosure},
                     {"needs", (*meta)->needs},
                     {"references", (*meta)->references}});
    } else {
      world.out << rule.id << std::string(width - rule.id.size() + 2, ' ') << (*meta)->title << "  ("
                << kinds_text(rule) << ")\n";
    }
  }
  if (options.format == "json") world.out << all.dump(2) << "\n";
  return kPassed;
}

// The rules of the named folders, or all built-in ones.
std::vector<const Rule*> chosen(const RuleBook& book, const Options& options) {
  std::vector<const Rule*> out;
  for (const Rule& rule : book.rules()) {
    if (options.directories.empty() || !rule.builtin) out.push_back(&rule);
  }
  return out;
}

int run_check(World& world, const Options& options) {
  auto book = load_rules(options.directories);
  if (!book) return fail(world, book.error());
  std::size_t problems = 0;
  const auto rules = chosen(**book, options);
  for (const Kind kind : {Kind::model, Kind::dataset, Kind::space}) {
    auto compiled = (*book)->detectors(kind);
    if (!compiled) return fail(world, compiled.error());
  }
  for (const Rule* rule : rules) {
    for (const Error& error : check_rule(**book, *rule)) {
      world.out << text::printable(error.text()) << "\n";
      ++problems;
    }
  }
  world.out << text::plural(rules.size(), "rule", "rules") << " checked, "
            << (problems == 0 ? std::string("all well formed")
                              : text::plural(problems, "problem", "problems"))
            << "\n";
  return problems == 0 ? kPassed : kUsage;
}

int run_test(World& world, const Options& options) {
  auto book = load_rules(options.directories);
  if (!book) return fail(world, book.error());
  Evaluator evaluator(**book);
  const Pipeline pipeline = judge_pipeline(**book);
  std::size_t cases_run = 0;
  std::size_t failed = 0;
  for (const Rule* rule : chosen(**book, options)) {
    auto cases = parse_cases(rule->cases, rule->folder + "/cases.yaml");
    if (!cases) return fail(world, cases.error());
    for (const RuleCase& one : *cases) {
      auto failure = run_case(evaluator, *rule, one, pipeline);
      if (!failure) return fail(world, failure.error());
      ++cases_run;
      if (!*failure) continue;
      ++failed;
      world.out << (*failure)->where << ": " << rule->id << ": " << (*failure)->name << "\n    expected "
                << text::printable((*failure)->expected) << "\n    found    "
                << text::printable((*failure)->found) << "\n";
    }
  }
  world.out << cases_run - failed << " passed, " << failed << " failed\n";
  return failed == 0 ? kPassed : kUsage;
}

}  // namespace

void add_rules(CLI::App& app, Invocation& invocation) {
  CLI::App* rules =
      app.add_subcommand("rules", "List, check and test rules: the built-in ones, or folders of your own");
  rules->require_subcommand(1);
  struct Verb {
    const char* name;
    const char* what;
    int (*run)(World&, const Options&);
  };
  for (const Verb& verb : {Verb{"list", "Every rule with its title", run_list},
                           Verb{"check", "Whether rule folders are whole and well formed", run_check},
                           Verb{"test", "Run the cases of rule folders", run_test}}) {
    auto options = std::make_shared<Options>();
    CLI::App* command = rules->add_subcommand(verb.name, verb.what);
    command->add_option("folder", options->directories,
                        "Rule folders, or folders of them; without any, the built-in rules");
    if (std::string_view(verb.name) == "list") {
      command->add_option("--format", options->format, "text or json")
          ->check(CLI::IsMember({"text", "json"}));
    }
    const auto run = verb.run;
    command->callback([options, run, &invocation] {
      invocation.run = [options, run, &invocation] { return run(invocation.world, *options); };
    });
  }
}

}  // namespace cardwarden::cli
