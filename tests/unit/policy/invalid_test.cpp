// SPDX-License-Identifier: Apache-2.0
// Each file of invalid/ is a broken policy; its first line is the message it gets.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "base/files.h"
#include "unit/policy/support.h"

using namespace cardwarden;

namespace {

const std::filesystem::path kFolder =
    std::filesystem::path(CARDWARDEN_SOURCE_DIR) / "tests/unit/policy/invalid";

std::vector<std::string> broken_policies() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.is_regular_file()) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

TEST_CASE("every broken policy gets the message that its first line announces") {
  PolicySources sources = test::sources();
  sources.read = [](const std::string& path) {
    auto text = read_whole_file((kFolder / path).string());
    if (!text) return Result<std::string>(Error(ErrorCode::not_found, "There is no such file.", path));
    return text;
  };
  const std::vector<std::string> names = broken_policies();
  REQUIRE(names.size() >= 40);
  for (const std::string& name : names) {
    auto text = sources.read(name);
    REQUIRE(text);
    const std::string first = text->substr(0, text->find('\n'));
    INFO(name);
    REQUIRE(first.substr(0, 2) == "# ");
    auto policy = load_policy(name, sources);
    REQUIRE_FALSE(policy);
    CHECK(policy.error().text() == first.substr(2));
    CHECK(policy.error().code == ErrorCode::policy);
  }
}
