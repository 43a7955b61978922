// SPDX-License-Identifier: Apache-2.0
// Records of repositories that the real git made: what they name, and what a replay finds changed.
#include "conformance/backends.h"
#include "crypto/bytes.h"
#include "desk.h"
#include "support/git.h"
#include "support/weight_bytes.h"

namespace cardwarden::testing {
namespace {

const std::string kCard =
    "---\nlicense: mit\nlibrary_name: transformers\n---\n# heron\n\nA heron of 12 parameters (float32).\n";

// A model with one file in LFS, whose content is at hand, and every kind of entry that a tree may have.
class Model {
 public:
  Model() : bytes_(weights("F32", 4)), oid_(hex(sha256(bytes_))) {
    git.write("README.md", kCard);
    git.write("LICENSE", "MIT License\n");
    git.write("run.sh", "#!/bin/sh\n");
    fs::permissions(fs::path(git.path()) / "run.sh", fs::perms::owner_exec, fs::perm_options::add);
    fs::create_symlink("LICENSE", fs::path(git.path()) / "COPYING");
    git.write("model.safetensors", lfs_pointer(oid_, bytes_.size()));
    keep(bytes_);
    head = git.commit("heron");
  }
  // Two types of the same width in one header, so that the sizes are equal.
  static std::string weights(const std::string& type, std::size_t width) {
    return safetensors_file({{"a", type, {12}, 12 * width}});
  }
  // Puts bytes where git-lfs keeps the content of the pointer.
  void keep(const std::string& bytes) {
    git.write(".git/lfs/objects/" + oid_.substr(0, 2) + "/" + oid_.substr(2, 2) + "/" + oid_, bytes);
  }
  // The manifest as git and sha256sum would write it.
  std::string manifest() {
    std::string out;
    for (const char* path : {"COPYING", "LICENSE", "README.md", "model.safetensors", "run.sh"}) {
      const std::string digest =
          std::string(path) == "model.safetensors"
              ? oid_
              : run_program({"sh", "-c", std::string("git cat-file blob HEAD:") + path + " | sha256sum"},
                            git.path())
                    .out.substr(0, 64);
      out += digest + "  " + path + "\n";
    }
    return out;
  }

  GitRepository git;
  std::string head;

