// SPDX-License-Identifier: Apache-2.0
#pragma once
// The REPO argument of a command: a path, hf:org/name or https://host/path, as a folder of this machine. What
// is elsewhere is fetched into the cache first, by the settings of the environment (remote/settings.h), with
// a line of progress where standard error is a terminal. Every command that takes REPO opens it here.

#include <optional>
#include <string>

#include "base/result.h"
#include "card/card.h"
#include "cli/command.h"
#include "remote/remote_repository.h"
#include "repository/repository.h"

namespace cardwarden::cli {

constexpr std::uint64_t kProgressMs = 100;  // between two states of the line of progress

// What flags say over the environment.
struct RemoteFlags {
  std::string cache_folder;  // of fetched repositories; empty: that of the environment
  bool offline = false;      // as HF_HUB_OFFLINE
};

// Fetched::path is for Repository::open(), which also says where a local path holds no repository.
Result<Fetched> open_repository_argument(World& world, const std::string& argument,
                                         const RemoteFlags& flags = {});

struct NamedRepository {
  Repository repository;
  std::string path;          // of it, on this machine
  std::string name;          // as a person calls it: the address, or the last folder of a path
  std::optional<Kind> kind;  // what the address or the folders above it say
  bool fetched = false;      // it stands in the cache: its path means nothing to a reader
};
Result<NamedRepository> open_named_repository(World& world, const std::string& argument,
                                              const RemoteFlags& flags = {});

// The folder of the working tree, else of the bare repository; with a slash at its end.
std::string folder_of(const Repository& repository);

// The line of progress: "Fetching hf:org/name: 120 of 4000 objects, 1.5 MB".
std::string progress_text(const std::string& argument, const FetchProgress& progress);

}  // namespace cardwarden::cli
