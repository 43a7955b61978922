// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"

#include <exception>
#include <ostream>

#include "base/text.h"
#include "cli/load_rules.h"
#include "cli/version.h"

namespace cardwarden::cli {
namespace {

constexpr void (*kCommands[])(CLI::App&, Invocation&) = {add_check, add_disclosures, add_explain, add_rules};

int print_version(World& world) {
  auto book = load_rules({});
  if (!book) return fail(world, book.error());
  world.out << "cardwarden " << kVersion << " (commit " << kCommit << ")\nrules sha256:" << (*book)->digest() << "\n";
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
  app.add_flag_callback("--version", [&] { invocation.run = [&world] { return print_version(world); }; },
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
    world.err << "cardwarden: " << text::printable(error.what()) << "\nRun `cardwarden --help` for the commands and their options.\n";
    return kUsage;
  } catch (const std::exception& error) {
    world.err << "cardwarden: internal error: " << text::printable(error.what()) << "\n";
    return kInput;
  }
}

}  // namespace cardwarden::cli
