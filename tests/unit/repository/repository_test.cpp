// SPDX-License-Identifier: Apache-2.0
#include "repository/repository.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "support/git.h"

using namespace cardwarden;
using cardwarden::testing::GitRepository;
using cardwarden::testing::write_file;
namespace fs = std::filesystem;

namespace {

std::string blob_id(GitRepository& made, const std::string& path) {
  return made.git({"rev-parse", "HEAD:" + path});
}

}  // namespace

TEST_CASE("repository: a working tree, a path inside it and its git folder open the same repository") {
  GitRepository made;
  made.write("folder/a.txt", "a\n");
  const std::string commit = made.commit("one");
  for (const std::string& path :
       std::vector<std::string>{made.path(), made.path() + "/folder", made.path() + "/.git"}) {
    INFO(path);
    auto repository = Repository::open(path);
    REQUIRE(repository);
    CHECK(repository->resolve("HEAD").value().hex() == commit);
    CHECK_FALSE(repository->is_bare());
    CHECK_FALSE(repository->is_shallow());
    CHECK_FALSE(repository->is_partial());
    CHECK_FALSE(repository->has_alternates());
    CHECK(repository->git_folder() == made.path() + "/.git/");
    CHECK(repository->work_folder() == made.path() + "/");
  }
}

TEST_CASE("repository: bare, shallow, shared and filtered clones say what they are") {
  GitRepository made;
  made.write("a.txt", "a\n");
  made.commit("one");
  made.write("a.txt", "b\n");
  const std::string tip = made.commit("two");
  made.git({"config", "uploadpack.allowFilter", "true"});
  const std::string url = "file://" + made.path();
  const auto clone = [&](std::vector<std::string> words, const char* name) {
    words.insert(words.begin(), {"clone", "-q"});
    words.push_back(made.scratch() / name);
    made.git(words);
    auto repository = Repository::open(made.scratch() / name);
    REQUIRE(repository);
    return std::move(*repository);
  };
  CHECK(clone({"--bare", url}, "bare").is_bare());
  CHECK(clone({"--shared", made.path()}, "shared").has_alternates());
  const Repository shallow = clone({"--depth", "1", url}, "shallow");
  CHECK(shallow.is_shallow());
  REQUIRE(shallow.shallow_commits().size() == 1);
  CHECK(shallow.shallow_commits()[0].hex() == tip);
  const Repository partial = clone({"--filter=blob:none", "--no-checkout", url}, "partial");
  CHECK(partial.is_partial());
  const auto missing = partial.read_blob(*ObjectId::from_hex(blob_id(made, "a.txt")), 100);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == ErrorCode::not_found);
}

TEST_CASE("repository: a folder without a repository is named as such") {
  const testing::Scratch scratch;
  const auto repository = Repository::open(scratch.path());
  REQUIRE_FALSE(repository);
  CHECK(repository.error().code == ErrorCode::not_found);
  CHECK(repository.error().where == scratch.path());
}

TEST_CASE("repository: revisions are peeled to commits, and searches are refused") {
  GitRepository made;
  made.write("a.txt", "a\n");
  const std::string one = made.commit("one");
  made.git({"tag", "light"});
  made.git({"tag", "-a", "-m", "heavy", "heavy"});
  const std::string two = made.commit("two");
  auto repository = Repository::open(made.path());
  REQUIRE(repository);
  for (const std::string& revision :
       std::vector<std::string>{"light", "heavy", "HEAD~1", "main^", one, one.substr(0, 10)}) {
    INFO(revision);
    REQUIRE(repository->resolve(revision));
    CHECK(repository->resolve(revision)->hex() == one);
  }
  CHECK(repository->resolve("main")->hex() == two);
  for (const std::string& revision :
       std::vector<std::string>{"", ":/one", "HEAD^{/one}", "main@{yesterday}", "HEAD:a.txt"}) {
    INFO(revision);
    REQUIRE_FALSE(repository->resolve(revision));
    CHECK(repository->resolve(revision).error().code == ErrorCode::usage);
  }
  CHECK(repository->resolve(std::string(kMaxRevisionBytes + 1, 'a')).error().code == ErrorCode::usage);
  CHECK(repository->resolve("nowhere").error().code == ErrorCode::not_found);
  CHECK(repository->resolve(blob_id(made, "a.txt")).error().code == ErrorCode::usage);
}