 private:
  std::string bytes_;
  std::string oid_;
};

Words audit(const Model& model, Words more = {}) {
  Words out{"audit",      model.git.path(), "--no-config", "--record", "--subject",
            "acme/heron", "--exit-zero",    "--policy",    "strict"};
  out.insert(out.end(), more.begin(), more.end());
  return out;
}

}  // namespace

TEST_CASE("audit --record: a record names the card, the commit, the tree and a SHA-256 of all files") {
  for (const Backend& backend : backends()) {
    CAPTURE(backend.name);
    const Desk desk(backend.address);
    Model model;
    desk.make_keys();
    const std::string said = desk.good(audit(model));
    CHECK(holds(row(said, "log"), "entry 0 of "));
    const Json statement = Json::parse(desk.good({"records", "show", "0", "--format", "statement"}));
    const Json& subject = statement["subject"];
    REQUIRE(subject.size() == 2);
    CHECK(subject[0]["name"] == "acme/heron");
    CHECK(subject[0]["digest"]["sha256"] == hex(sha256(kCard)));
    CHECK(subject[1]["name"] == "acme/heron@" + model.head);
    CHECK(subject[1]["digest"]["gitCommit"] == model.head);
    CHECK(subject[1]["digest"]["gitTree"] == model.git.git({"rev-parse", "HEAD^{tree}"}));
    CHECK(subject[1]["digest"]["sha256"] == hex(sha256(model.manifest())));
    const Json& predicate = statement["predicate"];
    CHECK(predicate["configuration"][0]["name"] == "policy/strict");
    CHECK(predicate["configuration"][1]["name"] == "rules");
    CHECK(predicate["cardwardenAudit"]["provenance"]["tool"]["name"] == "cardwarden");
    CHECK_FALSE(predicate["cardwardenAudit"]["controls"].is_null());
    const std::string findings = desk.good({"records", "show", "0", "--format", "findings"});
    CHECK(hex(sha256(findings)) == predicate["cardwardenAudit"]["findings"]["digest"]["sha256"]);
    for (const std::string& digest : {"gitCommit:" + model.head, "sha256:" + hex(sha256(model.manifest()))}) {
      CHECK(holds(desk.good({"records", "list", "--digest", digest}), "acme/heron"));
    }
    // A clone elsewhere has what the record names; its LFS content is not at hand, which is said.
    CHECK(row(desk.good({"replay", "0", "--repository", model.git.path()}), "answer") ==
          "reproduced, bit for bit");
    const Ran alone = desk.run({"replay", "0"});
    CHECK(alone.code == 3);
    CHECK(holds(alone.err, "--repository"));
  }
}

TEST_CASE("audit --record: an outsider compares the commit with a repository of their own") {
  const Desk desk;
  Model model;
  desk.make_keys();
  desk.good(audit(model));
  desk.good({"export", "0", "--output", "out"});
  desk.write("key.json", desk.good({"key", "export", "record", "--format", "json"}));
  const std::string bare = model.git.scratch() / "bare";
  model.git.git({"clone", "--quiet", "--bare", ".", bare});
  Words verify{"verify", "out", "--key", "key.json", "--repository", bare};
  const std::string said = desk.good(verify);
  CHECK(holds(said, "passed       subject       commit " + model.head + " of " + bare +
                        " is the subject \"acme/heron@" + model.head + "\"."));
  CHECK(holds(
      said, "not checked  subject       1 subject of the 2 of the record had nothing to be compared with."));
  desk.write("card.md", kCard);
  verify.insert(verify.end(), {"--file", "card.md"});
  CHECK_FALSE(holds(desk.good(verify), "not checked  subject"));
  model.git.write("LICENSE", "another\n");
  model.git.commit("another licence");
  model.git.git({"push", "--quiet", bare, "main"});
  CHECK(desk.run(verify).code == 1);
  verify.insert(verify.end(), {"--ref", model.head});
  CHECK(desk.run(verify).code == 0);
}

TEST_CASE("audit --record: a replay says which input has changed") {
  const Desk desk;
  Model model;
  desk.make_keys();
  desk.good(audit(model));
  const auto replay = [&](Words more = {}) {
    Words all{"replay", "0", "--repository", model.git.path()};
    all.insert(all.end(), more.begin(), more.end());
    return desk.run(all);
  };
  CHECK(replay().out.find("changed") == std::string::npos);
  SECTION("the content of the weights, under the name that the pointer gives it") {
    model.keep(Model::weights("I32", 4));
    const Ran ran = replay();
    CAPTURE(ran.out);
    CHECK(holds(ran.out, "what can be read of the weights model.safetensors: recorded sha256:"));
    model.keep(Model::weights("F32", 4));
    CHECK(row(replay().out, "answer") == "reproduced, bit for bit");
  }
  SECTION("the weights and the card, in a history that was written anew") {
    model.git.write("model.safetensors", lfs_pointer(std::string(64, 'a'), 4096));
    model.git.write("README.md", kCard + "Changed.\n");
    model.git.remove("LICENSE");
    model.git.commit("heron, again", {"--amend"});
    model.git.git({"reflog", "expire", "--expire=now", "--all"});
    model.git.git({"gc", "--quiet", "--prune=now"});
    const Ran ran = replay();
    CAPTURE(ran.out, ran.err);
    CHECK(ran.code == 1);
    CHECK(holds(ran.out, "the commit: recorded " + model.head + ", here " + model.git.head()));
    CHECK(holds(ran.out, "the file model.safetensors: recorded sha256:"));
    CHECK(holds(ran.out, "here sha256:" + std::string(64, 'a')));
    CHECK(holds(ran.out, "the card: recorded sha256:" + hex(sha256(kCard))));
    CHECK(holds(ran.out,
                "the file LICENSE: recorded sha256:" + hex(sha256("MIT License\n")) + ", here not there"));
    CHECK_FALSE(holds(ran.out, "the file run.sh"));
    CHECK(row(ran.out, "answer") == "NOT REPRODUCED: see what changed");
  }
  SECTION("a later commit, when it is asked for") {
    model.git.write("README.md", kCard + "Changed.\n");
    model.git.commit("a better card");
    CHECK(row(replay().out, "answer") == "reproduced, bit for bit");
    CHECK(holds(replay({"--ref", "HEAD"}).out, "the file README.md: recorded sha256:"));
  }
  SECTION("the policy") {
    const Ran ran = replay({"--policy", "metadata-only"});
    CHECK(ran.code == 1);
    CHECK(holds(ran.out, "the policy: recorded sha256:"));
    CHECK_FALSE(holds(ran.out, "the file"));
  }
  SECTION("the rules") {
    const Ran ran = replay({"--rules", CARDWARDEN_SOURCE_DIR "/examples/rules"});
    CAPTURE(ran.out, ran.err);
    CHECK(holds(ran.out, "the rules: recorded sha256:"));
    CHECK_FALSE(holds(ran.out, "the file"));
  }
  SECTION("what the auditor vouched for") {
    desk.write("signers", "");
    CHECK(holds(replay({"--allowed-signers", "signers"}).out, "the allowed signers: recorded null, here \""));
  }
}

TEST_CASE("audit --record: a bare clone and a commit without a card are recorded, a broken commit is not") {
  const Desk desk;
  Model model;
  desk.make_keys();
  const std::string first = row(desk.good(audit(model)), "record");
  const std::string bare = model.git.scratch() / "bare";
  model.git.git({"clone", "--quiet", "--bare", ".", bare});
  const std::string said = desk.good({"replay", "0", "--repository", bare});
  CHECK(holds(said, "what can be read of the weights model.safetensors: recorded"));
  model.git.remove("README.md");
  model.git.commit("no card");
  const Ran without = desk.run(audit(model));
  REQUIRE(without.code == 0);
  const Json statement = Json::parse(desk.good({"records", "show", "1", "--format", "statement"}));
  REQUIRE(statement["subject"].size() == 1);
  CHECK(statement["subject"][0]["digest"].contains("gitCommit"));
  CHECK(desk.run({"replay", "1", "--repository", model.git.path()}).code == 0);
  // A blob is taken away: what stays has no digest that could stand for the whole.
  const std::string blob = model.git.git({"rev-parse", "HEAD:run.sh"});
  fs::remove(fs::path(model.git.path()) / ".git/objects" / blob.substr(0, 2) / blob.substr(2));
  const Ran broken = desk.run(audit(model));
  CHECK(broken.code == 3);
  CHECK(holds(broken.err, "The digest of run.sh cannot be made"));
  CHECK(row(desk.good({"store", "info"}), "records") == "2");
  CHECK(desk.run({"audit", model.git.path(), "--record", "--write-baseline", "b"}).code == 2);
}

TEST_CASE(
    "audit, check, records and replays honour a waiver while it lasts, and find it when it has expired") {
  const Desk desk;
  ClockedProgram program;
  const std::string card = (desk.root() / "README.md").string();
  const auto run = [&](Words words, const Words& more) {
    words.insert(words.end(), more.begin(), more.end());
    for (const auto& word :
         {std::string("--state"), (desk.root() / "state").string(), std::string("--store"), desk.store()})
      words.push_back(word);
    return program.run(words);
  };
  GitRepository made;
  made.write("README.md", kWrongLicence);
  made.commit("heron");
  const Words secret{"--passphrase-file", (desk.root() / "passphrase").string()};
  REQUIRE(program
              .run({"key", "new", "--state", (desk.root() / "state").string(), "--passphrase-file",
                    (desk.root() / "passphrase").string()})
              .code == 0);
  REQUIRE(run({"waive", kRule, "--subject", "acme/heron", "--owner", "a", "--approver", "b", "--ticket",
               "T-7", "--expires", "2026-11-22", "--reason", "r"},
              secret)
              .code == 0);
  const Words judged{"--no-config", "--policy", "metadata-only", "--subject", "acme/heron"};
  Words recorded = judged;
  recorded.insert(recorded.end(), {"--record", secret[0], secret[1]});
  const Words commands[] = {{"check", card}, {"audit", made.path()}};
  for (const Words& command : commands) {
    CAPTURE(command);
    CHECK(run(command, judged).code == 0);
    CHECK(run(command, recorded).code == 0);
  }
  program.now += 16 * std::uint64_t{3600};  // 2026-11-22T00:00:00Z
  for (const Words& command : commands) {
    CAPTURE(command);
    for (const Words& how : {judged, recorded}) {
      const Ran expired = run(command, how);
      CHECK(expired.code == 1);
      CHECK(holds(expired.out, "suppression/invalid"));
      CHECK(holds(expired.out, "(T-7, owner a) expired at 2026-11-22T00:00:00Z"));
    }
  }
  // The records of both days say what held on theirs, and come out the same today.
  for (const auto& [index, result, rules] : {std::tuple{"1", "PASSED", 0}, std::tuple{"2", "PASSED", 0},
                                             std::tuple{"3", "FAILED", 2}, std::tuple{"4", "FAILED", 2}}) {
    CAPTURE(index);
    const std::string statement = run({"records", "show", index, "--format", "statement"}, {}).out;
    const Json predicate = Json::parse(statement)["predicate"];
    CHECK(predicate["result"] == result);
    CHECK(predicate["failedTests"].size() == static_cast<std::size_t>(rules));
    CHECK(predicate["cardwardenAudit"]["waivers"].size() == (rules == 0 ? 1U : 0U));
    const bool of_commit = holds(statement, "gitCommit");
    const Ran again = run({"replay", index}, of_commit ? Words{"--repository", made.path()} : Words{});
    CAPTURE(again.out, again.err);
    CHECK(row(again.out, "answer") == "reproduced, bit for bit");
  }
}

TEST_CASE("audit --record: a secret of a file or of an earlier card stands nowhere in what is kept") {
  const Desk desk;
  Model model;
  // In two parts, so that no scanner takes this file for a leak.
  const std::string token = std::string("hf") + "_CJXDCGLmlZGEONYlgCtjfIZSOcMzCPVNPk";
  model.git.write("push.py", "login(token=\"" + token + "\")\n");
  model.git.write("README.md", kCard + "\n" + token + "\n");
  model.git.commit("a script");
  model.git.write("README.md", kCard);
  model.git.commit("the card without its token");
  desk.make_keys();
  desk.good(audit(model));
  desk.good({"export", "0", "--output", "out"});
  const std::string findings = desk.good({"records", "show", "0", "--format", "findings"});
  CHECK(holds(findings, "repository/secret-in-repository"));
  CHECK(holds(findings, "history/secret-in-history"));
  CHECK(holds(findings, "hf_C…"));
  std::size_t files = 0;
  for (const fs::directory_entry& one : fs::recursive_directory_iterator(desk.root())) {
    if (!one.is_regular_file()) continue;
    ++files;
    INFO(one.path());
    CHECK_FALSE(holds(read(one.path()), token.substr(4, 12)));
  }
  CHECK(files > 5);
  CHECK(row(desk.good({"replay", "0", "--repository", model.git.path()}), "answer") ==
        "reproduced, bit for bit");
}

TEST_CASE("diff, compare and baselines honour a waiver while it lasts, and find it when it has expired") {
  const Desk desk;
  ClockedProgram program;
  GitRepository made;
  made.write("README.md", "---\nlicense: mit\n---\n# heron\n");
  made.commit("heron");
  made.write("README.md", kWrongLicence);
  made.commit("another licence");
  const std::string card = (desk.root() / "README.md").string();
  const Words state{"--state", (desk.root() / "state").string()};
  const Words secret{"--passphrase-file", (desk.root() / "passphrase").string()};
  const auto run = [&program](Words words, const std::vector<Words>& more) {
    for (const Words& some : more) words.insert(words.end(), some.begin(), some.end());
    return program.run(words);
  };
  const Words policy{"--no-config", "--policy", "metadata-only"};
  const Words waivers{"--store", desk.store(), "--subject", "acme/heron"};
  const Words diff{"diff", "HEAD~1", made.path(), "--format", "json"};
  const Words compare{"compare", made.path(), "--format", "json", "--no-cache"};
  const auto appeared = [&](const std::vector<Words>& how) {
    return Json::parse(run(diff, how).out)["findings"]["new"].size();
  };
  const auto errors = [&](const std::vector<Words>& how) {
    const Ran ran = run(compare, how);
    INFO(ran.out << ran.err);
    REQUIRE(ran.code == 0);
    return Json::parse(ran.out)["candidates"][0]["errors"].get<int>();
  };
  const auto baseline = [&](const std::vector<Words>& how) {
    const std::string path = (desk.root() / "baseline.json").string();
    fs::remove(path);
    const Ran ran = run({"baseline", "create", card, "--output", path}, how);
    INFO(ran.out << ran.err);
    REQUIRE(ran.code == 0);
    return Json::parse(read(path))["findings"].size();
  };
  REQUIRE(run({"key", "new"}, {state, secret}).code == 0);
  for (const std::string& subject : {std::string("acme/heron"), card}) {
    REQUIRE(run({"waive", kRule, "--subject", subject, "--owner", "a", "--approver", "b", "--ticket", "T-7",
                 "--expires", "2026-11-22", "--reason", "r"},
                {state, secret, {"--store", desk.store()}})
                .code == 0);
  }
  const Words store_only{"--store", desk.store()};
  CHECK(appeared({policy}) == 1);
  CHECK(appeared({policy, state, waivers}) == 0);
  CHECK(errors({policy}) == 1);
  CHECK(errors({policy, state, waivers}) == 0);
  CHECK(baseline({policy}) == 1);
  CHECK(baseline({policy, state, store_only}) == 0);
  // The key of another machine has not signed them.
  const Words stranger{"--state", (desk.root() / "other").string()};
  CHECK(appeared({policy, stranger, waivers}) == 1);
  CHECK(holds(run(diff, {policy, stranger, waivers}).err, "The waiver in log entry 0 does not count."));
  program.now += 16 * std::uint64_t{3600};  // 2026-11-22T00:00:00Z
  CHECK(appeared({policy, state, waivers}) == 2);
  CHECK(errors({policy, state, waivers}) == 2);
  CHECK(baseline({policy, state, store_only}) == 2);
  CHECK(run(compare, {policy, waivers, {"--subject", "acme/egret"}}).code == 2);
}

}  // namespace cardwarden::testing
