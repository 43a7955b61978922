// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"

#include <exception>
#include <ostream>

#include "base/text.h"
#include "cli/load_rules.h"
#include "cli/version.h"
#include "policy/settings_file.h"

namespace cardwarden::cli {
namespace {

constexpr void (*kCommands[])(CLI::App&, Invocation&) = {
    add_check,  add_audit,   add_history, add_diff,  add_compare,  add_disclosures, add_explain, add_rules,
    add_policy, add_config,  add_init,    add_new,   add_baseline, add_key,         add_log,     add_verify,
    add_export, add_records, add_store,   add_waive, add_replay,   add_review};

// The words that could stand where the parser stopped: the commands and flags of the command it was in.
std::vector<std::string> words_of(const CLI::App& command) {
  std::vector<std::string> out;
  for (const CLI::App* inner : command.get_subcommands({})) out.push_back(inner->get_name());
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) out.push_back("--" + name);
  }
  return out;
}

// What the parser did not understand, the nearest word that it would have, and where to read on.
int wrong_usage(World& world, const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App* command = &app;
  std::string name = "cardwarden";
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().back();
    name += " " + command->get_name();
  }
  std::string message = error.what();
  const std::vector<std::string> extras = app.remaining(true);
  if (!extras.empty()) {
    const std::vector<std::string> words = words_of(*command);
    const std::string wanted = extras.front().substr(0, extras.front().find('='));
    message = "`" + wanted + "` is not known here." + did_you_mean(wanted, {words.begin(), words.end()});
  }
  world.err << "cardwarden: " << text::printable(message) << "\nRun `" << name
            << " --help` for what it takes.\n";
  return kUsage;
}

int print_version(World& world) {
  auto book = load_rules({});
  if (!book) return fail(world, book.error());
  world.out << "cardwarden " << kVersion << " (commit " << kCommit << ")\nrules sha256:" << (*book)->digest()
            << "\n";
  return kPassed;
}

}  // namespace

int exit_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::usage:
    case ErrorCode::config:
    case ErrorCode::policy:
    case ErrorCode::rule:
      return kUsage;
    default:
      return kInput;
  }
}

int fail(World& world, const Error& error) {
  world.out.flush();
  world.err << "cardwarden: " << text::printable(error.text()) << "\n";
  return exit_code(error.code);
}

int run(int argc, const char* const* argv, World& world) {
  CLI::App app("Checks model, dataset and Space cards against disclosure policies.", "cardwarden");
  app.require_subcommand(0, 1);
  app.set_help_all_flag("--help-all", "Help of every command");
  Invocation invocation{world, {}};
  app.add_flag_callback(
      "--version", [&] { invocation.run = [&world] { return print_version(world); }; },
      "Version, git commit and digest of the built-in rules");
  for (const auto add : kCommands) add(app, invocation);
  try {
    app.parse(argc, argv);
    if (invocation.run) return invocation.run();
    world.out << app.help();
    return kUsage;
  } catch (const CLI::CallForHelp&) {
    world.out << app.help();
    return kPassed;
  } catch (const CLI::CallForAllHelp&) {
    world.out << app.help("", CLI::AppFormatMode::All);
    return kPassed;
  } catch (const CLI::ParseError& error) {
    return wrong_usage(world, app, error);
  } catch (const std::exception& error) {
    world.err << "cardwarden: internal error: " << text::printable(error.what()) << "\n";
    return kInput;
  }
}

}  // namespace cardwarden::cli
