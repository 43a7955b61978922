// SPDX-License-Identifier: Apache-2.0
// The rules of the house that a compiler does not know: size, licence lines, no clock, no exceptions, a tidy
// root.
#include <map>
#include <set>

#include "architecture/source_tree.h"

namespace {

using namespace cardwarden::testing;

constexpr std::size_t kMaxSourceLines = 500;
constexpr std::size_t kMaxRuleLines = 160;
constexpr std::size_t kMaxTestLines = 1000;  // a list of cases is long and still easy to read

bool is_cli(const Source& source) { return source.folder(2) == "auditor/cli"; }

}  // namespace

TEST_CASE("a source has at most 500 lines, a rule 160, a test 1000") {
  for (const Source& source : sources({"auditor", "rules", "tests", "benchmarks"}, {".h", ".cpp"})) {
    INFO(source.path << " has " << source.lines.size() << " lines");
    const bool rule = source.folder(1) == "rules" && has_extension(source.path, {".cpp"});
    const bool test = source.folder(1) == "tests";
    CHECK(source.lines.size() <= (test ? kMaxTestLines : rule ? kMaxRuleLines : kMaxSourceLines));
  }
}

TEST_CASE("a source begins with its licence, a header is read once") {
  for (const Source& source : sources({"auditor", "rules", "tests", "benchmarks"}, {".h", ".cpp"})) {
    INFO(source.path);
    REQUIRE(!source.lines.empty());
    CHECK(source.lines[0] == "// SPDX-License-Identifier: Apache-2.0");
    if (has_extension(source.path, {".h"})) {
      REQUIRE(source.lines.size() > 1);
      CHECK(source.lines[1] == "#pragma once");
    }
  }
  for (const Source& source :
       sources({"auditor", "rules", "tests", "benchmarks", "cmake", "policies", "examples"},
               {".cmake", "CMakeLists.txt", "policies/hub-publish.yaml", "policies/strict.yaml",
                "detect.yaml", ".mjs"})) {
    if (source.path.find("/corpus/") != std::string::npos) continue;
    INFO(source.path);
    const std::string head = source.text.substr(0, 200);
    CHECK(head.find("SPDX-License-Identifier: Apache-2.0") != std::string::npos);
  }
}

TEST_CASE("no source reads a clock or chance, but main() hands them in and progress has a steady clock") {
  for (const Source& source : sources({"auditor", "rules"}, {".h", ".cpp"})) {
    const std::string code = code_of(source.text).code;
    INFO(source.path);
    for (const char* word : {"system_clock", "high_resolution_clock", "gettimeofday", "localtime", "gmtime",
                             "mktime", "random_device", "mt19937", "srand", "rand("}) {
      INFO(word);
      CHECK_FALSE(says(code, word));
    }
    for (const char* word : {"clock_gettime", "getentropy", "getrandom", "RAND_bytes"}) {
      INFO(word);
      if (source.path != "auditor/cli/main.cpp") CHECK_FALSE(says(code, word));
    }
    CHECK_FALSE((says(code, "time(") && !says(code, "_time(")));
    if (!is_cli(source)) CHECK_FALSE(says(code, "steady_clock"));
  }
}

TEST_CASE("no test reads a clock, waits, or draws chance that is not seeded") {
  for (const Source& source : sources({"tests"}, {".h", ".cpp"})) {
    const std::string code = code_of(source.text).code;
    INFO(source.path);
    for (const char* word :
         {"chrono", "sleep", "sleep_for", "usleep", "random_device", "srand", "gettimeofday"}) {
      INFO(word);
      CHECK_FALSE(says(code, word));
    }
  }
}

TEST_CASE("only the adapters of yaml-cpp and libpqxx and the command line know exceptions") {
  const std::set<std::string> adapters = {"auditor/base/yaml.cpp", "auditor/base/yaml_builder.cpp",
                                          "auditor/base/yaml_builder.h", "auditor/store/postgres_store.cpp",
                                          "auditor/cli/command.cpp"};
  for (const Source& source : sources({"auditor", "rules"}, {".h", ".cpp"})) {
    if (adapters.count(source.path) != 0) continue;
    const std::string code = code_of(source.text).code;
    INFO(source.path);
    for (const char* word : {"try", "catch", "throw"}) {
      INFO(word);
      CHECK_FALSE(says(code, word));
    }
  }
}

