// SPDX-License-Identifier: Apache-2.0
// The one place where the process meets the world: streams, terminal, environment, clock, chance, exit code.
#include <sys/ioctl.h>
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <iostream>

#include "cli/command.h"

namespace {

std::uint64_t clock_seconds() {
  timespec now = {};
  return clock_gettime(CLOCK_REALTIME, &now) == 0 && now.tv_sec > 0 ? static_cast<std::uint64_t>(now.tv_sec)
                                                                    : 0;
}

bool fill_by_chance(char* bytes, std::size_t count) {
  constexpr std::size_t kStep = 256;  // the most that getentropy() gives at once
  for (std::size_t at = 0; at < count; at += kStep) {
    if (getentropy(bytes + at, std::min(kStep, count - at)) != 0) return false;
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  cardwarden::cli::World world{std::cin, std::cout, std::cerr};
  world.out_is_terminal = isatty(STDOUT_FILENO) == 1;
  world.err_is_terminal = isatty(STDERR_FILENO) == 1;
  world.clock = clock_seconds;
  world.chance = fill_by_chance;
  const char* no_colour = std::getenv("NO_COLOR");
  world.no_colour = no_colour != nullptr && *no_colour != '\0';
  winsize size{};
  if (world.out_is_terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 40)
    world.terminal_width = size.ws_col;
  const int code = cardwarden::cli::run(argc, argv, world);
  std::cout.flush();
  if (!std::cout)
    return code == cardwarden::cli::kPassed || code == cardwarden::cli::kFailed ? cardwarden::cli::kInput
                                                                                : code;
  return code;
}
