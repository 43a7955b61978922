// SPDX-License-Identifier: Apache-2.0
// Who may include whom. The table here is the architecture; a change of it is a decision.
#include <map>
#include <set>

#include "architecture/source_tree.h"

namespace {

using namespace cardwarden::testing;

// What each layer may include, besides itself. The way of a card, and beside it the way of a signed record.
const std::map<std::string, std::set<std::string>> kLayers = {
    {"base", {}},
    {"crypto", {"base"}},
    {"log", {"base", "crypto"}},
    {"verify", {"base", "crypto", "log"}},
    {"store", {"base", "crypto", "log"}},
    {"card", {"base"}},
    {"repository", {"base", "crypto", "card"}},
    {"remote", {"base", "crypto", "card", "repository"}},
    {"evidence", {"base", "crypto", "card", "repository"}},
    {"engine", {"base", "crypto", "card", "repository", "evidence"}},
    {"policy", {"base", "crypto", "card", "repository", "evidence", "engine"}},
    {"report", {"base", "crypto", "card", "repository", "evidence", "engine", "policy"}},
    {"record", {"base", "crypto", "log", "card", "repository", "evidence", "engine", "policy"}},
    {"cli",
     {"base", "crypto", "log", "verify", "store", "card", "repository", "remote", "evidence", "engine",
      "policy", "report", "record"}},
};

bool may_include(const std::string& layer, const std::string& other) {
  const auto known = kLayers.find(layer);
  return known != kLayers.end() && (layer == other || known->second.count(other) != 0);
}

// What can sign. Whoever verifies includes none of it, not even through another header.
const std::set<std::string> kSigning = {"crypto/private_key.h", "crypto/token_signer.h", "log/note_sign.h"};

// A third party's header, and the files that may see it.
struct ThirdParty {
  std::string prefix;
  std::set<std::string> files;  // a path that ends in a slash is a folder
};
const std::vector<ThirdParty> kThirdParties = {
    {"yaml-cpp/", {"auditor/base/yaml.cpp", "auditor/base/yaml_builder.h"}},
    {"cmark", {"auditor/card/markdown.cpp", "auditor/card/markdown_blocks.cpp"}},
    {"openssl/",
     {"auditor/crypto/hash.cpp", "auditor/crypto/timestamp.cpp", "auditor/crypto/verifying_key.cpp",
      "auditor/crypto/private_key.cpp"}},
    {"p11-kit/", {"auditor/crypto/token_signer.cpp"}},
    {"dlfcn.h", {"auditor/crypto/token_signer.cpp"}},
    {"git2.h",
     {"auditor/repository/git_library.cpp", "auditor/repository/repository.cpp", "auditor/remote/fetch.cpp",
      "auditor/remote/git_streams.cpp"}},
    {"git2/sys/stream.h", {"auditor/remote/git_streams.cpp"}},
    {"zlib.h", {"auditor/repository/zip.cpp"}},
    {"utf8proc", {"auditor/base/text.cpp", "auditor/base/script.cpp"}},
    {"CLI/", {"auditor/cli/"}},
    {"nlohmann/json_fwd.hpp", {"auditor/base/json.h"}},
    {"nlohmann/json.hpp",
     {"auditor/base/json.cpp", "auditor/crypto/strict_json.cpp", "auditor/crypto/dsse.cpp",
      "auditor/policy/policy.cpp", "auditor/policy/baseline.cpp", "auditor/record/statement.cpp",
      "auditor/record/findings.cpp", "auditor/record/events.cpp", "auditor/store/index.cpp",
      "auditor/store/passages.cpp", "auditor/verify/bundle.cpp", "auditor/verify/statement.cpp",
      "auditor/verify/verify.cpp", "auditor/report/card_json.cpp", "auditor/report/gitlab.cpp",
      "auditor/report/sarif.cpp", "auditor/report/timeline_json.cpp", "auditor/report/compare_html.cpp",
      "auditor/cli/"}},
    {"sqlite3.h", {"auditor/store/sqlite_handle.cpp"}},
    {"pqxx/",
     {"auditor/store/postgres_append.cpp", "auditor/store/postgres_search.cpp",
      "auditor/store/postgres_store.cpp"}},
    {"arpa/inet.h", {"auditor/remote/connection.cpp"}},
    {"netdb.h", {"auditor/remote/connection.cpp"}},
    {"netinet/", {"auditor/remote/connection.cpp"}},
    {"sys/socket.h", {"auditor/remote/connection.cpp"}},
    {"poll.h", {"auditor/remote/connection.cpp", "auditor/remote/file_lock.cpp"}},
    {"unistd.h",
     {"auditor/base/files.cpp", "auditor/remote/connection.cpp", "auditor/remote/file_lock.cpp",
      "auditor/cli/"}},
    {"fcntl.h", {"auditor/base/files.cpp", "auditor/remote/file_lock.cpp", "auditor/cli/"}},
    {"sys/", {"auditor/base/files.cpp", "auditor/remote/file_lock.cpp", "auditor/cli/"}},
};

bool stands_in(const std::string& path, const std::set<std::string>& files) {
  return std::any_of(files.begin(), files.end(), [&path](const std::string& file) {
    return file.back() == '/' ? path.compare(0, file.size(), file) == 0 : path == file;
  });
}

}  // namespace

