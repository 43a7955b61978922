// SPDX-License-Identifier: Apache-2.0
// cardwarden disclosures: the matrix of what each card discloses, with the words that show it.
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>

#include "base/files.h"
#include "base/text.h"
#include "card/parse.h"
#include "cli/command.h"
#include "cli/files.h"
#include "cli/load_rules.h"
#include "engine/evaluate.h"
#include "policy/sensitive.h"

namespace cardwarden::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kQuoteChars = 160;  // of one quote in the matrix

struct Options {
  std::vector<std::string> paths;
  std::vector<std::string> rules;
  std::string format = "text";
  std::string kind;
};

Json quote(const Card& card, const std::vector<Span>& sensitive, const Evidence& evidence) {
  const Position position = card.position(evidence.words.begin);
  return {{"line", position.line},
          {"column", position.column},
          {"words", text::excerpt(shown(card, sensitive, evidence.words), kQuoteChars)},
          {"quote", text::excerpt(shown(card, sensitive, evidence.span), kQuoteChars)}};
}

Json to_json(const Card& card, const std::vector<Span>& sensitive, const Disclosures& disclosures) {
  Json map = Json::object();
  for (const Disclosure& one : disclosures) {
    Json evidence = Json::array();
    for (const Evidence& item : one.evidence) evidence.push_back(quote(card, sensitive, item));
    map[std::string(one.id)] = {{"disclosed", one.status == Status::disclosed},
                                {"status", to_string(one.status)},
                                {"evidence", std::move(evidence)}};
  }
  return {{"path", card.path},
          {"kind", to_string(card.kind)},
          {"kind-source", to_string(card.kind_source)},
          {"disclosures", std::move(map)}};
}

std::string dump(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

void print_text(std::ostream& out, const Card& card, const std::vector<Span>& sensitive,
                const Disclosures& disclosures) {
  std::size_t disclosed = 0;
  std::size_t width = 0;
  for (const Disclosure& one : disclosures) {
    disclosed += one.status == Status::disclosed ? 1U : 0U;
    width = std::max(width, one.id.size());
  }
  out << text::printable(card.path) << "  " << to_string(card.kind) << " (by " << to_string(card.kind_source)
      << "), " << disclosed << " of " << disclosures.size() << " disclosed\n";
  for (const Disclosure& one : disclosures) {
    out << "  "
        << (one.status == Status::disclosed     ? "yes "
            : one.status == Status::placeholder ? "tbd "
                                                : "no  ")
        << one.id;
    if (!one.evidence.empty()) {
      const Position position = card.position(one.evidence.front().words.begin);
      out << std::string(width - one.id.size() + 2, ' ') << position.line << ":" << position.column << "  "
          << text::printable(text::excerpt(shown(card, sensitive, one.evidence.front().span), 90));
    }
    out << "\n";
  }
}

int run_disclosures(World& world, const Options& options) {
  auto paths = find_cards(options.paths);
  if (!paths) return fail(world, paths.error());
  auto book = load_rules(options.rules);
  if (!book) return fail(world, book.error());
  Evaluator evaluator(**book);
  std::vector<RuleRun> secrets;  // what quotes must not show
  if (const Rule* rule = (*book)->find(kSecretRule)) secrets.push_back({rule, nullptr});
  ParseOptions parse;
  for (const Kind kind : {Kind::model, Kind::dataset, Kind::space}) {
    if (options.kind == to_string(kind)) parse.kind = kind;
  }
  int code = kPassed;
  bool first = true;
  if (options.format == "json") world.out << "[";
  for (const std::string& path : *paths) {
    auto bytes = read_whole_file(path);
    if (!bytes) {
      code = fail(world, bytes.error());
      continue;
    }
    const Card card = parse_card(path, *bytes, parse);
    auto findings = evaluator.evaluate(card, secrets, {});
    if (!findings) return fail(world, findings.error());
    const std::vector<Span> sensitive = sensitive_spans(card, *findings);
    if (options.format == "text") {
      world.out << (first ? "" : "\n");
      print_text(world.out, card, sensitive, evaluator.disclosures());
    } else if (options.format == "jsonl") {
      world.out << dump(to_json(card, sensitive, evaluator.disclosures()), -1) << "\n";
    } else {
      world.out << (first ? "\n" : ",\n") << dump(to_json(card, sensitive, evaluator.disclosures()), 2);
    }
    first = false;
  }
  if (options.format == "json") world.out << "\n]\n";
  return code;
}

}  // namespace

void add_disclosures(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("disclosures", "Print what each card discloses, with the words that show it");
  command->add_option("path", options->paths, "Cards, or folders of cards")->required();
  command->add_option("--format", options->format, "text, json or jsonl")
      ->check(CLI::IsMember({"text", "json", "jsonl"}));
  command->add_option("--kind", options->kind, "Take every card as this kind")
      ->check(CLI::IsMember({"model", "dataset", "space"}));
  command
      ->add_option("--rules", options->rules,
                   "Folder of rules to use beside, or in place of, the built-in ones; repeatable")
      ->allow_extra_args(false);
  command->callback([options, &invocation] {
    invocation.run = [options, &invocation] { return run_disclosures(invocation.world, *options); };
  });
}

}  // namespace cardwarden::cli
