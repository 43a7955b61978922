// SPDX-License-Identifier: Apache-2.0
// The one place where the process meets the world: streams, terminal, environment, exit code.
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "cli/command.h"

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  cardwarden::cli::World world{std::cin, std::cout, std::cerr};
  world.out_is_terminal = isatty(STDOUT_FILENO) == 1;
  world.err_is_terminal = isatty(STDERR_FILENO) == 1;
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
