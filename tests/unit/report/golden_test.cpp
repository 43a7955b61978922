// SPDX-License-Identifier: Apache-2.0
// Every format against its golden, tests/golden/reports/<format>.golden. CARDWARDEN_UPDATE_GOLDEN=1 accepts
// what the writers say now; the change is reviewed as a diff.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "fixture.h"

namespace cardwarden::testing {
namespace {

void check_golden(const std::string& name, const std::string& actual) {
  const std::filesystem::path path =
      std::filesystem::path(CARDWARDEN_SOURCE_DIR) / "tests" / "golden" / "reports" / (name + ".golden");
  const char* update = std::getenv("CARDWARDEN_UPDATE_GOLDEN");
  if (update != nullptr && std::string_view(update) == "1") {
    std::ofstream(path, std::ios::binary) << actual;
  }
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in);
  std::ostringstream expected;
  expected << in.rdbuf();
  CHECK(actual == expected.str());
}

}  // namespace

TEST_CASE("every format renders the example run as its golden says") {
  Run run;
  fill_example(run);
  for (const ReportFormat& format : report_formats()) {
    INFO(format.name);
    check_golden(std::string(format.name), run.render(format.name));
  }
}

TEST_CASE("text in colour is the same text with escapes of our own") {
  Run run;
  fill_example(run);
  const std::string plain = run.render("text");
  run.info.colour = true;
  const std::string colour = run.render("text");
  check_golden("text-colour", colour);
  std::string stripped;
  for (std::size_t at = 0; at < colour.size(); ++at) {
    if (colour[at] == '\x1b')
      at = colour.find('m', at);
    else
      stripped += colour[at];
  }
  CHECK(stripped == plain);
}

TEST_CASE("no format calls anything compliant") {
  Run run;
  fill_example(run);
  for (const ReportFormat& format : report_formats()) {
    INFO(format.name);
    CHECK(text::lower(run.render(format.name)).find("complian") == std::string::npos);
  }
}

TEST_CASE("the table names ten formats, each once, each described") {
  std::vector<std::string_view> names;
  for (const ReportFormat& format : report_formats()) {
    CHECK(find_report_format(format.name) == &format);
    CHECK(format.what.size() > 10);
    names.push_back(format.name);
  }
  CHECK(names == std::vector<std::string_view>{"text", "json", "jsonl", "sarif", "junit", "github", "gitlab",
                                               "markdown", "html", "csv"});
  CHECK(find_report_format("xml") == nullptr);
  CHECK(find_report_format("") == nullptr);
}

}  // namespace cardwarden::testing
