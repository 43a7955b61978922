// SPDX-License-Identifier: Apache-2.0
// Which files of a commit are looked through for secrets, and what is said of the others.
#include "engine/secret_files.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "repository/memory.h"

namespace cardwarden::test {
namespace {

// In two parts, so that no scanner takes this file for a leak.
const std::string kToken = std::string("hf") + "_CJXDCGLmlZGEONYlgCtjfIZSOcMzCPVNPk";

SecretFiles searched(const MemoryRepository& files, const SecretLimits& limits = {}) {
  const Snapshot snapshot = files.snapshot();
  return search_secrets(files.blobs(), plan_secret_search(snapshot, limits), limits);
}

std::vector<std::string> places(const SecretFiles& found) {
  std::vector<std::string> out;
  for (const FileSecret& one : found.secrets) out.push_back(one.path + ":" + std::to_string(one.line));
  return out;
}

}  // namespace

TEST_CASE("secret files: text is read, wherever it lies, and each secret has its line") {
  MemoryRepository files;
  files.add("a/run.py", "x\ny\n" + kToken + "\n" + kToken + "\n");
  files.add(".env", kToken);
  files.add("Dockerfile", "\r\n" + kToken);
  const SecretFiles found = searched(files);
  CHECK(places(found) == std::vector<std::string>{".env:1", "Dockerfile:2", "a/run.py:3", "a/run.py:4"});
  CHECK(found.unread.empty());
  for (const FileSecret& one : found.secrets) {
    CHECK(one.words == kToken);
    CHECK(one.shown == "hf_C…");
  }
}

TEST_CASE(
    "secret files: the card, vocabularies, tests, bytes and LFS are not read, and nothing is said of them") {
  MemoryRepository files;
  for (const char* path :
       {"README.md", "tokenizer.json", "sub/vocab.json", "merges.txt", "spm.vocab", "Tests/a.py",
        "x/fixtures/b.py", "logo.PNG", "data.parquet", "pytorch_model.bin", "model.safetensors"}) {
    files.add(path, kToken);
  }
  files.add("cache.dat", std::string("a\0", 2) + kToken);
  files.add_pointer("dump.txt", 1U << 30U, "dump");
  const SecretFiles found = searched(files);
  CHECK(places(found).empty());
  CHECK(found.unread.empty());
  files.add("late.dat", std::string(kTextProbeBytes, ' ') + std::string("\0", 1) + kToken);
  files.add("sub/README.md", kToken);
  CHECK(places(searched(files)) == std::vector<std::string>{"late.dat:1", "sub/README.md:1"});
}

TEST_CASE("secret files: each bound that is hit is named, with what it left out") {
  MemoryRepository files;
  files.add("a.txt", kToken + std::string(100, ' '));
  files.add("b.txt", kToken);
  files.add("c.txt", kToken + std::string(50, ' '));
  const auto told = [&files](const SecretLimits& limits) {
    const SecretFiles found = searched(files, limits);
    REQUIRE(found.unread.size() == 1);
    return std::to_string(found.secrets.size()) + " " + found.unread[0].path + ": " + found.unread[0].message;
  };
  CHECK(told({100, 1000, 10}) ==
        "2 a.txt: 1 text file is not looked through: a file may have 0 MiB (SecretLimits::file_bytes).");
  CHECK(
      told({1000, 150, 10}) ==
      "2 a.txt: 1 text file is not looked through: at most 0 MiB are read in all (SecretLimits::all_bytes).");
  CHECK(told({1000, 1000, 1}) ==
        "1 c.txt: 2 text files are not looked through: at most 1 are read (SecretLimits::files).");
}

TEST_CASE("secret files: large files that are no text by their name are not missed") {
  MemoryRepository files;
  files.add("blob", std::string(200, 'x'));
  files.add("notes.md", std::string(200, 'x'));
  const SecretFiles found = searched(files, {100, 1000, 10});
  REQUIRE(found.unread.size() == 1);
  CHECK(found.unread[0].path == "notes.md");
}

TEST_CASE("secret files: the digest of a search follows the bytes of what is read, and nothing else") {
  const auto digest = [](const MemoryRepository& files) {
    const Snapshot snapshot = files.snapshot();
    return plan_secret_search(snapshot).digest();
  };
  MemoryRepository files;
  files.add("a.txt", "one");
  const std::string before = digest(files);
  files.add("README.md", "a card");
  files.add("logo.png", "a picture");
  CHECK(digest(files) == before);
  files.add("a.txt", "two");
  CHECK(digest(files) != before);
}

}  // namespace cardwarden::test
