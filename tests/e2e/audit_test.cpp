// SPDX-License-Identifier: Apache-2.0
// `cardwarden audit` on repositories that the real git made.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "cli/command.h"
#include "report/report.h"
#include "support/git.h"

namespace cardwarden::testing {
namespace {

using Json = nlohmann::json;
using Words = std::vector<std::string>;

struct Ran {
  int code = -1;
  std::string out;
  std::string err;
};

Ran audit(const Words& words) {
  std::vector<const char*> argv{"cardwarden", "audit"};
  for (const std::string& word : words) argv.push_back(word.c_str());
  std::istringstream in;
  std::ostringstream out, err;
  cli::World world{in, out, err};
  const int code = cli::run(static_cast<int>(argv.size()), argv.data(), world);
  return {code, out.str(), err.str()};
}

// The working folder, as long as this lives.
class InFolder {
 public:
  explicit InFolder(const std::string& folder) : before_(std::filesystem::current_path()) {
    std::filesystem::current_path(folder);
  }
  InFolder(const InFolder&) = delete;
  InFolder& operator=(const InFolder&) = delete;
  ~InFolder() { std::filesystem::current_path(before_); }

 private:
  std::filesystem::path before_;
};

Json audited(Words words) {
  words.insert(words.end(), {"--no-config", "--format", "json"});
  const Ran ran = audit(words);
  INFO(ran.err);
  REQUIRE((ran.code == 0 || ran.code == 1));
  return Json::parse(ran.out).at("cards").at(0);
}

// "repository/license-file-mismatch license", one for each finding.
std::multiset<std::string> findings_of(const Json& card) {
  std::multiset<std::string> out;
  for (const Json& one : card.at("findings"))
    out.insert(one.at("rule").get<std::string>() + " " + one.at("key").get<std::string>());
  return out;
}

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The two repositories of examples/repositories, made once for each test.
class Examples {
 public:
  Examples() {
    const ProgramOutput made = run_program(
        {"bash", CARDWARDEN_SOURCE_DIR "/examples/repositories/make.sh", scratch_ / "made"}, scratch_.path());
    INFO(made.out);
    REQUIRE(made.code == 0);
  }
  std::string plover() const { return scratch_ / "made/plover"; }
  std::string heron() const { return scratch_ / "made/heron"; }
  std::string operator/(std::string_view name) const { return scratch_ / name; }
  std::string path() const { return scratch_.path(); }

