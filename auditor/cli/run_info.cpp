// SPDX-License-Identifier: Apache-2.0
#include "cli/run_info.h"

#include <algorithm>
#include <set>

#include "cli/version.h"

namespace cardwarden::cli {

Result<RunInfo> run_info(const World& world, const Session& session) {
  RunInfo run;
  run.version = kVersion;
  run.commit = kCommit;
  run.policy = &session.policy;
  run.colour = world.out_is_terminal && !world.no_colour;
  run.terminal_width = world.terminal_width;
  const auto& formats = session.config.format.value;
  const auto all = [&formats](std::initializer_list<std::string_view> names) {
    return std::all_of(formats.begin(), formats.end(), [&](const std::string& one) {
      return std::find(names.begin(), names.end(), one) != names.end();
    });
  };
  if (all({"text", "csv", "github", "gitlab", "junit"})) return run;
  run.rules_digest = session.book->digest();
  if (all({"jsonl"})) return run;
  const std::vector<std::string> needed = needed_rules(session.policy);
  const std::set<std::string, std::less<>> on(needed.begin(), needed.end());
  for (const Rule& rule : session.book->rules()) {
    auto meta = session.book->meta(rule);
    if (!meta) return meta.error();
    run.titles[std::string(rule.id)] = (*meta)->title;
    if (on.count(rule.id) != 0) run.rules.push_back(**meta);
  }
  return run;
}

void add_report_flags(CLI::App& command, ConfigFlags& flags) {
  std::string formats;
  for (const ReportFormat& format : report_formats())
    formats += (formats.empty() ? "" : ", ") + std::string(format.name);
  command.add_option("--format", flags.format, formats + "; repeatable")->allow_extra_args(false);
  command.add_option("--output", flags.output, "File for the format given in the same place; repeatable")
      ->allow_extra_args(false);
}

void add_gate_flags(CLI::App& command, ConfigFlags& flags) {
  command.add_option("--fail-on", flags.fail_on,
                     "Least severity that fails the gate: error, warning, info, off");
  command.add_option("--max-warnings", flags.max_warnings, "Most warnings that pass the gate");
  command.add_option("--min-disclosure", flags.min_disclosure,
                     "Least share of the catalogue each card discloses, 0 to 1");
}

}  // namespace cardwarden::cli
