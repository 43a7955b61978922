// SPDX-License-Identifier: Apache-2.0
#include "cli/repository_input.h"

#include <ostream>

#include "base/files.h"
#include "cli/parallel.h"
#include "cli/version.h"

namespace cardwarden::cli {

void add_cache_flags(CLI::App& command, CacheFlags& flags) {
  command.add_option("--cache", flags.folder,
                     "Folder for fetched repositories and results (default: ~/.cache/cardwarden)");
  command.add_flag("--no-cache", flags.off, "Keep no results, and read none that were kept");
  command.add_flag("--offline", flags.offline,
                   "Fetch nothing; use a repository as it was when it was fetched last");
}

void add_repository_flags(CLI::App& command, RepositoryFlags& flags) {
  command.add_option("--card", flags.card, "Path of the card in the repository");
  command.add_option("--kind", flags.kind, "Take every card as this kind")
      ->check(CLI::IsMember({"model", "dataset", "space"}));
  command
      .add_option("--rules", flags.rules,
                  "Folder of rules to use beside, or in place of, the built-in ones; repeatable")
      ->allow_extra_args(false);
  add_cache_flags(command, flags.cache);
  command.add_option("--jobs,-j", flags.jobs, "Threads (default: one a processor)")
      ->check(CLI::Range(0, 256));
}

RemoteFlags remote_flags(const CacheFlags& flags) {
  return {flags.folder.empty() ? "" : flags.folder + "/git", flags.offline};
}

std::unique_ptr<ResultCache> open_cache(const CacheFlags& flags) {
  if (flags.off) return nullptr;
  if (!flags.folder.empty()) return std::make_unique<ResultCache>(flags.folder + "/results");
  if (!kCleanBuild)
    return nullptr;  // two builds of one commit may differ; a folder that is named is the user's choice
  auto folder = default_cache_folder();
  return folder ? std::make_unique<ResultCache>(std::move(*folder)) : nullptr;
}

ReadingOptions reading_options(const NamedRepository& opened, const RepositoryFlags& flags) {
  ReadingOptions out;
  out.repository = opened.path;
  out.card = flags.card;
  out.kind = opened.kind;
  for (const Kind kind : {Kind::model, Kind::dataset, Kind::space}) {
    if (flags.kind == to_string(kind)) out.kind = kind;
  }
  out.jobs = flags.jobs != 0 ? flags.jobs : processor_count();
  return out;
}

std::map<std::string, std::string, std::less<>> disclosure_titles(const RuleBook& book, Kind kind) {
  std::map<std::string, std::string, std::less<>> out;
  for (const Rule& rule : book.rules()) {
    if (!rule.disclosure || !rule.applies_to(kind)) continue;
    const auto meta = book.meta(rule);
    if (meta) out[std::string(rule.name)] = (*meta)->title;
  }
  return out;
}

int write_output(World& world, const std::string& file, const std::string& text) {
  if (file.empty() || file == "-") {
    world.out << text;
    return kPassed;
  }
  const auto written = write_file_atomically(file, text);
  return written ? kPassed : fail(world, written.error());
}

}  // namespace cardwarden::cli
