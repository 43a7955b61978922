// SPDX-License-Identifier: Apache-2.0
#include "support/git.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace cardwarden::testing {
namespace fs = std::filesystem;
namespace {

std::string read_all(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

}  // namespace

Scratch::Scratch() {
  std::string name = (fs::temp_directory_path() / "cardwarden-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = fs::canonical(name).string();
}

Scratch::~Scratch() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void write_file(const std::string& path, std::string_view bytes) {
  fs::create_directories(fs::path(path).parent_path());
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) throw std::runtime_error("cannot write " + path);
}

ProgramOutput run_program(const std::vector<std::string>& arguments, const std::string& folder,
                          std::string_view input, const std::map<std::string, std::string>& environment) {
  const Scratch scratch;
  write_file(scratch / "in", input);
  std::map<std::string, std::string> variables = {{"HOME", scratch.path()},
                                                  {"LC_ALL", "C"},
                                                  {"TZ", "UTC"},
                                                  {"GIT_CONFIG_NOSYSTEM", "1"},
                                                  {"GIT_TERMINAL_PROMPT", "0"},
                                                  {"GIT_LFS_SKIP_SMUDGE", "1"}};
  if (const char* path = std::getenv("PATH")) variables["PATH"] = path;
  for (const auto& [name, value] : environment) variables[name] = value;
  std::vector<std::string> assignments;
  assignments.reserve(variables.size());
  for (const auto& [name, value] : variables) assignments.emplace_back(name).append("=").append(value);
  std::vector<std::string> words = arguments;
  auto argv = pointers(words);
  auto envp = pointers(assignments);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, (scratch / "in").c_str(), O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, (scratch / "out").c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                   0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  pid_t child = 0;
  const int failed = ::posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), envp.data());
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::runtime_error("cannot start " + arguments[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128, read_all(scratch / "out")};
}

GitRepository::GitRepository(bool bare) : path_(scratch_ / "repository") {
  fs::create_directories(path_);
  if (bare) {
    git({"init", "-q", "--bare", "-b", "main"});
  } else {
    git({"init", "-q", "-b", "main"});
  }
}

std::string GitRepository::git(const std::vector<std::string>& arguments, std::string_view input) {
  std::vector<std::string> words = {"git",
                                    "-c",
                                    "core.autocrlf=false",
                                    "-c",
                                    "protocol.file.allow=always",
                                    "-c",
                                    "advice.detachedHead=false",
                                    "-c",
                                    "gc.auto=0"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const std::string date = std::to_string(time_) + " +0100";
  ProgramOutput done = run_program(words, path_, input,
                                   {{"GIT_AUTHOR_NAME", "Ada Author"},
                                    {"GIT_AUTHOR_EMAIL", "ada@example.org"},
                                    {"GIT_AUTHOR_DATE", date},
                                    {"GIT_COMMITTER_NAME", "Cem Committer"},
                                    {"GIT_COMMITTER_EMAIL", "cem@example.org"},
                                    {"GIT_COMMITTER_DATE", date}});
  if (done.code != 0) throw std::runtime_error("git " + arguments[0] + " failed: " + done.out);
  if (!done.out.empty() && done.out.back() == '\n') done.out.pop_back();
  return done.out;
}

void GitRepository::write(std::string_view path, std::string_view bytes) {
  write_file(path_ + "/" + std::string(path), bytes);
}

void GitRepository::remove(std::string_view path) { fs::remove_all(path_ + "/" + std::string(path)); }

std::string GitRepository::commit(const std::string& subject, const std::vector<std::string>& more) {
  time_ += 3600;
  git({"add", "-A"});
  std::vector<std::string> words = {"commit", "-q", "--allow-empty", "-m", subject};
  words.insert(words.end(), more.begin(), more.end());
  git(words);
  return head();
}

std::string lfs_pointer(std::string_view sha256_hex, std::uint64_t size) {
  return "version https://git-lfs.github.com/spec/v1\noid sha256:" + std::string(sha256_hex) + "\nsize " +
         std::to_string(size) + "\n";
}

}  // namespace cardwarden::testing
