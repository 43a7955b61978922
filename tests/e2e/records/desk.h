// SPDX-License-Identifier: Apache-2.0
#pragma once
// A person at a machine who types commands of the built program.
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "cli/command.h"

namespace cardwarden::testing {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Words = std::vector<std::string>;

inline const std::string kPassphrase = "rivers run backwards at night";
inline const std::string kWrongLicence = "---\nlicense: mti\n---\n# heron\n";
inline const std::string kRule = "metadata/license-unknown-id";

struct Ran {
  int code = -1;
  std::string out;
  std::string err;
};

inline std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::string quoted(const std::string& word) {
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

inline bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// What stands behind a name in rows of a name and a value.
inline std::string row(const std::string& text, const std::string& name) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.compare(0, name.size() + 1, name + " ") != 0) continue;
    return line.substr(line.find_first_not_of(' ', name.size()));
  }
  return "";
}

// A person at a machine: a folder with a card, a passphrase file, a state folder, and a store.
class Desk {
 public:
  explicit Desk(std::string store = "") : store_(std::move(store)) {
    std::string name = (fs::temp_directory_path() / "cardwarden-records-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    root_ = fs::canonical(name);
    fs::create_directory(root_ / ".git");
    write("README.md", kWrongLicence);
    write("passphrase", kPassphrase + "\n");
    ::chmod((root_ / "passphrase").c_str(), 0600);
    if (store_.empty()) store_ = "sqlite:" + (root_ / "state/log.db").string();
  }
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;
  ~Desk() {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }

  const fs::path& root() const { return root_; }
  const std::string& store() const { return store_; }
  void write(const std::string& path, const std::string& text) const {
    std::ofstream(root_ / path, std::ios::binary) << text;
  }
  std::string file(const std::string& path) const { return read(root_ / path); }

  // A command line of the shell, in the folder of this desk and with its settings.
  Ran shell(const std::string& line) const {
    const std::string setting = "cd " + quoted(root_.string()) +
                                " && unset CARDWARDEN_ACTOR CARDWARDEN_POLICY CARDWARDEN_CONFIG "
                                "CREDENTIALS_DIRECTORY; export CARDWARDEN_STATE=state "
                                "CARDWARDEN_PASSPHRASE_FILE=passphrase CARDWARDEN_STORE=" +
                                quoted(store_) + "; ";
    const int status = std::system((setting + "{ " + line + "\n} >stdout 2>stderr").c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, file("stdout"), file("stderr")};
  }
  Ran run(const Words& words) const {
    std::string line = quoted(CARDWARDEN_BINARY);
    for (const std::string& word : words) line += " " + quoted(word);
    return shell(line);
  }
  // Runs and expects that it went well; gives standard output.
  std::string good(const Words& words) const {
    const Ran ran = run(words);
    INFO(ran.out << ran.err);
    REQUIRE(ran.code == 0);
    return ran.out;
  }
  Ran check(Words words) const {
    Words all{"check", "--no-config", "--policy", "metadata-only"};
    all.insert(all.end(), words.begin(), words.end());
    return run(all);
  }
  // Records the card and gives the record id.
  std::string record(const std::string& subject = "acme/heron") const {
    const Ran ran = check({"--record", "--exit-zero", "--subject", subject, "README.md"});
    INFO(ran.out << ran.err);
    REQUIRE(ran.code == 0);
    return row(ran.out, "record");
  }
  void make_keys() const {
    good({"key", "new"});
    good({"key", "new", "--role", "log", "--origin", "audit.example/log1"});
  }

 private:
  fs::path root_;
  std::string store_;
};

// The program inside this one, at an hour that the test chooses.
struct ClockedProgram {
  std::uint64_t now = 1'795'248'000;  // 2026-11-21T08:00:00Z

  Ran run(const Words& words) const {
    std::vector<const char*> argv{"cardwarden"};
    for (const std::string& word : words) argv.push_back(word.c_str());
    std::istringstream in;
    std::ostringstream out, err;
    cli::World world{in, out, err};
    world.clock = [this] { return now; };
    world.chance = [](char* bytes, std::size_t count) {
      std::fill(bytes, bytes + count, 'c');
      return true;
    };
    const int code = cli::run(static_cast<int>(argv.size()), argv.data(), world);
    return {code, out.str(), err.str()};
  }
};

}  // namespace cardwarden::testing