 private:
  Scratch scratch_;
};

const std::multiset<std::string> kPlanted = {
    "repository/architecture-mismatch architecture",
    "repository/architecture-mismatch context",
    "repository/base-model-conflict base_model",
    "history/card-older-than-weights stale",
    "repository/dead-internal-link figures/curve.png",
    "repository/dtype-mismatch dtype",
    "repository/eval-results-disagree model-index.f1",
    "repository/license-conflicts-base license",
    "repository/license-file-mismatch license",
    "repository/param-count-mismatch parameters",
    "repository/pickle-imports older/model.pkl",
    "repository/pickle-twin pytorch_model.bin",
    "repository/pickle-weights older/model.pkl",
    "repository/remote-code-required remote-code",
    "repository/revision-unpinned adapter_config.json",
    "repository/secret-in-repository push.py[0]",
    "repository/signature-stale model.sig",
};

}  // namespace

TEST_CASE("audit: every planted fault is reported with both quotes, and nothing else") {
  const Examples made;
  const Json card = audited({made.heron()});
  CHECK(findings_of(card) == kPlanted);
  for (const Json& one : card.at("findings")) {
    INFO(one.dump());
    const std::size_t quotes =
        one.at("evidence").size() + (one.contains("files") ? one.at("files").size() : 0);
    CHECK(quotes >= (one.at("outcome") == "contradicted" ? 2U : 1U));
    for (const Json& quote : one.value("files", Json::array()))
      CHECK_FALSE(quote.at("words").get<std::string>().empty());
  }
  REQUIRE(card.at("not-assessable").size() == 1);
  CHECK(card.at("not-assessable").at(0).at("files").at(0).at("path") == "pytorch_model.bin");
  CHECK(card.at("repository").at("parameters").at("kind") == "estimated");
  CHECK(card.at("repository").at("model-signatures").at(0).at("grade") == "mismatch");
}

TEST_CASE("audit: a repository that bears out its card has no findings, under the strict policy too") {
  const Examples made;
  CHECK(findings_of(audited({made.plover()})).empty());
  for (const std::string& one : findings_of(audited({made.plover(), "--policy", "strict"}))) {
    INFO(one);
    CHECK(one.find("repository/") != 0);
  }
  CHECK(audit({made.plover(), "--no-config", "--policy", "strict"}).code == 0);
}

TEST_CASE("audit: a working tree, a bare clone and a folder inside give the same findings") {
  const Examples made;
  const std::string bare = made / "bare.git";
  REQUIRE(run_program({"git", "clone", "--quiet", "--bare", made.heron(), bare}, made.path()).code == 0);
  const Json whole = audited({made.heron()}).at("findings");
  CHECK(audited({bare}).at("findings") == whole);
  CHECK(audited({made.heron() + "/older"}).at("findings") == whole);
  // What is audited is the commit, not the files that lie around.
  write_file(made.heron() + "/README.md", "# Something else\n");
  CHECK(audited({made.heron()}).at("findings") == whole);
}

TEST_CASE("audit: --ref audits another commit") {
  const Examples made;
  const auto first = findings_of(audited({made.heron(), "--ref", "HEAD~2"}));
  CHECK(first.count("repository/signature-stale model.sig") == 0);
  CHECK(first.count("history/card-older-than-weights stale") == 0);
  CHECK(first.count("repository/license-file-mismatch license") == 1);
  const auto second = findings_of(audited({made.heron(), "--ref", "main~1"}));
  CHECK(second.count("repository/signature-stale model.sig") == 1);
  CHECK(second.count("history/card-older-than-weights stale") == 0);
}

TEST_CASE("audit: a shallow clone cannot tell what came before") {
  const Examples made;
  const std::string shallow = made / "shallow";
  REQUIRE(
      run_program({"git", "clone", "--quiet", "--depth", "1", "file://" + made.heron(), shallow}, made.path())
          .code == 0);
  const Json card = audited({shallow});
  CHECK(findings_of(card).count("history/card-older-than-weights stale") == 0);
  CHECK(findings_of(card).count("repository/license-file-mismatch license") == 1);
}

TEST_CASE("audit: every format gives the same exit code and quotes the file") {
  const Examples made;
  for (const ReportFormat& format : report_formats()) {
    INFO(format.name);
    const Ran ran = audit({made.heron(), "--no-config", "--format", std::string(format.name)});
    CHECK(ran.code == 1);
    CHECK(ran.err.empty());
    // Markdown writes the underscore as an entity.
    for (const char* words : {"eval|f1", "all|results.json"}) {
      std::string plain(words), entity(words);
      plain.replace(plain.find('|'), 1, "_");
      entity.replace(entity.find('|'), 1, "&#95;");
      INFO(words);
      const bool quoted =
          ran.out.find(plain) != std::string::npos || ran.out.find(entity) != std::string::npos;
      CHECK(quoted);
    }
    CHECK(audit({made.plover(), "--no-config", "--format", std::string(format.name)}).code == 0);
  }
}

TEST_CASE("audit: comments in the card, the configuration and a baseline work as they do for check") {
  const Examples made;
  const std::string work = made.heron();
  const Ran before = audit({work, "--policy", "hub-publish"});
  CHECK(before.code == 1);
  // The configuration is that of whoever reads, never that of the repository that is read.
  const std::string config = work + "/.cardwarden.yaml";
  write_file(config, "ignore: ['repository/*']\n");
  CHECK(audit({work}).code == 1);
  CHECK(audit({work, "--config", config}).code == 0);
  {
    const InFolder inside(work);
    CHECK(audit({"."}).code == 0);
  }
  CHECK(audit({work, "--no-config", "--select", "history/card-older-than-weights"}).code == 0);  // a warning
  CHECK(audit({work, "--no-config", "--select", "history/card-older-than-weights", "--fail-on", "warning"})
            .code == 1);
  std::filesystem::remove(config);

  const std::string baseline = made / "baseline.json";
  CHECK(audit({work, "--no-config", "--write-baseline", baseline}).code == 0);
  CHECK(audit({work, "--no-config", "--baseline", baseline, "--fail-on", "info"}).code == 0);
  // The fingerprints do not hang on where the repository lies.
  const std::string other = made / "elsewhere.git";
  REQUIRE(run_program({"git", "clone", "--quiet", "--bare", work, other}, made.path()).code == 0);
  CHECK(audit({other, "--no-config", "--baseline", baseline, "--fail-on", "info"}).code == 0);
  CHECK(audit({made.plover(), "--no-config", "--write-baseline", made.heron() + "/LICENSE"}).code != 0);

  write_file(work + "/README.md",
             read(work + "/README.md") +
                 "\n<!-- cardwarden-disable-file repository/* -- known, and written down elsewhere -->\n");
  REQUIRE(run_program({"git", "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "--quiet",
                       "--all", "--message", "Known"},
                      work)
              .code == 0);
  const Ran after = audit({work, "--no-config"});
  INFO(after.out);
  CHECK(after.code == 0);
  CHECK(after.out.find("suppressed") != std::string::npos);
}

TEST_CASE("audit: check, which sees the card alone, says nothing of the files") {
  const Examples made;
  std::istringstream in;
  std::ostringstream out, err;
  cli::World world{in, out, err};
  const std::string card = made.heron() + "/README.md";
  const char* argv[] = {"cardwarden", "check", "--no-config", "--policy", "strict", card.c_str()};
  CHECK(cli::run(6, argv, world) == 0);
  CHECK(out.str().find("repository/") == std::string::npos);
}

TEST_CASE("audit: what cannot be opened is said plainly") {
  const Examples made;
  const Ran nothing = audit({made / "nothing", "--no-config"});
  CHECK(nothing.code == 3);
  CHECK_FALSE(nothing.err.empty());
  const Ran reference = audit({made.plover(), "--no-config", "--ref", "v9"});
  CHECK(reference.code == 3);
  CHECK(reference.err.find("v9") != std::string::npos);
  CHECK(audit({made.plover(), "--no-config", "--allowed-signers", made / "none"}).code == 3);
  CHECK(audit({"--no-config"}).code == 2);
  write_file(made / "signers", "not a line of that kind\n");
  CHECK(audit({made.plover(), "--no-config", "--allowed-signers", made / "signers"}).code != 0);
}

TEST_CASE("audit: the signature of the commit is checked against the keys that the user allows") {
  GitRepository made;
  const std::string key = made.scratch() / "key";
  REQUIRE(
      run_program({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key}, made.scratch().path()).code ==
      0);
  made.git({"config", "gpg.format", "ssh"});
  made.git({"config", "user.signingkey", key});
  made.write("README.md", "# river\n");
  made.commit("signed", {"-S"});
  const auto verdict = [&](const Words& more) {
    Words words{made.path()};
    words.insert(words.end(), more.begin(), more.end());
    return audited(words).at("repository").at("commit-signature").at("verdict").get<std::string>();
  };
  CHECK(verdict({}) == "untrusted");
  const std::string signers = made.scratch() / "signers";
  write_file(signers, "ann@example.org " + read(key + ".pub"));
  CHECK(verdict({"--allowed-signers", signers}) == "good");
}

TEST_CASE("audit: a commit without a card is judged as one with an empty card") {
  GitRepository made;
  made.write("config.json", "{}");
  made.commit("no card");
  const Ran ran = audit({made.path(), "--no-config"});
  CHECK(ran.code == 1);
  CHECK(ran.out.find("has no card that can be read") != std::string::npos);
}

TEST_CASE("audit: no control character of the repository reaches the text") {
  GitRepository made;
  made.write("README.md", "---\nlicense: mit\n---\n# x\n![a](pic\x1b[31m.png)\n");
  made.write("evil\x1b[31m.pkl", std::string("\x80\x02") + "cos\x1b[2J\nsystem\n)R.");
  made.write("LICENSE", std::string("\x1b[31m MIT ") + std::string(3000, 'x'));
  made.commit("hostile");
  const Ran ran = audit({made.path(), "--no-config"});
  CHECK(ran.out.find("pickle-imports") != std::string::npos);
  CHECK(ran.out.find('\x1b') == std::string::npos);
  for (const ReportFormat& format : report_formats()) {
    INFO(format.name);
    CHECK(audit({made.path(), "--no-config", "--format", std::string(format.name)}).out.find('\x1b') ==
          std::string::npos);
  }
}

}  // namespace cardwarden::testing
