// SPDX-License-Identifier: Apache-2.0
// cardwarden history: what happened to the disclosures of a repository's card.
#include <ostream>
#include <sstream>

#include "cli/command.h"
#include "cli/load_rules.h"
#include "cli/repository_input.h"
#include "cli/version.h"
#include "report/timeline_report.h"

namespace cardwarden::cli {
namespace {

struct Options {
  std::string repository = ".";
  std::string reference = "HEAD";
  std::string format = "text";
  std::string output;
  bool first_parent = false;
  RepositoryFlags flags;
};

int run_history(World& world, const Options& options) {
  auto opened = open_named_repository(world, options.repository, remote_flags(options.flags.cache));
  if (!opened) return fail(world, opened.error());
  const auto tip = opened->repository.resolve(options.reference);
  if (!tip) return fail(world, tip.error());
  auto book = load_rules(options.flags.rules);
  if (!book) return fail(world, book.error());
  HistoryOptions walk;
  walk.card = options.flags.card;
  walk.first_parent = options.first_parent;
  const auto cache = open_cache(options.flags.cache);
  auto read = read_history_and_cards(**book, opened->repository, *tip, walk,
                                     reading_options(*opened, options.flags), cache.get());
  if (!read) return fail(world, read.error());
  const History* history = &read->history;
  if (history->revisions.empty()) {
    return fail(world, {ErrorCode::not_found,
                        "No commit up to " + options.reference + " has " + options.flags.card +
                            ". Name the card with --card, or another commit with --ref.",
                        options.repository});
  }
  const Timeline timeline = make_timeline(*history, read->cards.readings);

  TimelineReport report;
  report.version = kVersion;
  report.repository = opened->name;
  report.reference = options.reference;
  report.card = options.flags.card;
  report.kind = read->cards.kind;
  report.history = history;
  report.timeline = &timeline;
  report.titles = disclosure_titles(**book, read->cards.kind);
  report.colour = world.out_is_terminal && !world.no_colour && options.output.empty();
  report.terminal_width = world.terminal_width;
  std::ostringstream text;
  if (options.format == "json")
    write_timeline_json(text, report);
  else if (options.format == "html")
    write_timeline_html(text, report);
  else
    write_timeline_text(text, report);
  return write_output(world, options.output, text.str());
}

}  // namespace

void add_history(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("history", "Show what happened to the disclosures of a repository's card");
  command->add_option("repository", options->repository,
                      "A git repository: a path, hf:org/name or https://… (default: the one here)");
  command->add_option("--ref", options->reference, "Branch, tag or commit (default: HEAD)");
  command->add_option("--format", options->format, "text, json or html")
      ->check(CLI::IsMember({"text", "json", "html"}));
  command->add_option("--output", options->output, "File to write instead of standard output");
  command->add_flag("--first-parent", options->first_parent, "Follow the first parent of merges only");
  add_repository_flags(*command, options->flags);
  command->callback([options, &invocation] {
    invocation.run = [options, &invocation] { return run_history(invocation.world, *options); };
  });
}

}  // namespace cardwarden::cli
