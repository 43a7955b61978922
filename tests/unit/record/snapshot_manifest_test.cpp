// SPDX-License-Identifier: Apache-2.0
#include "record/snapshot_manifest.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "support/git.h"

namespace cardwarden {
namespace {

using testing::GitRepository;
using testing::lfs_pointer;

Result<std::vector<ManifestEntry>> manifest_of(const GitRepository& made, const std::string& commit) {
  const auto repository = Repository::open(made.path());
  REQUIRE(repository);
  const auto id = repository->resolve(commit);
  REQUIRE(id);
  const auto snapshot = read_snapshot(*repository, *id);
  REQUIRE(snapshot);
  return snapshot_manifest(*repository, *snapshot);
}

}  // namespace

TEST_CASE("manifest: files by their bytes, LFS files by their oid, submodules by their commit") {
  GitRepository inner;
  inner.write("a", "a");
  const std::string commit = inner.commit("inner");
  GitRepository made;
  made.write("b/model.safetensors", lfs_pointer(std::string(64, 'c'), 7));
  made.write("a.txt", "words\n");
  std::filesystem::create_directory(made.path() + "/inner");  // else git takes the submodule out again
  made.git({"update-index", "--add", "--cacheinfo", "160000," + commit + ",inner"});
  const auto entries = manifest_of(made, made.commit("all"));
  REQUIRE(entries);
  const auto text = manifest_text(*entries);
  REQUIRE(text);
  CHECK(*text == hex(sha256("words\n")) + "  a.txt\n" + std::string(64, 'c') + "  b/model.safetensors\n" +
                     hex(sha256(commit + "\n")) + "  inner\n");
  const auto again = parse_manifest(*text);
  REQUIRE(again);
  CHECK(manifest_text(*again).value() == *text);
}

TEST_CASE("manifest: what is not whole has no digest") {
  GitRepository made;
  made.write("a.txt", "words\n");
  const std::string commit = made.commit("one");
  const auto repository = Repository::open(made.path());
  REQUIRE(repository);
  auto snapshot = read_snapshot(*repository, repository->resolve(commit).value());
  REQUIRE(snapshot);
  snapshot->truncated = true;
  CHECK(snapshot_manifest(*repository, *snapshot).error().code == ErrorCode::too_large);
  snapshot->truncated = false;
  snapshot->files[0].size = kMaxManifestBytes + 1;
  CHECK(snapshot_manifest(*repository, *snapshot).error().code == ErrorCode::too_large);
  snapshot->files[0].size = 6;
  snapshot->files[0].blob = *ObjectId::from_hex(std::string(40, '1'));
  CHECK(snapshot_manifest(*repository, *snapshot).error().code == ErrorCode::not_found);
}

TEST_CASE("manifest: a reader takes only what a writer writes") {
  const std::string a = std::string(64, 'a') + "  a\n";
  const std::string b = std::string(64, 'b') + "  b\n";
  CHECK(parse_manifest("")->empty());
  CHECK(parse_manifest(a + b)->size() == 2);
  for (const std::string& wrong :
       {b + a, a + a, a.substr(0, a.size() - 1), std::string("x\n"), std::string(64, 'a') + " a\n",
        std::string(64, 'a') + "  \n", std::string(64, 'A') + "  a\n", "\n" + a}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_manifest(wrong));
  }
}

}  // namespace cardwarden
