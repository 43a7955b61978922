// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the commands that read repositories share: where they find one, what is kept between runs, how its
// cards are read.

#include <memory>
#include <optional>
#include <string>

#include "cli/command.h"
#include "cli/readings.h"
#include "cli/repository_argument.h"
#include "engine/rulebook.h"
#include "repository/history.h"
#include "repository/repository.h"

namespace cardwarden::cli {

struct CacheFlags {
  std::string folder;  // empty: the user's
  bool off = false;    // keep no results; what is fetched needs a place all the same
  bool offline = false;
};
void add_cache_flags(CLI::App& command, CacheFlags& flags);

// The flags that say how cards of a repository are read.
struct RepositoryFlags {
  std::string card = "README.md";
  std::string kind;
  std::vector<std::string> rules;
  CacheFlags cache;
  unsigned jobs = 0;  // 0: one a processor
};
void add_repository_flags(CLI::App& command, RepositoryFlags& flags);

RemoteFlags remote_flags(const CacheFlags& flags);

// Null where the flags or the environment leave no cache of results.
std::unique_ptr<ResultCache> open_cache(const CacheFlags& flags);

ReadingOptions reading_options(const NamedRepository& opened, const RepositoryFlags& flags);

// Titles of disclosures, by id.
std::map<std::string, std::string, std::less<>> disclosure_titles(const RuleBook& book, Kind kind);

// Writes to the file, or to standard output where it is empty or "-".
int write_output(World& world, const std::string& file, const std::string& text);

}  // namespace cardwarden::cli
