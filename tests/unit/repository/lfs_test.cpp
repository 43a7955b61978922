// SPDX-License-Identifier: Apache-2.0
#include "repository/lfs.h"

#include <catch2/catch.hpp>

#include "support/git.h"

using namespace cardwarden;

namespace {

const std::string kOid = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393";

std::string pointer(std::string_view after_version) {
  return "version https://git-lfs.github.com/spec/v1\n" + std::string(after_version);
}

}  // namespace

TEST_CASE("lfs: a pointer gives the digest and the size of its content") {
  const auto read = parse_lfs_pointer(testing::lfs_pointer(kOid, 12345));
  REQUIRE(read);
  CHECK(read->oid == kOid);
  CHECK(read->size == 12345);
  CHECK(read->canonical);
  CHECK_FALSE(read->legacy);
  CHECK(parse_lfs_pointer(testing::lfs_pointer(kOid, 0))->size == 0);
  CHECK(parse_lfs_pointer(testing::lfs_pointer(kOid, INT64_MAX))->size == INT64_MAX);
}

TEST_CASE("lfs: the versions before the first official one are read and said to be old") {
  for (const char* version : {"https://hawser.github.com/spec/v1", "http://git-media.io/v/2"}) {
    const auto read =
        parse_lfs_pointer("version " + std::string(version) + "\noid sha256:" + kOid + "\nsize 7\n");
    REQUIRE(read);
    CHECK(read->legacy);
    CHECK_FALSE(read->canonical);
  }
}

TEST_CASE("lfs: extensions stand between the version and the oid") {
  const auto read = parse_lfs_pointer(pointer("ext-0-foo sha256:" + kOid + "\next-1-bar sha256:" + kOid +
                                              "\noid sha256:" + kOid + "\nsize 7\n"));
  REQUIRE(read);
  CHECK(read->extensions == std::vector<std::string>{"ext-0-foo", "ext-1-bar"});
  CHECK_FALSE(parse_lfs_pointer(pointer("ext-0-foo md5:1\noid sha256:" + kOid + "\nsize 7\n")));
}

TEST_CASE("lfs: what git-lfs reads but does not write is no canonical pointer") {
  for (const std::string& text : std::vector<std::string>{
           pointer("oid sha256:" + kOid + "\nsize 7"), pointer("oid sha256:" + kOid + "\nsize 7\n\n"),
           "version https://git-lfs.github.com/spec/v1\r\noid sha256:" + kOid + "\r\nsize 7\r\n",
           pointer("oid sha256:" + kOid + "\nsize 07\n")}) {
    INFO(text);
    const auto read = parse_lfs_pointer(text);
    REQUIRE(read);
    CHECK_FALSE(read->canonical);
    CHECK(read->size == 7);
  }
}

TEST_CASE("lfs: what is no pointer is not taken for one") {
  std::string upper = kOid;
  upper[0] = 'A';
  for (const std::string& text :
       std::vector<std::string>{"",
                                "version \n",
                                "text",
                                pointer(""),
                                pointer("oid sha256:" + kOid + "\n"),
                                pointer("size 7\n"),
                                pointer("size 7\noid sha256:" + kOid + "\n"),
                                pointer("oid sha256:" + upper + "\nsize 7\n"),
                                pointer("oid sha256:" + kOid + "0\nsize 7\n"),
                                pointer("oid sha1:" + kOid + "\nsize 7\n"),
                                pointer("oid sha256:" + kOid + "\nsize -7\n"),
                                pointer("oid sha256:" + kOid + "\nsize 7x\n"),
                                pointer("oid sha256:" + kOid + "\nsize 9223372036854775808\n"),
                                pointer("oid sha256:" + kOid + "\nsize 7\nsize 7\n"),
                                pointer("oid sha256:" + kOid + "\nsize 7\nzip yes\n"),
                                pointer("oid  sha256:" + kOid + "\nsize 7\n"),
                                pointer("oid sha256:" + kOid + "\nsize 7\n\ntext\n"),
                                "version https://example.org/spec/v1\noid sha256:" + kOid + "\nsize 7\n",
                                " " + testing::lfs_pointer(kOid, 7),
                                testing::lfs_pointer(kOid, 7) + std::string(2000, ' ')}) {
    INFO(text);
    CHECK_FALSE(parse_lfs_pointer(text));
  }
}

TEST_CASE("lfs: patterns are those lines of .gitattributes that speak of the filter") {
  const auto patterns = parse_lfs_patterns(
      "# comment\n*.bin filter=lfs diff=lfs merge=lfs -text\n\n*.md text\n\"with blank*.pt\" filter=lfs\n"
      "[attr]lfs filter=lfs\n small.bin -filter\n",
      ".gitattributes");
  REQUIRE(patterns.size() == 3);
  CHECK(patterns[0].pattern == "*.bin");
  CHECK(patterns[0].line == 2);
  CHECK(patterns[1].pattern == "with blank*.pt");
  CHECK_FALSE(patterns[2].tracks);
  CHECK(lfs_tracks(patterns, "folder/a.bin"));
  CHECK_FALSE(lfs_tracks(patterns, "small.bin"));
  CHECK_FALSE(lfs_tracks(patterns, "a.md"));
}

TEST_CASE("lfs: patterns of a folder hold inside it and come after those above") {
  auto patterns = parse_lfs_patterns("*.bin filter=lfs\n", ".gitattributes");
  const auto inner = parse_lfs_patterns("*.bin !filter\n", "plain/.gitattributes");
  patterns.insert(patterns.end(), inner.begin(), inner.end());
  CHECK(lfs_tracks(patterns, "a.bin"));
  CHECK_FALSE(lfs_tracks(patterns, "plain/a.bin"));
  CHECK(lfs_tracks(patterns, "plainer/a.bin"));
}

TEST_CASE("lfs: patterns match as git matches them") {
  struct Case {
    const char* pattern;
    const char* path;
    bool matches;
  };
  for (const Case& one : {Case{"*.bin", "a/b/c.bin", true},
                          Case{"*.bin", "a.bin.txt", false},
                          Case{"/*.bin", "a.bin", true},
                          Case{"/*.bin", "a/b.bin", false},
                          Case{"a/*.bin", "a/b.bin", true},
                          Case{"a/*.bin", "a/b/c.bin", false},
                          Case{"a/**/c", "a/c", true},
                          Case{"a/**/c", "a/x/y/c", true},
                          Case{"a/**/c", "a/xc", false},
                          Case{"**/c", "c", true},
                          Case{"**/c", "a/b/c", true},
                          Case{"**/c", "bc", false},
                          Case{"a/**", "a/b/c", true},
                          Case{"a/**", "b/a", false},
                          Case{"a?c", "abc", true},
                          Case{"x/a?c", "x/a/c", false},
                          Case{"[a-c]x", "bx", true},
                          Case{"[!a-c]x", "bx", false},
                          Case{"[]]", "]", true},
                          Case{"[a", "[a", false},
                          Case{"\\*", "*", true},
                          Case{"\\*", "a", false},
                          Case{"folder/", "folder", false},
                          Case{"*", "any/thing", true},
                          Case{"saved_model/**/*", "saved_model/a/b", true}}) {
    INFO(one.pattern << " and " << one.path);
    CHECK(matches_git_pattern(one.pattern, one.path) == one.matches);
  }
}

TEST_CASE("lfs: a pattern of many stars costs no more than its length times the path's") {
  std::string pattern;
  for (int i = 0; i < 120; ++i) pattern += "*a";
  CHECK_FALSE(matches_git_pattern(pattern, std::string(4000, 'a') + "b"));
}
