// SPDX-License-Identifier: Apache-2.0
// The REPO argument of a command, with the environment that a user has.
#include "cli/repository_argument.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <optional>
#include <sstream>

#include "repository/repository.h"
#include "support/git_server.h"

namespace cardwarden::testing {
namespace {

// The variables that remote_settings() reads, emptied, then some set; all as before when this goes.
class Environment {
 public:
  explicit Environment(const std::map<std::string, std::string>& set) {
    for (const char* name : {"HF_ENDPOINT", "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_TOKEN_PATH", "HF_HOME",
                             "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_IMPLICIT_TOKEN",
                             "CARDWARDEN_ALLOWED_HOSTS", "SSL_CERT_FILE", "XDG_CACHE_HOME"}) {
      const char* before = std::getenv(name);
      before_.emplace_back(name, before == nullptr ? std::nullopt : std::optional<std::string>(before));
      ::unsetenv(name);
    }
    for (const auto& [name, value] : set) ::setenv(name.c_str(), value.c_str(), 1);
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  ~Environment() {
    for (const auto& [name, value] : before_) {
      if (value) {
        ::setenv(name.c_str(), value->c_str(), 1);
      } else {
        ::unsetenv(name.c_str());
      }
    }
  }

 private:
  std::vector<std::pair<std::string, std::optional<std::string>>> before_;
};

struct Ran {
  Result<Fetched> fetched;
  std::string err;
};

Ran open(const std::string& argument, bool terminal) {
  std::istringstream in;
  std::ostringstream out, err;
  cli::World world{in, out, err};
  world.err_is_terminal = terminal;
  world.terminal_width = 60;
  auto fetched = cli::open_repository_argument(world, argument);
  CHECK(out.str().empty());
  return {std::move(fetched), err.str()};
}

}  // namespace

TEST_CASE("repository argument: a name on the Hub is fetched with the token of the environment") {
  GitRepository work;
  work.write("README.md", "# river\n");
  const std::string head = work.commit("A card");
  const Scratch root;
  work.git({"clone", "-q", "--bare", work.path(), root / "office/river"});
  GitServer server(root.path());
  const Scratch cache;
  write_file(cache / "huggingface/token", "hf_right\n");
  const std::map<std::string, std::string> variables = {{"HF_ENDPOINT", server.url("/basic")},
                                                        {"XDG_CACHE_HOME", cache.path()}};
  {
    const Environment environment(variables);
    const Ran quiet = open("hf:office/river", false);
    INFO((quiet.fetched ? std::string() : quiet.fetched.error().text()));
    REQUIRE(quiet.fetched);
    CHECK(quiet.err.empty());
    CHECK(quiet.fetched->path.compare(0, cache.path().size(), cache.path()) == 0);
    auto repository = Repository::open(quiet.fetched->path);
    REQUIRE(repository);
    CHECK(repository->resolve("HEAD").value().hex() == head);

    const Ran shown = open("hf:office/river", true);
    REQUIRE(shown.fetched);
    CHECK(shown.err.find("Connecting to hf:office/river") != std::string::npos);
    CHECK(shown.err.substr(shown.err.size() - 4) == "\r\x1b[K");
  }
  server.stop();
  {
    const Environment environment(variables);
    const Ran dead = open("hf:office/river", false);
    REQUIRE_FALSE(dead.fetched);
    CHECK(cli::exit_code(dead.fetched.error().code) == cli::kInput);
  }
  auto offline = variables;
  offline["HF_HUB_OFFLINE"] = "1";
  const Environment environment(offline);
  const Ran old = open("hf:office/river", false);
  REQUIRE(old.fetched);
  CHECK(old.err.find("offline") != std::string::npos);
}

TEST_CASE("repository argument: a path needs no settings, and a name without hf: is told") {
  const std::map<std::string, std::string> nonsense = {{"HF_ENDPOINT", "nonsense"}};
  const Environment environment(nonsense);
  const Scratch folder;
  const Ran path = open(folder.path(), true);
  REQUIRE(path.fetched);
  CHECK(path.fetched->path == folder.path());
  CHECK(path.err.empty());
  const Ran name = open("river-office/no-such-folder", false);
  REQUIRE_FALSE(name.fetched);
  CHECK(name.fetched.error().text().find("hf:river-office/no-such-folder") != std::string::npos);
  const Ran wrong = open("hf:office/river", false);
  REQUIRE_FALSE(wrong.fetched);
  CHECK(cli::exit_code(wrong.fetched.error().code) == cli::kUsage);
  CHECK_FALSE(open("ssh://host/a", false).fetched);
}

TEST_CASE("repository argument: the line of progress says what is done, and steers no terminal") {
  FetchProgress progress;
  progress.phase = FetchProgress::Phase::receiving;
  progress.objects = 120;
  progress.total = 4000;
  progress.bytes = 1'540'000;
  CHECK(cli::progress_text("hf:a/b", progress) == "Fetching hf:a/b: 120 of 4000 objects, 1.5 MB");
  progress.phase = FetchProgress::Phase::resolving;
  CHECK(cli::progress_text("hf:a/b", progress) == "Unpacking hf:a/b: 120 of 4000 objects");
  progress.phase = FetchProgress::Phase::waiting;
  CHECK(cli::progress_text("a\x1b[2J", progress).find('\x1b') == std::string::npos);
}

}  // namespace cardwarden::testing
