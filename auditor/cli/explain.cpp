// SPDX-License-Identifier: Apache-2.0
// cardwarden explain RULE: the rule's page, with its first tested example of each kind.
#include <ostream>

#include "base/text.h"
#include "cli/command.h"
#include "cli/load_rules.h"
#include "engine/cases.h"

namespace cardwarden::cli {
namespace {

struct Options {
  std::string rule;
  std::vector<std::string> rules;
};

// The rule the user means: its whole id, or its name where only one rule bears it.
Result<const Rule*> find_rule(const RuleBook& book, const std::string& wanted) {
  if (const Rule* rule = book.find(wanted)) return rule;
  std::vector<const Rule*> named;
  for (const Rule& rule : book.rules()) {
    if (rule.id.substr(rule.id.find('/') + 1) == wanted) named.push_back(&rule);
  }
  if (named.size() == 1) return named.front();
  if (named.size() > 1) {
    std::string ids;
    for (const Rule* rule : named) ids += (ids.empty() ? "" : ", ") + std::string(rule->id);
    return Error{ErrorCode::usage, "\"" + wanted + "\" is the name of several rules; say which: " + ids};
  }
  std::vector<std::string_view> known = book.ids();
  for (const Rule& rule : book.rules()) known.push_back(rule.id.substr(rule.id.find('/') + 1));
  const auto near = text::nearest(wanted, known);
  return Error{ErrorCode::usage,
               "there is no rule \"" + wanted + "\"" +
                   (near ? "; did you mean " + *near + "?" : "; `cardwarden rules list` shows them all")};
}

void print_case(std::ostream& out, const RuleCase& one) {
  out << "    " << one.name << "\n";
  for (const std::string_view line : text::split(one.bytes, '\n')) {
    if (!line.empty()) out << "    | " << text::printable(line) << "\n";
  }
  if (one.repository) {
    std::vector<std::string> paths;
    for (const SnapshotFile& file : one.repository->facts().snapshot->files) paths.push_back(file.path);
    out << "    in a repository with " << text::printable(text::join(paths, ", ")) << "\n";
  }
  for (const std::string& words : one.cites) out << "    quoted: " << text::printable(words) << "\n";
}

int run_explain(World& world, const Options& options) {
  auto book = load_rules(options.rules);
  if (!book) return fail(world, book.error());
  auto rule = find_rule(**book, options.rule);
  if (!rule) return fail(world, rule.error());
  auto meta = (*book)->meta(**rule);
  if (!meta) return fail(world, meta.error());
  auto cases = parse_cases((*rule)->cases, (*rule)->folder + "/cases.yaml");
  if (!cases) return fail(world, cases.error());
  std::ostream& out = world.out;
  out << (*rule)->id << ": " << (*meta)->title << "\n"
      << (*meta)->question << "\n\n"
      << (*meta)->page << "\n";
  for (const std::string_view group : {"good", "bad"}) {
    for (const RuleCase& one : *cases) {
      const bool good = one.expect == "disclosed" || one.expect == "clean";
      if (good != (group == "good")) continue;
      out << "\n## A " << group << " example\n\n";
      print_case(out, one);
      break;
    }
  }
  if (!(*meta)->references.empty()) out << "\n## References\n\n";
  for (const std::string& reference : (*meta)->references) out << "- " << reference << "\n";
  return kPassed;
}

}  // namespace

void add_explain(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("explain", "Say what a rule asks, why it matters and how to fix a finding");
  command->add_option("rule", options->rule, "A rule's id or name, e.g. model-card/limitations")->required();
  command
      ->add_option("--rules", options->rules,
                   "Folder of rules to use beside, or in place of, the built-in ones; repeatable")
      ->allow_extra_args(false);
  command->callback([options, &invocation] {
    invocation.run = [options, &invocation] { return run_explain(invocation.world, *options); };
  });
}

}  // namespace cardwarden::cli
