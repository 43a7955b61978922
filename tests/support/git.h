// SPDX-License-Identifier: Apache-2.0
#pragma once
// Repositories that a test makes with the real git, each in a temporary folder that goes with the object.
// Authors, dates and configuration are fixed, so that the same calls give the same commit ids everywhere.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cardwarden::testing {

// A folder of its own, removed with all in it.
class Scratch {
 public:
  Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch();
  const std::string& path() const { return path_; }
  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};

struct ProgramOutput {
  int code = 0;
  std::string out;  // what it wrote to both streams
};

// Runs a program of the PATH to its end. `environment` is added to a small fixed one.
ProgramOutput run_program(const std::vector<std::string>& arguments, const std::string& folder,
                          std::string_view input = {},
                          const std::map<std::string, std::string>& environment = {});

// Writes a file below a folder, with the folders it needs.
void write_file(const std::string& path, std::string_view bytes);

class GitRepository {
 public:
  explicit GitRepository(bool bare = false);

  const std::string& path() const { return path_; }
  const Scratch& scratch() const { return scratch_; }
  // Runs git in the repository and gives its output; a failure fails the test.
  std::string git(const std::vector<std::string>& arguments, std::string_view input = {});
  void write(std::string_view path, std::string_view bytes);
  void remove(std::string_view path);
  // Commits all that changed, one hour after the commit before, and gives the id.
  std::string commit(const std::string& subject, const std::vector<std::string>& more = {});
  std::string head() { return git({"rev-parse", "HEAD"}); }
  void set_time(std::int64_t seconds) { time_ = seconds; }
  std::int64_t time() const { return time_; }

 private:
  Scratch scratch_;
  std::string path_;
  std::int64_t time_ = 1'700'000'000;
};

// The text of a Git LFS pointer.
std::string lfs_pointer(std::string_view sha256_hex, std::uint64_t size);

}  // namespace cardwarden::testing
