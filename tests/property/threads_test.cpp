// SPDX-License-Identifier: Apache-2.0
// The same input gives the same bytes: on one thread and on four, and with the rules that the build has
// compiled.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "card/parse.h"
#include "cli/command.h"
#include "engine/evaluate.h"
#include "rules/packed.h"
#include "rules/registry.h"
#include "support/auditor.h"
#include "support/generator.h"

namespace {

using namespace cardwarden;
using namespace cardwarden::testing;
namespace fs = std::filesystem;

// A folder that goes away with the test.
struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "cardwarden-threads-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code error;
    fs::remove_all(path, error);
  }
};

std::string check(const fs::path& folder, const char* format, const char* jobs) {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  cli::World world{in, out, err};
  const std::string path = folder.string();
  const std::vector<const char*> arguments = {"cardwarden", "check", "--no-config", "--policy", "strict",
                                              "--format",   format,  "--jobs",      jobs,       path.c_str()};
  const int code = cli::run(static_cast<int>(arguments.size()), arguments.data(), world);
  INFO(err.str());
  REQUIRE(code == cli::kFailed);
  return out.str();
}

std::string answers(Evaluator& evaluator, const RuleBook& book, const Card& card) {
  static const Parameters none;
  std::vector<RuleRun> runs;
  for (const Rule& rule : book.rules()) {
    if (!rule.by_judge) runs.push_back({&rule, &none});
  }
  const auto findings = evaluator.evaluate(card, runs, {});
  REQUIRE(findings.has_value());
  std::string out;
  for (const auto& [id, status] : statuses(evaluator.disclosures()))
    out.append(id).append(" ").append(status).append("\n");
  for (const Disclosure& one : evaluator.disclosures()) {
    for (const Evidence& evidence : one.evidence)
      out += std::to_string(evidence.words.begin) + "-" + std::to_string(evidence.words.end) + " ";
  }
  for (const Finding& finding : *findings)
    out +=
        std::string(finding.rule) + " " + finding.message + " " + std::to_string(finding.span.begin) + "\n";
  return out;
}

}  // namespace

TEST_CASE("one thread and four write the same bytes") {
  const Folder folder;
  Chance chance(10);
  for (int i = 0; i < 150; ++i) {
    const fs::path card = folder.path / ("card-" + std::to_string(i)) / "README.md";
    fs::create_directories(card.parent_path());
    std::ofstream(card, std::ios::binary)
        << (chance.one_in(4) ? make_noise(chance, 40) : make_card(chance).text());
  }
  for (const char* format : {"json", "sarif"}) {
    const std::string one = check(folder.path, format, "1");
    CHECK(one.size() > 10'000);
    for (int round = 0; round < 3; ++round) REQUIRE(check(folder.path, format, "4") == one);
    REQUIRE(check(folder.path, format, "1") == one);
  }
}

TEST_CASE("the rules compiled by the build find what their texts find") {
  auto read = RuleBook::create(builtin_rules(), {}, std::string(builtin_vocabulary()));
  auto packed =
      RuleBook::create(builtin_rules(), {}, std::string(builtin_vocabulary()), builtin_packed_rules());
  REQUIRE((read.has_value() && packed.has_value()));
  Evaluator from_texts(**read);
  Evaluator from_build(**packed);
  Chance chance(11);
  for (int i = 0; i < 150; ++i) {
    const std::string text = make_card(chance).text();
    for (const Kind kind : {Kind::model, Kind::dataset, Kind::space}) {
      const Card card = parse_card("README.md", text, {.kind = kind});
      INFO(text);
      REQUIRE(answers(from_texts, **read, card) == answers(from_build, **packed, card));
    }
  }
}
