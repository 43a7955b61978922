// SPDX-License-Identifier: Apache-2.0
#include "base/files.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>

using namespace cardwarden;
namespace fs = std::filesystem;

namespace {

// A folder of its own, removed with all in it.
class Scratch {
 public:
  Scratch() {
    std::string name = (fs::temp_directory_path() / "cardwarden-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  std::string operator/(const char* name) const { return (path_ / name).string(); }
  std::size_t entries() const {
    std::size_t n = 0;
    for (const auto& entry : fs::directory_iterator(path_)) n += entry.path().empty() ? 0U : 1U;
    return n;
  }

 private:
  fs::path path_;
};

}  // namespace

TEST_CASE("files: what is written reads back, and nothing is left beside it") {
  const Scratch scratch;
  const std::string text = std::string("a\0b\n", 4) + std::string(200'000, 'x');
  REQUIRE(write_file_atomically(scratch / "a.json", text));
  auto read = read_whole_file(scratch / "a.json");
  REQUIRE(read);
  CHECK(*read == text);
  REQUIRE(write_file_atomically(scratch / "a.json", "new"));
  CHECK(*read_whole_file(scratch / "a.json") == "new");
  CHECK(scratch.entries() == 1);
}

TEST_CASE("files: a part of a regular file is read, and nothing else") {
  const Scratch scratch;
  REQUIRE(write_file_atomically(scratch / "a", "0123456789"));
  CHECK(regular_file_size(scratch / "a").value() == 10);
  CHECK(read_file_part(scratch / "a", 3, 4).value() == "3456");
  CHECK(read_file_part(scratch / "a", 10, 0).value().empty());
  CHECK_FALSE(read_file_part(scratch / "a", 7, 4));
  CHECK_FALSE(read_file_part(scratch / "a", 11, 0));
  CHECK(regular_file_size(scratch / "none").error().code == ErrorCode::not_found);
  CHECK_FALSE(regular_file_size(scratch / "."));
  fs::create_symlink("a", scratch / "link");
  CHECK_FALSE(regular_file_size(scratch / "link"));
  REQUIRE(::mkfifo((scratch / "pipe").c_str(), 0600) == 0);
  CHECK_FALSE(read_file_part(scratch / "pipe", 0, 1));
}

TEST_CASE("files: replacing keeps the permissions of the file") {
  const Scratch scratch;
  REQUIRE(write_file_atomically(scratch / "a", "1"));
  REQUIRE(::chmod((scratch / "a").c_str(), 0600) == 0);
  REQUIRE(write_file_atomically(scratch / "a", "2"));
  struct stat status = {};
  REQUIRE(::stat((scratch / "a").c_str(), &status) == 0);
  CHECK((status.st_mode & 07777U) == 0600U);
}

TEST_CASE("files: a symbolic link keeps standing and the file it names is replaced") {
  const Scratch scratch;
  REQUIRE(write_file_atomically(scratch / "real", "1"));
  fs::create_symlink("real", scratch / "link");
  REQUIRE(write_file_atomically(scratch / "link", "2"));
  CHECK(fs::is_symlink(scratch / "link"));
  CHECK(*read_whole_file(scratch / "real") == "2");
}

TEST_CASE("files: a file that is not there, a folder and a file over the bound are three errors") {
  const Scratch scratch;
  auto missing = read_whole_file(scratch / "none");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == ErrorCode::not_found);
  auto folder = read_whole_file(scratch / ".");
  REQUIRE_FALSE(folder);
  CHECK(folder.error().code == ErrorCode::io);
  REQUIRE(write_file_atomically(scratch / "big", std::string(11, 'x')));
  auto big = read_whole_file(scratch / "big", 10);
  REQUIRE_FALSE(big);
  CHECK(big.error().code == ErrorCode::too_large);
  CHECK(read_whole_file(scratch / "big", 11));
}

TEST_CASE("files: a write into a folder that is not there fails and names the path") {
  const Scratch scratch;
  auto written = write_file_atomically(scratch / "none/a", "x");
  REQUIRE_FALSE(written);
  CHECK(written.error().where == scratch / "none/a");
  CHECK(scratch.entries() == 0);
}

TEST_CASE("files: a secret is made for its owner only, and read only when nobody else can") {
  const Scratch scratch;
  REQUIRE(write_private_file(scratch / "key", "secret"));
  struct stat status = {};
  REQUIRE(::stat((scratch / "key").c_str(), &status) == 0);
  CHECK((status.st_mode & 07777U) == 0600U);
  CHECK(*read_private_file(scratch / "key") == "secret");
  CHECK_FALSE(write_private_file(scratch / "key", "other"));
  CHECK(*read_whole_file(scratch / "key") == "secret");
  for (const mode_t mode : {0640U, 0604U, 0620U, 0610U, 0601U}) {
    REQUIRE(::chmod((scratch / "key").c_str(), mode) == 0);
    const auto read = read_private_file(scratch / "key");
    REQUIRE_FALSE(read);
    CHECK(read.error().code == ErrorCode::usage);
    CHECK(read.error().message.find("chmod 600") != std::string::npos);
  }
  REQUIRE(::mkfifo((scratch / "pipe").c_str(), 0600) == 0);
  CHECK_FALSE(read_private_file(scratch / "pipe"));
  CHECK_FALSE(read_private_file(scratch / "."));
  REQUIRE(write_private_file(scratch / "big", std::string(kMaxPrivateFileBytes + 1, 'x')));
  CHECK(read_private_file(scratch / "big").error().code == ErrorCode::too_large);
}
