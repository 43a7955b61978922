// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a subcommand is: it declares its options and says what to run. One subcommand, one file, one row in
// command.cpp.

#include <CLI/CLI.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>

#include "base/result.h"

namespace cardwarden::cli {

// The same for every command and every output format.
enum ExitCode : int {
  kPassed = 0,  // gate passed
  kFailed = 1,  // gate failed
  kUsage = 2,   // wrong usage, configuration, policy or rule
  kInput = 3,   // an input could not be read, an output not written
};
int exit_code(ErrorCode code);

// The world a command acts on; tests hand in their own.
struct World {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  unsigned terminal_width = 100;
  bool no_colour = false;  // NO_COLOR
  // Only commands that sign or judge by time ask for these. Empty: there is no clock, no chance.
  std::function<std::uint64_t()> clock = {};            // POSIX seconds
  std::function<bool(char*, std::size_t)> chance = {};  // fills the bytes from a source fit for keys
};

struct Invocation {
  World& world;
  std::function<int()> run;  // set by the subcommand that was named
};

// Prints the error and gives its exit code.
int fail(World& world, const Error& error);

void add_check(CLI::App& app, Invocation& invocation);
void add_audit(CLI::App& app, Invocation& invocation);
void add_disclosures(CLI::App& app, Invocation& invocation);
void add_explain(CLI::App& app, Invocation& invocation);
void add_rules(CLI::App& app, Invocation& invocation);
void add_policy(CLI::App& app, Invocation& invocation);
void add_config(CLI::App& app, Invocation& invocation);
void add_init(CLI::App& app, Invocation& invocation);
void add_new(CLI::App& app, Invocation& invocation);
void add_baseline(CLI::App& app, Invocation& invocation);
void add_compare(CLI::App& app, Invocation& invocation);
void add_diff(CLI::App& app, Invocation& invocation);
void add_history(CLI::App& app, Invocation& invocation);
void add_key(CLI::App& app, Invocation& invocation);
void add_log(CLI::App& app, Invocation& invocation);
void add_verify(CLI::App& app, Invocation& invocation);
void add_export(CLI::App& app, Invocation& invocation);
void add_records(CLI::App& app, Invocation& invocation);
void add_store(CLI::App& app, Invocation& invocation);
void add_review(CLI::App& app, Invocation& invocation);
void add_waive(CLI::App& app, Invocation& invocation);
void add_replay(CLI::App& app, Invocation& invocation);

// Parses the arguments and runs the command. Never throws.
int run(int argc, const char* const* argv, World& world);

}  // namespace cardwarden::cli
