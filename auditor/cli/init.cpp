// SPDX-License-Identifier: Apache-2.0
// cardwarden init: a commented configuration to start from.
#include <filesystem>
#include <ostream>

#include "base/files.h"
#include "base/text.h"
#include "cli/command.h"
#include "policy/config.h"

namespace cardwarden::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string folder = ".";
  bool force = false;
};

int run_init(World& world, const Options& options) {
  std::error_code error;
  if (!fs::is_directory(options.folder, error)) {
    return fail(world, {ErrorCode::not_found, "There is no such folder.", options.folder});
  }
  const std::string path = (fs::path(options.folder) / kConfigName).lexically_normal().string();
  if (!options.force && fs::exists(fs::symlink_status(path, error))) {
    return fail(world, {ErrorCode::usage,
                        "The file is there already and was left alone. --force replaces it.", path});
  }
  auto written = write_file_atomically(path, default_config_text());
  if (!written) return fail(world, written.error());
  world.out << "wrote " << text::printable(path) << "\n";
  return kPassed;
}

}  // namespace

void add_init(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("init", "Write a commented .cardwarden.yaml that changes nothing yet");
  command->add_option("folder", options->folder, "Where to write it (default: here)");
  command->add_flag("--force", options->force, "Replace the file that is there");
  command->callback([options, &invocation] {
    invocation.run = [options, &invocation] { return run_init(invocation.world, *options); };
  });
}

}  // namespace cardwarden::cli
