// SPDX-License-Identifier: Apache-2.0
// cardwarden new: a card to fill in.
#include <filesystem>
#include <ostream>

#include "base/files.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/templates.h"

namespace cardwarden::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string kind;
  std::string output;
  bool force = false;
};

int run_new(World& world, const Options& options) {
  const std::string_view card = card_template(options.kind);
  if (options.output.empty() || options.output == "-") {
    world.out << card;
    return kPassed;
  }
  std::error_code error;
  if (!options.force && fs::exists(fs::symlink_status(options.output, error))) {
    return fail(world,
                {ErrorCode::usage, "The file is there already and was left alone. --force replaces it.",
                 options.output});
  }
  auto written = write_file_atomically(options.output, card);
  if (!written) return fail(world, written.error());
  world.out << "wrote " << text::printable(options.output) << "\n";
  return kPassed;
}

}  // namespace

void add_new(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("new", "Print a card to fill in");
  const auto& names = card_template_names();
  const std::vector<std::string> kinds(names.begin(), names.end());
  command->add_option("kind", options->kind, text::join(kinds, ", "))
      ->required()
      ->check(CLI::IsMember(kinds));
  command->add_option("--output", options->output, "Write it to this file instead");
  command->add_flag("--force", options->force, "Replace the file that is there");
  command->callback([options, &invocation] {
    invocation.run = [options, &invocation] { return run_new(invocation.world, *options); };
  });
}

}  // namespace cardwarden::cli
