// SPDX-License-Identifier: Apache-2.0
// The REPO argument of a command, with the environment that a user has.
#include "cli/repository_argument.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <optional>
#include <sstream>

#include "cli/command.h"
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

// A command with its words, in this process; what it wrote.
struct Told {
  int code = -1;
  std::string out;
  std::string err;
};

Told tell(const std::vector<std::string>& words) {
  std::vector<const char*> argv{"cardwarden"};
  for (const std::string& word : words) argv.push_back(word.c_str());
  std::istringstream in;
  std::ostringstream out, err;
  cli::World world{in, out, err};
  const int code = cli::run(static_cast<int>(argv.size()), argv.data(), world);
  return {code, out.str(), err.str()};
}

TEST_CASE("repository argument: audit, history, diff and compare take addresses") {
  GitRepository work;
  work.write("README.md", "---\nlicense: mit\n---\n# River\n\n## Limitations\n\nIt fails on rain.\n");
  work.commit("A card");
  work.write("README.md", "---\nlicense: mit\n---\n# River\n");
  work.commit("A shorter card");
  const Scratch root;
  work.git({"clone", "-q", "--bare", work.path(), root / "datasets/office/river"});
  work.git({"clone", "-q", "--bare", work.path(), root / "office/river"});
  GitServer server(root.path());
  const Scratch cache;
  const std::map<std::string, std::string> variables = {
      {"HF_ENDPOINT", server.url("/basic")}, {"HF_TOKEN", "hf_right"}, {"XDG_CACHE_HOME", cache.path()}};
  {
    const Environment environment(variables);
    const Told audit = tell({"audit", "hf:office/river", "--no-config", "--format", "json"});
    INFO(audit.err);
    CHECK(audit.code == cli::kFailed);
    CHECK(audit.out.find("\"kind\": \"model\"") != std::string::npos);
    CHECK(audit.out.find(cache.path()) == std::string::npos);  // the place of the copy is nobody's business
    const Told set = tell({"audit", "hf:datasets/office/river", "--no-config", "--format", "json"});
    CHECK(set.out.find("\"kind\": \"dataset\"") != std::string::npos);
    const Told history = tell({"history", "hf:office/river"});
    CHECK(history.code == cli::kPassed);
    CHECK(history.out.find("hf:office/river") != std::string::npos);
    CHECK(tell({"diff", "HEAD~1..HEAD", "hf:office/river", "--no-config"}).out.find("imitations") !=
          std::string::npos);
    CHECK(tell({"compare", "hf:office/river", work.path(), "--no-config"}).code == cli::kPassed);
    for (const Told& one : {audit, set, history}) {
      CHECK((one.out + one.err).find("hf_right") == std::string::npos);
    }
    const Told missing = tell({"audit", "hf:office/lake", "--no-config"});
    CHECK(missing.code == cli::kInput);
    CHECK(missing.err.find("hf:office/lake") != std::string::npos);
    const Told away = tell({"audit", server.url("/away/office/river"), "--no-config"});
    CHECK(away.err.find("Redirects to other hosts") != std::string::npos);
    CHECK(away.code == cli::kInput);
  }
  auto wrong = variables;
  wrong["HF_TOKEN"] = "hf_wrong";
  wrong["XDG_CACHE_HOME"] = cache / "other";
  {
    const Environment environment(wrong);
    const Told refused = tell({"history", "hf:office/river"});
    CHECK(refused.code == cli::kInput);
    CHECK(refused.err.find("HF_TOKEN") != std::string::npos);
    CHECK(refused.err.find("hf_wrong") == std::string::npos);
    CHECK(refused.out.empty());
  }
  server.stop();
  const Environment environment(variables);
  const Told dead = tell({"compare", "hf:office/river", "--no-config"});
  CHECK(dead.code == cli::kInput);
  CHECK(tell({"audit", "hf:office/river", "--no-config", "--offline"}).code == cli::kFailed);
  // A named folder holds no copy yet.
  CHECK(tell({"audit", "hf:office/river", "--no-config", "--offline", "--cache", cache / "new"}).code ==
        cli::kUsage);
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