TEST_CASE("a layer includes itself and the layers that the table allows") {
  for (const Source& source : sources({"auditor"}, {".h", ".cpp"})) {
    const std::string layer = source.folder(2).substr(std::string("auditor/").size());
    INFO(source.path);
    REQUIRE(kLayers.count(layer) == 1);
    for (const Include& include : includes(source)) {
      if (!include.quoted) continue;
      const std::string folder = include.name.substr(0, include.name.find('/'));
      INFO("line " << include.line << ": " << include.name);
      if (folder == "rules") {
        CHECK(layer == "cli");
        CHECK(fs::exists(source_root() / include.name));  // a header beside the folders, never a rule
        CHECK(include.name.find('/', folder.size() + 1) == std::string::npos);
        continue;
      }
      CHECK(may_include(layer, folder));
      CHECK(fs::exists(source_root() / "auditor" / include.name));
    }
  }
}

TEST_CASE("the layers form no circle") {
  for (const auto& [layer, seen] : kLayers) {
    for (const std::string& one : seen) {
      INFO(layer << " sees " << one);
      REQUIRE(kLayers.count(one) == 1);
      CHECK_FALSE(may_include(one, layer));
      for (const std::string& further : kLayers.at(one)) CHECK(seen.count(further) == 1);
    }
  }
}

TEST_CASE("what verifies contains nothing that can sign") {
  std::map<std::string, Source> by_name;  // as it is included
  for (Source& source : sources({"auditor"}, {".h", ".cpp"})) {
    by_name[source.path.substr(std::string("auditor/").size())] = source;
  }
  for (const std::string& name : kSigning) CHECK(by_name.count(name) == 1);
  // From the sources of auditor/verify through every header to the source that stands behind it.
  std::vector<std::string> open;
  for (const auto& [name, source] : by_name) {
    if (source.folder(2) == "auditor/verify") open.push_back(name);
  }
  REQUIRE(open.size() > 1);
  std::set<std::string> seen(open.begin(), open.end());
  while (!open.empty()) {
    const std::string name = open.back();
    open.pop_back();
    CAPTURE(name);
    CHECK(kSigning.count(name) == 0);
    std::vector<std::string> next;
    for (const Include& include : includes(by_name.at(name))) {
      if (include.quoted) next.push_back(include.name);
    }
    if (has_extension(name, {".h"})) next.push_back(name.substr(0, name.size() - 1) + "cpp");
    for (const std::string& one : next) {
      if (by_name.count(one) != 0 && seen.insert(one).second) open.push_back(one);
    }
  }
}

TEST_CASE("a rule includes the engine and what lies below, never policies, reports or another rule") {
  for (const Source& source : sources({"rules"}, {".h", ".cpp"})) {
    // What stands beside the families (the registry, the tool that packs the rules) is no rule and sees the
    // registry.
    const bool rule = source.path != source.folder(2);
    INFO(source.path);
    for (const Include& include : includes(source)) {
      if (!include.quoted || (!rule && include.name.compare(0, 6, "rules/") == 0)) continue;
      INFO("line " << include.line << ": " << include.name);
      CHECK(may_include("engine", include.name.substr(0, include.name.find('/'))));
    }
  }
}

TEST_CASE("a third-party library is seen by its own files only") {
  for (const Source& source : sources({"auditor", "rules"}, {".h", ".cpp"})) {
    INFO(source.path);
    for (const Include& include : includes(source)) {
      if (include.quoted) continue;
      INFO("line " << include.line << ": " << include.name);
      const auto party = std::find_if(kThirdParties.begin(), kThirdParties.end(), [&](const ThirdParty& one) {
        return include.name.compare(0, one.prefix.size(), one.prefix) == 0;
      });
      if (party != kThirdParties.end()) {
        CHECK(stands_in(source.path, party->files));
      } else {
        // A header of the standard library has neither a dot nor a slash.
        CHECK(include.name.find_first_of("./") == std::string::npos);
      }
    }
  }
}

TEST_CASE("every file that the table of third parties names is there and needs its line") {
  std::map<std::string, std::set<std::string>> seen;
  for (const Source& source : sources({"auditor"}, {".h", ".cpp"})) {
    for (const Include& include : includes(source)) seen[source.path].insert(include.name);
  }
  for (const ThirdParty& party : kThirdParties) {
    for (const std::string& file : party.files) {
      if (file.back() == '/') continue;
      INFO(file << " and " << party.prefix);
      const auto& names = seen[file];
      CHECK(std::any_of(names.begin(), names.end(), [&party](const std::string& name) {
        return name.compare(0, party.prefix.size(), party.prefix) == 0;
      }));
    }
  }
}

TEST_CASE("the tests and benchmarks include nothing of a build") {
  for (const Source& source : sources({"tests", "benchmarks"}, {".h", ".cpp"})) {
    for (const Include& include : includes(source)) {
      INFO(source.path << " line " << include.line << ": " << include.name);
      CHECK(include.name.find("..") == std::string::npos);
      CHECK(include.name.front() != '/');
    }
  }
}
