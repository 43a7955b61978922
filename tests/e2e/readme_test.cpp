// SPDX-License-Identifier: Apache-2.0
// The README shows a card and what the program says of it. Here the program says it again.
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "cli/command.h"

namespace cardwarden::testing {
namespace {

std::string readme() {
  std::ifstream in(CARDWARDEN_SOURCE_DIR "/README.md", std::ios::binary);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The first fenced block of a language.
std::string block(const std::string& text, const std::string& language) {
  const std::string open = "\n```" + language + "\n";
  const std::size_t from = text.find(open);
  REQUIRE(from != std::string::npos);
  const std::size_t to = text.find("\n```\n", from + open.size());
  REQUIRE(to != std::string::npos);
  return text.substr(from + open.size(), to + 1 - from - open.size());
}

}  // namespace

TEST_CASE("README: the run that it shows is what the program prints") {
  const std::string text = readme();
  const std::string command = "$ cardwarden check README.md\n";
  const std::string shown = block(text, "console");
  REQUIRE(shown.compare(0, command.size(), command) == 0);
  std::istringstream in(block(text, "markdown"));
  std::ostringstream out, err;
  cli::World world{in, out, err};
  const char* argv[] = {"cardwarden", "check", "--no-config", "-", "--stdin-filename", "README.md"};
  CHECK(cli::run(6, argv, world) == 1);
  CHECK(command + out.str() == shown);
  CHECK(err.str().empty());
}

}  // namespace cardwarden::testing