TEST_CASE("repository: an empty repository opens and has no commit") {
  GitRepository made;
  auto repository = Repository::open(made.path());
  REQUIRE(repository);
  const auto head = repository->resolve("HEAD");
  REQUIRE_FALSE(head);
  CHECK(head.error().code == ErrorCode::not_found);
  CHECK(repository->references("refs/")->empty());
}

TEST_CASE("repository: a blob is read up to the bound, with its own bytes") {
  GitRepository made;
  const std::string bytes = std::string("\0\xff\r\n", 4) + std::string(5000, 'x');
  made.write("a.bin", bytes);
  made.commit("one");
  auto repository = Repository::open(made.path());
  REQUIRE(repository);
  const ObjectId id = *ObjectId::from_hex(blob_id(made, "a.bin"));
  CHECK(repository->read_blob(id, bytes.size()).value() == bytes);
  CHECK(repository->header(id)->size == bytes.size());
  const auto refused = repository->read_blob(id, bytes.size() - 1);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::too_large);
  CHECK(refused.error().message.find("5003") != std::string::npos);
  CHECK(repository->read_as(ObjectType::tree, id, 10'000).error().code == ErrorCode::format);
  CHECK(repository->contains(id));
  CHECK_FALSE(repository->contains(*ObjectId::from_hex(std::string(40, '1'))));
}

TEST_CASE("repository: an object whose bytes were exchanged is found out") {
  GitRepository made;
  made.write("a.txt", "honest\n");
  made.write("b.txt", "forged\n");
  made.commit("one");
  const std::string a = blob_id(made, "a.txt");
  const std::string b = blob_id(made, "b.txt");
  const auto loose = [&](const std::string& id) {
    return made.path() + "/.git/objects/" + id.substr(0, 2) + "/" + id.substr(2);
  };
  fs::remove(loose(a));
  fs::copy_file(loose(b), loose(a));
  auto repository = Repository::open(made.path());
  REQUIRE(repository);
  const auto read = repository->read_blob(*ObjectId::from_hex(a), 100);
  REQUIRE_FALSE(read);
  CHECK(read.error().code == ErrorCode::format);
  CHECK(read.error().message.find("damaged") != std::string::npos);
  CHECK(repository->read_as(ObjectType::blob, *ObjectId::from_hex(a), 100, Verify::no).value() == "forged\n");
}

TEST_CASE("repository: damaged files of the store are errors") {
  GitRepository made;
  made.write("a.txt", "text\n");
  made.commit("one");
  const std::string id = blob_id(made, "a.txt");
  const std::string loose = made.path() + "/.git/objects/" + id.substr(0, 2) + "/" + id.substr(2);
  for (const std::string& damage : std::vector<std::string>{"", "x", "\x78\x9c", "\x78\x9c\x4b\xca"}) {
    fs::remove(loose);
    write_file(loose, damage);
    auto repository = Repository::open(made.path());
    REQUIRE(repository);
    CHECK_FALSE(repository->read_blob(*ObjectId::from_hex(id), 100));
  }
}

TEST_CASE("repository: a repository with SHA-256 ids is refused with a reason") {
  const testing::Scratch scratch;
  REQUIRE(testing::run_program({"git", "init", "-q", "--object-format=sha256", "r"}, scratch.path()).code ==
          0);
  const auto repository = Repository::open(scratch / "r");
  REQUIRE_FALSE(repository);
  CHECK(repository.error().message.find("objectformat") != std::string::npos);
}

TEST_CASE("repository: replace references change nothing") {
  GitRepository made;
  made.write("a.txt", "real\n");
  made.commit("one");
  const std::string id = blob_id(made, "a.txt");
  const std::string other = made.git({"hash-object", "-w", "--stdin"}, "other\n");
  made.git({"replace", id, other});
  auto repository = Repository::open(made.path());
  REQUIRE(repository);
  CHECK(repository->read_blob(*ObjectId::from_hex(id), 100).value() == "real\n");
}

TEST_CASE("repository: references below a prefix come sorted") {
  GitRepository made;
  made.commit("one");
  made.git({"tag", "v2"});
  made.git({"tag", "v1"});
  made.git({"branch", "side"});
  auto repository = Repository::open(made.path());
  REQUIRE(repository);
  const auto tags = repository->references("refs/tags/");
  REQUIRE(tags);
  REQUIRE(tags->size() == 2);
  CHECK((*tags)[0].name == "refs/tags/v1");
  CHECK((*tags)[1].name == "refs/tags/v2");
  CHECK(repository->references("refs/heads/")->size() == 2);
}