TEST_CASE("only the edge touches files, streams, the environment and threads") {
  // What a pure layer may not do, and the files that may.
  const std::map<std::string, std::set<std::string>> doors = {
      {"getenv", {"auditor/base/files.cpp", "auditor/cli/main.cpp"}},
      {"ifstream", {}},
      {"ofstream",
       {"auditor/cli/output.cpp", "auditor/cli/output.h", "auditor/cli/result_cache.cpp",
        "rules/pack_rules.cpp"}},
      {"fopen", {}},
      {"std::cout", {"auditor/cli/main.cpp"}},
      {"std::cerr", {"auditor/cli/main.cpp"}},
      {"fprintf", {"rules/pack_rules.cpp"}},
      {"std::thread", {"auditor/cli/check_run.cpp", "auditor/cli/parallel.cpp"}},
      {"system(", {}},
      {"dlopen", {"auditor/crypto/token_signer.cpp"}},
      {"popen", {}},
      {"exit(", {}},
  };
  for (const Source& source : sources({"auditor", "rules"}, {".h", ".cpp"})) {
    const std::string code = code_of(source.text).code;
    for (const auto& [word, files] : doors) {
      INFO(source.path << " says " << word);
      if (files.count(source.path) == 0) CHECK_FALSE(says(code, word));
    }
  }
}

TEST_CASE("no source names an absolute path") {
  for (const Source& source : sources({"auditor", "rules", "benchmarks"}, {".h", ".cpp"})) {
    INFO(source.path);
    for (const std::string& text : code_of(source.text).strings) {
      for (const char* root :
           {"/home/", "/usr/", "/tmp/", "/var/", "/opt/", "/etc/", "/root/", "/mnt/", "/srv/"}) {
        INFO(text);
        CHECK(text.compare(0, std::string_view(root).size(), root) != 0);
      }
    }
  }
}

TEST_CASE("the root holds what has to stand there and nothing else") {
  const std::set<std::string> allowed = {
      "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "LICENSE",
      "CMakeLists.txt", "CMakePresets.json", ".clang-format", ".clang-tidy", ".editorconfig", ".gitignore",
      ".pre-commit-hooks.yaml", "action.yml",
      // folders
      "auditor", "rules", "policies", "tests", "examples", "benchmarks", "docs", "cmake", "tools", "service",
      ".ci", ".github", ".git", "build"};
  for (const auto& entry : fs::directory_iterator(source_root())) {
    INFO(entry.path().filename().string());
    CHECK(allowed.count(entry.path().filename().string()) == 1);
  }
  for (const char* needed :
       {"LICENSE", "CMakeLists.txt", "CMakePresets.json", "auditor", "rules", "policies", "tests"}) {
    INFO(needed);
    CHECK(fs::exists(source_root() / needed));
  }
}

TEST_CASE("a rule folder has its page, its cases and one way to detect, and nothing else") {
  std::size_t rules = 0;
  for (const auto& family : fs::directory_iterator(source_root() / "rules")) {
    if (!family.is_directory() || family.path().filename() == "hub" || family.path().filename() == "tables")
      continue;
    for (const auto& folder : fs::directory_iterator(family.path())) {
      INFO(folder.path().lexically_relative(source_root()).generic_string());
      REQUIRE(folder.is_directory());
      ++rules;
      std::set<std::string> files;
      for (const auto& entry : fs::directory_iterator(folder.path()))
        files.insert(entry.path().filename().string());
      CHECK(files.count("rule.md") == 1);
      CHECK(files.count("cases.yaml") == 1);
      const bool native = files.count("rule.cpp") == 1;
      const bool detect = files.count("detect.yaml") == 1;
      CHECK((native || detect));
      CHECK(files.size() == 2U + (native ? 1U : 0U) + (detect ? 1U : 0U));
      if (native && detect) {  // the phrases that rule.cpp asks about, and no second way to detect
        const std::string text = read(folder.path() / "detect.yaml");
        CHECK(text.find("\nphrases:\n") != std::string::npos);
        for (const char* key : {"\nclues:", "\nfields:", "\nheadings:", "\nfinding:"})
          CHECK(text.find(key) == std::string::npos);
        const std::string code = read(folder.path() / "rule.cpp");
        for (std::size_t at = text.find("\n  "); at != std::string::npos; at = text.find("\n  ", at + 1)) {
          const std::string name = text.substr(at + 3, text.find(':', at) - at - 3);
          if (name.empty() || name[0] == ' ' || name == "conversion") continue;
          INFO("phrases nobody asks about: " << name);
          CHECK(code.find('"' + name + '"') != std::string::npos);
        }
      }
      const std::string name = folder.path().filename().string();
      CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos);
    }
  }
  CHECK(rules > 50);
}

TEST_CASE("a unit test stands where its source stands") {
  for (const Source& source : sources({"tests/unit"}, {"_test.cpp"})) {
    INFO(source.path);
    CHECK(fs::exists(source_root() / "auditor" / fs::path(source.path).parent_path().filename()));
  }
}
