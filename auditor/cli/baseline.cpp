// SPDX-License-Identifier: Apache-2.0
// cardwarden baseline create|update|prune: the findings that a team starts from. Format:
// docs/formats/baseline.md.
#include <algorithm>
#include <filesystem>
#include <map>
#include <ostream>
#include <tuple>

#include "base/files.h"
#include "base/text.h"
#include "cli/check_run.h"
#include "cli/command.h"
#include "cli/session.h"
#include "cli/waivers.h"

namespace cardwarden::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDefaultFile = ".cardwarden-baseline.json";

enum class Verb { create, update, prune };

struct Options {
  std::vector<std::string> paths;
  ConfigFlags flags;
  std::string output;
  bool force = false;
  WaiverFlags waivers;
};

// What a baseline was and is, counted in findings.
struct Change {
  std::uint64_t added = 0;
  std::uint64_t removed = 0;
  std::uint64_t kept = 0;
};

Change compare(const Baseline& before, const Baseline& after) {
  std::map<std::tuple<std::string, std::string, std::string>, std::pair<std::uint64_t, std::uint64_t>> counts;
  for (const BaselineEntry& entry : before.entries())
    counts[{entry.path, entry.rule, entry.fingerprint}].first = entry.count;
  for (const BaselineEntry& entry : after.entries())
    counts[{entry.path, entry.rule, entry.fingerprint}].second = entry.count;
  Change change;
  for (const auto& [key, count] : counts) {
    const auto& [old_count, new_count] = count;
    change.kept += std::min(old_count, new_count);
    change.added += new_count - std::min(old_count, new_count);
    change.removed += old_count - std::min(old_count, new_count);
  }
  return change;
}

// The baseline as it stands. None is an empty one where it is to be created, else an error.
Result<Baseline> read_old(const std::string& path, Verb verb, bool force) {
  std::error_code error;
  if (!fs::exists(path, error)) {
    if (verb == Verb::create) return Baseline();
    return Error(ErrorCode::not_found, "There is no baseline yet. `cardwarden baseline create` writes one.",
                 path);
  }
  if (verb == Verb::create && force) return Baseline();
  auto bytes = read_whole_file(path);
  if (!bytes) return bytes.error();
  auto baseline = parse_baseline(*bytes, path);
  if (!baseline && verb == Verb::create) {
    return Error(ErrorCode::usage,
                 "The file is not a baseline that can be read, and was left alone. --force replaces it.",
                 path);
  }
  return baseline;
}

int run_baseline(World& world, const Options& options, Verb verb) {
  auto session = open_session(options.flags, options.paths.front(), false);
  if (!session) return fail(world, session.error());
  // What is waived does not become known for ever.
  if (auto taken = open_waivers(world, options.waivers, *session); !taken) return fail(world, taken.error());
  const std::string& configured = session->config.baseline.value;
  const std::string path = !options.output.empty() ? options.output
                           : configured.empty()    ? kDefaultFile
                                                   : configured;
  auto before = read_old(path, verb, options.force);
  if (!before) return fail(world, before.error());
  auto inputs = find_inputs(*session, options.paths);
  if (!inputs) return fail(world, inputs.error());

  BaselineRun run;
  RunOptions how{job_count(*session)};
  how.judge_with_baseline = false;
  int code = kPassed;
  run_cards(*session, *inputs, how, [&](const Input&, Judged& judged) {
    if (judged.error) {
      code = fail(world, *judged.error);
      return judged.error->code != ErrorCode::rule;
    }
    run.add(judged.report);
    return true;
  });
  if (code != kPassed) return code;  // a baseline of half the cards would be wrong

  const std::string base = session->base_folder();
  const auto exists = [&base](const std::string& card) {
    std::error_code error;
    return fs::exists(fs::path(base) / card, error) || fs::exists(card, error);
  };
  const Baseline after = verb == Verb::create   ? run.create()
                         : verb == Verb::update ? run.update(*before)
                                                : run.prune(*before, exists);
  auto written = write_file_atomically(path, to_json(after));
  if (!written) return fail(world, written.error());
  const Change change = compare(*before, after);
  world.out << text::printable(path) << ": " << text::plural(change.added, "finding", "findings")
            << " added, " << change.removed << " removed, " << change.kept << " kept\n";
  return kPassed;
}

}  // namespace

void add_baseline(CLI::App& app, Invocation& invocation) {
  CLI::App* baseline = app.add_subcommand(
      "baseline", "Record the findings to start from, so that only new ones fail the gate");
  baseline->require_subcommand(1);
  struct Row {
    Verb verb;
    const char* name;
    const char* what;
  };
  for (const Row& row :
       {Row{Verb::create, "create", "Write all findings of these cards as the baseline"},
        Row{Verb::update, "update", "Take these cards as they are now; other cards keep their lines"},
        Row{Verb::prune, "prune", "Only take away: findings that are gone, cards that no longer exist"}}) {
    auto options = std::make_shared<Options>();
    CLI::App* command = baseline->add_subcommand(row.name, row.what);
    command->add_option("path", options->paths, "Cards, or folders of cards")->required();
    command->add_option("--output", options->output,
                        std::string("The baseline file (default: as configured, else ") + kDefaultFile + ")");
    if (row.verb == Verb::create)
      command->add_flag("--force", options->force, "Replace a file that is no baseline");
    add_config_flags(*command, options->flags);
    add_waiver_flags(*command, options->waivers);
    command->add_option("--jobs,-j", options->flags.jobs, "Threads (default: one a processor)");
    command->callback([options, verb = row.verb, &invocation] {
      invocation.run = [options, verb, &invocation] {
        return run_baseline(invocation.world, *options, verb);
      };
    });
  }
}

}  // namespace cardwarden::cli
