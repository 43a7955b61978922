// SPDX-License-Identifier: Apache-2.0
#include "cli/repository_argument.h"

#include <chrono>
#include <filesystem>
#include <ostream>

#include "base/files.h"
#include "base/text.h"

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

Result<Fetched> open_repository_argument(World& world, const std::string& argument) {
  auto usual_hub = parse_url(kDefaultHub, "The Hub");
  if (!usual_hub) return usual_hub.error();
  auto address = parse_address(argument, *usual_hub);
  if (!address) return address.error();
  // A path needs no settings, and a mistake in them does not stand in its way.
  if (!address->url) return local(argument, *usual_hub);
  auto settings = remote_settings(system_host());
  if (!settings) return settings.error();

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

}  // namespace cardwarden::cli
