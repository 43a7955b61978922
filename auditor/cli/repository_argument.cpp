// SPDX-License-Identifier: Apache-2.0
#include "cli/repository_argument.h"

#include <chrono>
#include <filesystem>
#include <ostream>

#include "base/files.h"
#include "base/text.h"
#include "card/kind.h"

namespace cardwarden::cli {
namespace {

constexpr const char* kClearLine = "\r\x1b[K";

std::uint64_t steady_milliseconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

std::string megabytes(std::uint64_t bytes) {
  const std::uint64_t tenths = (bytes + 50'000) / 100'000;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " MB";
}

// A path that is not there and reads like a name on the Hub was meant as one.
Result<Fetched> local(const std::string& argument, const Url& hub) {
  std::error_code ignored;
  if (!std::filesystem::exists(argument, ignored) && parse_address("hf:" + argument, hub)) {
    return Error(ErrorCode::not_found,
                 "There is no such folder. A repository of the Hub is written hf:" + argument + ".",
                 argument);
  }
  Fetched out;
  out.path = argument;
  out.is_current = true;
  return out;
}

// The last folder of the path, as a person would call it.
std::string last_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::path full = std::filesystem::weakly_canonical(path, error);
  if (full.filename().empty()) full = full.parent_path();
  if (full.filename() == ".git") full = full.parent_path();
  return full.filename().empty() ? path : full.filename().string();
}

// One line that is written over, and gone when this goes.
class ProgressLine {
 public:
  ProgressLine(World& world, std::string argument) : world_(world), argument_(std::move(argument)) {}
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine() {
    if (shown_) world_.err << kClearLine << std::flush;
  }

  void show(const FetchProgress& progress) {
    const std::uint64_t now = steady_milliseconds();
    if (shown_ && now - last_ms_ < kProgressMs) return;
    last_ms_ = now;
    shown_ = true;
    const std::string line = progress_text(argument_, progress);
    const std::size_t width = world_.terminal_width > 1 ? world_.terminal_width - 1 : 1;
    world_.err << kClearLine << text::excerpt(line, width) << std::flush;
  }

 private:
  World& world_;
  std::string argument_;
  std::uint64_t last_ms_ = 0;
  bool shown_ = false;
};

}  // namespace

std::string progress_text(const std::string& argument, const FetchProgress& progress) {
  std::string name = text::printable(argument);
  const std::string count = std::to_string(progress.objects) + " of " + std::to_string(progress.total);
  switch (progress.phase) {
    case FetchProgress::Phase::waiting:
      return "Waiting for another process that fetches " + name;
    case FetchProgress::Phase::connecting:
      return "Connecting to " + name;
    case FetchProgress::Phase::receiving:
      return "Fetching " + name + ": " + count + " objects, " + megabytes(progress.bytes);
    case FetchProgress::Phase::resolving:
      return "Unpacking " + name + ": " + count + " objects";
  }
  return name;
}

Result<Fetched> open_repository_argument(World& world, const std::string& argument,
                                         const RemoteFlags& flags) {
  auto usual_hub = parse_url(kDefaultHub, "The Hub");
  if (!usual_hub) return usual_hub.error();
  auto address = parse_address(argument, *usual_hub);
  if (!address) return address.error();
  // A path needs no settings, and a mistake in them does not stand in its way.
  if (!address->url) return local(argument, *usual_hub);
  auto settings = remote_settings(system_host());
  if (!settings) return settings.error();
  if (!flags.cache_folder.empty()) {
    std::error_code error;
    settings->cache_folder = std::filesystem::absolute(flags.cache_folder, error).string();
  }
  settings->offline = settings->offline || flags.offline;

  ProgressLine line(world, argument);
  RemoteOptions options;
  options.settings = std::move(*settings);
  options.milliseconds = steady_milliseconds;
  if (world.err_is_terminal) {
    options.progress = [&line](const FetchProgress& progress) {
      line.show(progress);
      return true;
    };
  }
  auto fetched = open_repository(argument, options);
  if (fetched && !fetched->is_current) {
    world.err << "cardwarden: offline: " << text::printable(argument)
              << " is used as it was when it was fetched last.\n";
  }
  return fetched;
}

std::string folder_of(const Repository& repository) {
  return repository.is_bare() ? repository.git_folder() : repository.work_folder();
}

Result<NamedRepository> open_named_repository(World& world, const std::string& argument,
                                              const RemoteFlags& flags) {
  auto found = open_repository_argument(world, argument, flags);
  if (!found) return found.error();
  auto repository = Repository::open(found->path);
  if (!repository) return repository.error();
  NamedRepository out{std::move(*repository), found->path, {}, {}, !found->url.empty()};
  if (out.fetched) {
    out.name = argument;
    out.kind = kind_of_path(found->url + "/");
    // On the Hub a model is what has no word before its name.
    if (!out.kind && found->on_hub) out.kind = Kind::model;
  } else {
    const std::string folder = folder_of(out.repository);
    out.name = last_folder(folder);
    out.kind = kind_of_path(folder);
  }
  return out;
}

}  // namespace cardwarden::cli
