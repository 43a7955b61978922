// SPDX-License-Identifier: Apache-2.0
#include "repository/snapshot.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "support/git.h"

using namespace cardwarden;
using cardwarden::testing::GitRepository;

namespace {

const std::string kOid(64, 'a');

Snapshot snapshot_of(const GitRepository& made, const SnapshotLimits& limits = {}) {
  auto repository = Repository::open(made.path());
  REQUIRE(repository);
  auto snapshot = read_snapshot(*repository, repository->resolve("HEAD").value(), limits);
  REQUIRE(snapshot);
  return std::move(*snapshot);
}

bool notes_say(const Snapshot& snapshot, std::string_view words) {
  return std::any_of(snapshot.notes.begin(), snapshot.notes.end(),
                     [words](const Note& note) { return note.message.find(words) != std::string::npos; });
}

}  // namespace

TEST_CASE("snapshot: files come with path, mode, size and blob, sorted by path") {
  GitRepository made;
  made.write("README.md", "---\nlicense: mit\n---\n# Card\n");
  made.write("a/b/c.txt", "12345");
  made.write("a.txt", "");
  made.write("run.sh", "#!/bin/sh\n");
  made.git({"add", "-A"});
  made.git({"update-index", "--chmod=+x", "run.sh"});
  std::filesystem::create_symlink("../outside", made.path() + "/link");
  made.git({"config", "core.fileMode", "false"});
  const std::string commit = made.commit("one");
  const Snapshot snapshot = snapshot_of(made);
  CHECK(snapshot.commit_id.hex() == commit);
  CHECK(snapshot.commit.author.name == "Ada Author");
  std::vector<std::string> paths;
  for (const SnapshotFile& file : snapshot.files) paths.push_back(file.path);
  CHECK(paths == std::vector<std::string>{"README.md", "a.txt", "a/b/c.txt", "link", "run.sh"});
  REQUIRE(snapshot.find("a/b/c.txt") != nullptr);
  CHECK(snapshot.find("a/b/c.txt")->size == 5);
  CHECK(snapshot.find("a/b/c.txt")->name() == "c.txt");
  CHECK(snapshot.find("a/b/c.txt")->folder() == "a/b");
  CHECK(snapshot.find("link")->kind == EntryKind::symlink);
  CHECK(snapshot.find("run.sh")->kind == EntryKind::executable);
  CHECK(snapshot.find("a.txt")->blob.hex() == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
  CHECK(snapshot.find("b.txt") == nullptr);
  REQUIRE(snapshot.card);
  CHECK(snapshot.card->bytes == "---\nlicense: mit\n---\n# Card\n");
  CHECK_FALSE(snapshot.truncated);
  CHECK(snapshot.notes.empty());
}

TEST_CASE("snapshot: an older commit gives the files of that commit") {
  GitRepository made;
  made.write("README.md", "old\n");
  const std::string old = made.commit("one");
  made.write("README.md", "new\n");
  made.write("more.txt", "x");
  made.commit("two");
  auto repository = Repository::open(made.path());
  REQUIRE(repository);
  const auto snapshot = read_snapshot(*repository, *ObjectId::from_hex(old));
  REQUIRE(snapshot);
  CHECK(snapshot->files.size() == 1);
  CHECK(snapshot->card->bytes == "old\n");
}

TEST_CASE("snapshot: pointers are told from files, and links to pointers are none") {
  GitRepository made;
  made.write(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n");
  made.write("sub/.gitattributes", "*.dat filter=lfs\n");
  made.git({"config", "filter.lfs.clean", "cat"});
  made.write("a.bin", testing::lfs_pointer(kOid, 4096));
  made.write("plain.safetensors", "not a pointer");
  std::filesystem::create_symlink(testing::lfs_pointer(kOid, 1), made.path() + "/link.bin");
  made.commit("one");
  const Snapshot snapshot = snapshot_of(made);
  REQUIRE(snapshot.find("a.bin")->lfs);
  CHECK(snapshot.find("a.bin")->lfs->oid == kOid);
  CHECK(snapshot.find("a.bin")->content_size() == 4096);
  CHECK_FALSE(snapshot.find("plain.safetensors")->lfs);
  CHECK_FALSE(snapshot.find("link.bin")->lfs);
  REQUIRE(snapshot.lfs_patterns.size() == 2);
  CHECK(snapshot.lfs_patterns[1].file == "sub/.gitattributes");
  CHECK(lfs_tracks(snapshot.lfs_patterns, "sub/x.dat"));
  CHECK_FALSE(lfs_tracks(snapshot.lfs_patterns, "x.dat"));
}

TEST_CASE("snapshot: known files are read, wherever they stand") {
  GitRepository made;
  made.write("LICENSE",
             "Permission is hereby granted, free of charge, to any person obtaining a copy of this software. "
             "This permission notice shall be included in all copies. The software is provided \"as is\", "
             "without warranty of any kind.");
  made.write("LICENSE-DATA.md", "Released under CC BY 4.0.");
  made.write("license.py", "print('no licence')");
  made.write("config.json", "{\"model_type\": \"bert\"}");
  made.write("unet/config.json", "{\"_class_name\": \"UNet\"}");
  made.write("generation_config.json", "{\"top_p\": 0.9}");
  made.write("tokenizer_config.json", "{}");
  made.write("adapter_config.json", "{\"peft_type\": \"LORA\"}");
  made.write("model.safetensors.index.json", "{\"weight_map\": {\"a\": \"b.safetensors\"}}");
  made.write("all_results.json", "{\"eval_loss\": 1.5}");
  made.write(".eval_results/x.yaml", "- dataset: {id: a}\n  value: 1\n");
  made.write("CITATION.cff", "title: T\n");
  made.write("model.sig", "{\"mediaType\": \"x\"}");
  made.write("detached.sig", "-----BEGIN PGP SIGNATURE-----");
  made.commit("one");
  const Snapshot snapshot = snapshot_of(made);
  CHECK(snapshot.notes.empty());
  REQUIRE(snapshot.licenses.size() == 2);
  CHECK(snapshot.licenses[0].path == "LICENSE");
  CHECK(snapshot.licenses[0].reading.matches.at(0).id == "mit");
  CHECK(snapshot.licenses[1].reading.matches.at(0).id == "cc-by-4.0");
  CHECK(snapshot.configs.size() == 2);
  CHECK(snapshot.generation_configs.size() == 1);
  CHECK(snapshot.tokenizer_configs.size() == 1);
  CHECK(snapshot.adapter_configs.at(0).peft_type->value == "LORA");
  CHECK(snapshot.shard_indexes.size() == 1);
  CHECK(snapshot.results.at(0).fact.value == 1.5);
  CHECK(snapshot.eval_results.size() == 1);
  CHECK(snapshot.citations.size() == 1);
  REQUIRE(snapshot.signatures.size() == 1);
  CHECK(snapshot.signatures[0].path == "model.sig");
}

TEST_CASE("snapshot: a known file that cannot be read is a note with its place") {
  GitRepository made;
  made.write("config.json", "{\n \"a\": tru\n}");
  made.write("adapter_config.json", testing::lfs_pointer(kOid, 4096));
  made.write("generation_config.json", "{\"a\": \"" + std::string(200, 'x') + "\"}");
  made.commit("one");
  SnapshotLimits limits;
  limits.text_bytes = 100;
  const Snapshot snapshot = snapshot_of(made, limits);
  CHECK(snapshot.configs.empty());
  CHECK(notes_say(snapshot, "config.json:2:7"));
  CHECK(notes_say(snapshot, "kept in LFS"));
  CHECK(notes_say(snapshot, "the bound is 100"));
}

TEST_CASE("snapshot: each bound stops the listing and names itself") {
  GitRepository made;
  for (int i = 0; i < 10; ++i) made.write("d" + std::to_string(i) + "/e/f.txt", "x");
  made.commit("one");
  struct Case {
    const char* name;
    SnapshotLimits limits;
  };
  std::vector<Case> cases(4);
  cases[0] = {"SnapshotLimits::files", {}};
  cases[0].limits.files = 3;
  cases[1] = {"SnapshotLimits::trees", {}};
  cases[1].limits.trees = 3;
  cases[2] = {"SnapshotLimits::depth", {}};
  cases[2].limits.depth = 2;
  cases[3] = {"SnapshotLimits::all_tree_bytes", {}};
  cases[3].limits.all_tree_bytes = 100;
  for (const Case& one : cases) {
    INFO(one.name);
    const Snapshot snapshot = snapshot_of(made, one.limits);
    CHECK(snapshot.truncated);
    CHECK(notes_say(snapshot, one.name));
    CHECK(snapshot.files.size() <= 3);
  }
}

TEST_CASE("snapshot: submodules, odd modes and names that git would not check out are facts") {
  GitRepository made;
  made.commit("empty");
  const std::string blob = made.git({"hash-object", "-w", "--stdin"}, "x");
  const std::string tree = made.git({"mktree", "--missing"}, "100644 blob " + blob + "\t..\n160000 commit " +
                                                                 std::string(40, '1') + "\tsub\n");
  made.git({"update-ref", "HEAD", made.git({"commit-tree", tree, "-m", "odd"})});
  const Snapshot snapshot = snapshot_of(made);
  REQUIRE(snapshot.files.size() == 2);
  CHECK(snapshot.files[0].path == "..");
  CHECK(snapshot.files[1].kind == EntryKind::submodule);
  CHECK(snapshot.files[1].blob.hex() == std::string(40, '1'));
  CHECK_FALSE(snapshot.files[1].missing);
}

TEST_CASE("snapshot: folders that double at every level end at a bound, not in memory") {
  GitRepository made;
  made.commit("empty");
  const std::string blob = made.git({"hash-object", "-w", "--stdin"}, "x");
  std::string tree = made.git({"mktree"}, "100644 blob " + blob + "\ta\n");
  for (int level = 0; level < 40; ++level) {
    const std::string entry = "040000 tree " + tree;
    tree = made.git({"mktree"}, std::string(entry).append("\tl\n").append(entry).append("\tr\n"));
  }
  made.git({"update-ref", "HEAD", made.git({"commit-tree", tree, "-m", "bomb"})});
  SnapshotLimits limits;
  limits.trees = 2000;
  const Snapshot snapshot = snapshot_of(made, limits);
  CHECK(snapshot.truncated);
  CHECK(notes_say(snapshot, "SnapshotLimits::trees"));
}

TEST_CASE("snapshot: what a partial clone lacks is said, and the rest is read") {
  GitRepository made;
  made.write("README.md", "card\n");
  made.commit("one");
  made.git({"config", "uploadpack.allowFilter", "true"});
  const std::string target = made.scratch() / "partial";
  made.git({"clone", "-q", "--filter=blob:none", "--no-checkout", "file://" + made.path(), target});
  auto repository = Repository::open(target);
  REQUIRE(repository);
  const auto snapshot = read_snapshot(*repository, repository->resolve("HEAD").value());
  REQUIRE(snapshot);
  REQUIRE(snapshot->files.size() == 1);
  CHECK(snapshot->files[0].missing);
  CHECK_FALSE(snapshot->card);
  CHECK(notes_say(*snapshot, "partial"));
}

TEST_CASE("snapshot: a tree that is missing leaves its folder empty with a note") {
  GitRepository made;
  made.write("a/b.txt", "x");
  made.write("c.txt", "x");
  made.commit("one");
  const std::string tree = made.git({"rev-parse", "HEAD:a"});
  std::filesystem::remove(made.path() + "/.git/objects/" + tree.substr(0, 2) + "/" + tree.substr(2));
  const Snapshot snapshot = snapshot_of(made);
  CHECK(snapshot.files.size() == 1);
  CHECK(notes_say(snapshot, "cannot be read"));
}

TEST_CASE("snapshot: a commit that is none is an error") {
  GitRepository made;
  made.write("a", "x");
  made.commit("one");
  auto repository = Repository::open(made.path());
  REQUIRE(repository);
  CHECK_FALSE(read_snapshot(*repository, *ObjectId::from_hex(made.git({"rev-parse", "HEAD:a"}))));
  CHECK_FALSE(read_snapshot(*repository, *ObjectId::from_hex(std::string(40, '1'))));
}
