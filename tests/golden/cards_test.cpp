// SPDX-License-Identifier: Apache-2.0
// tests/golden/cards/<slug>/: card.md, and in findings.json what `cardwarden check` under hub-publish finds
// in it. A change of a rule that moves an answer shows here as a diff. CARDWARDEN_UPDATE_GOLDEN=1 accepts the
// answers.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "cli/command.h"

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

const fs::path kCards = CARDWARDEN_SOURCE_DIR "/tests/golden/cards";

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> slugs() {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(kCards)) out.push_back(entry.path().filename().string());
  std::sort(out.begin(), out.end());
  return out;
}

// What the golden keeps of the report: the answers about the card. Version, commit and digests change with
// every build, fingerprints are tested by the property tests.
std::string findings_of(const std::string& bytes, const std::string& slug) {
  std::istringstream in(bytes);
  std::ostringstream out;
  std::ostringstream err;
  cardwarden::cli::World world{in, out, err};
  const std::string name = slug + "/README.md";
  const char* const arguments[] = {"cardwarden", "check", "--no-config", "--policy", "hub-publish",
                                   "--format",   "json",  "--jobs",      "1",        "--stdin-filename",
                                   name.c_str(), "-"};
  const int code = cardwarden::cli::run(static_cast<int>(std::size(arguments)), arguments, world);
  INFO(err.str());
  REQUIRE((code == cardwarden::cli::kPassed || code == cardwarden::cli::kFailed));
  const Json report = Json::parse(out.str());
  REQUIRE(report["cards"].size() == 1);
  const Json& card = report["cards"][0];
  Json golden;
  golden["kind"] = card["kind"];
  golden["gate"] = report["gate"]["passed"];
  golden["disclosed"] = Json::array();
  golden["placeholder"] = Json::array();
  for (const Json& one : card["disclosures"]) {
    if (one["status"] != "absent") golden[one["status"].get<std::string>()].push_back(one["id"]);
  }
  golden["findings"] = card["findings"];
  for (Json& finding : golden["findings"]) finding.erase("fingerprint");
  return golden.dump(2) + "\n";
}

}  // namespace

TEST_CASE("golden: every card gives the findings that were accepted") {
  const char* update = std::getenv("CARDWARDEN_UPDATE_GOLDEN");
  const auto all = slugs();
  REQUIRE(all.size() >= 12);
  for (const std::string& slug : all) {
    INFO(slug);
    const fs::path golden = kCards / slug / "findings.json";
    REQUIRE(fs::exists(kCards / slug / "card.md"));
    const std::string found = findings_of(read(kCards / slug / "card.md"), slug);
    if (update != nullptr && std::string(update) == "1") {
      std::ofstream(golden, std::ios::binary) << found;
    }
    REQUIRE(fs::exists(golden));
    CHECK(found == read(golden));
  }
}

TEST_CASE("golden: the cards cover the kinds, the gate and every outcome") {
  std::string all;
  for (const std::string& slug : slugs()) all += read(kCards / slug / "findings.json");
  for (const char* words :
       {"\"kind\": \"model\"", "\"kind\": \"dataset\"", "\"kind\": \"space\"", "\"gate\": true",
        "\"gate\": false", "\"outcome\": \"absent\"", "\"outcome\": \"placeholder\"",
        "\"outcome\": \"violated\"", "\"outcome\": \"contradicted\"", "\"kind\": \"inline\"",
        "suppression/invalid", "suppression/unused"}) {
    INFO(words);
    CHECK(all.find(words) != std::string::npos);
  }
}
