// SPDX-License-Identifier: Apache-2.0
#include "policy/glob.h"

#include <catch2/catch.hpp>

using namespace cardwarden;

TEST_CASE("glob: a star stays within one name and two stars cross slashes") {
  CHECK(glob_matches("metadata/*", "metadata/language-invalid"));
  CHECK_FALSE(glob_matches("metadata/*", "metadata/a/b"));
  CHECK_FALSE(glob_matches("*", "metadata/a"));
  CHECK(glob_matches("*/*", "metadata/a"));
  CHECK(glob_matches("**", "metadata/a/b"));
  CHECK(glob_matches("a/**/z", "a/z"));
  CHECK(glob_matches("a/**/z", "a/b/c/z"));
  CHECK_FALSE(glob_matches("a/**/z", "a/bz"));
  CHECK(glob_matches("**/README.md", "README.md"));
  CHECK(glob_matches("**/README.md", "x/y/README.md"));
  CHECK_FALSE(glob_matches("**/README.md", "x/MYREADME.md"));
}

TEST_CASE("glob: question marks and sets are one character and never a slash") {
  CHECK(glob_matches("model-?", "model-a"));
  CHECK_FALSE(glob_matches("model-?", "model-"));
  CHECK_FALSE(glob_matches("a?b", "a/b"));
  CHECK(glob_matches("v[0-9].md", "v7.md"));
  CHECK_FALSE(glob_matches("v[!0-9].md", "v7.md"));
  CHECK_FALSE(glob_matches("a[!b]c", "a/c"));
  CHECK(glob_matches("a[]]c", "a]c"));
  CHECK(glob_matches("a[c", "a[c"));
}

TEST_CASE("glob: a pattern without wildcards matches itself only") {
  CHECK(glob_matches("model-card/license", "model-card/license"));
  CHECK_FALSE(glob_matches("model-card/license", "model-card/license-x"));
  CHECK_FALSE(glob_matches("", "a"));
  CHECK(glob_matches("", ""));
}

TEST_CASE("glob: a pattern made to make backtracking explode is answered at once") {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "*a";
  CHECK_FALSE(glob_matches(pattern, std::string(2000, 'a') + "b"));
  CHECK(glob_matches("**/" + pattern, std::string(2000, 'a')));
}

TEST_CASE("paths: a name alone matches anywhere, a folder matches all beneath it") {
  CHECK(path_matches("drafts", "drafts"));
  CHECK(path_matches("drafts", "models/drafts/README.md"));
  CHECK(path_matches("*.md", "a/b/README.md"));
  CHECK(path_matches("models/old", "models/old/a/README.md"));
  CHECK(path_matches("models/old/", "models/old/README.md"));
  CHECK(path_matches("models/**", "models/a/README.md"));
  CHECK_FALSE(path_matches("models/old", "x/models/old/README.md"));
  CHECK(path_matches("/README.md", "README.md"));
  CHECK_FALSE(path_matches("/README.md", "a/README.md"));
  CHECK(path_matches("./models/old", "models/old/README.md"));
  CHECK_FALSE(path_matches("/", "README.md"));
  CHECK_FALSE(path_matches("", "README.md"));
}

TEST_CASE("paths: the same file has one spelling") {
  CHECK(normal_path("./models/a.md") == "models/a.md");
  CHECK(normal_path("models\\a.md") == "models/a.md");
  CHECK(normal_path("models//x/../a.md") == "models/a.md");
  CHECK(normal_path("../a.md") == "../a.md");
  CHECK(normal_path("/../a.md") == "/a.md");
  CHECK(normal_path("/a/./b") == "/a/b");
  CHECK(normal_path("") == ".");
}
