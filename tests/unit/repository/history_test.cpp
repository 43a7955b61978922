// SPDX-License-Identifier: Apache-2.0
#include "repository/history.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "base/text.h"
#include "crypto/bytes.h"
#include "repository/rename.h"
#include "support/git.h"

using namespace cardwarden;
using cardwarden::testing::GitRepository;
using cardwarden::testing::lfs_pointer;

namespace {

const std::string kOidA(64, 'a');
const std::string kOidB(64, 'b');

History history_of(const std::string& path, const HistoryOptions& options = {}) {
  auto repository = Repository::open(path);
  REQUIRE(repository);
  auto history = read_history(*repository, repository->resolve("HEAD").value(), options);
  REQUIRE(history);
  return std::move(*history);
}

std::string ids(const History& history) {
  std::string out;
  for (const CardRevision& one : history.revisions) out += (out.empty() ? "" : "\n") + one.commit.id.hex();
  return out;
}

std::string log_of(GitRepository& made, std::vector<std::string> more = {}) {
  std::vector<std::string> words = {"log", "--format=%H"};
  words.insert(words.end(), more.begin(), more.end());
  words.insert(words.end(), {"--", "README.md"});
  return made.git(words);
}

// "kind path" of each change, in order.
std::string changes(const History& history) {
  std::string out;
  for (const WeightChange& one : history.weight_changes) {
    out += (out.empty() ? "" : ", ") + std::string(to_string(one.kind)) + " " + one.path;
  }
  return out;
}

}  // namespace

TEST_CASE("history: revisions are those of git log, with people, time, blob and parents") {
  GitRepository made;
  made.write("README.md", "one\n");
  const std::string first = made.commit("first card");
  made.write("other.txt", "x");
  made.commit("not the card");
  made.write("README.md", "two\n");
  const std::string second = made.commit("second card\n\nWith a body.");
  const History history = history_of(made.path());
  CHECK(ids(history) == log_of(made));
  REQUIRE(history.revisions.size() == 2);
  const CardRevision& newest = history.revisions[0];
  CHECK(newest.commit.id.hex() == second);
  CHECK(newest.commit.subject == "second card");
  CHECK(newest.commit.author.name == "Ada Author");
  CHECK(newest.commit.committer.email == "cem@example.org");
  CHECK(newest.commit.committer.time == made.time());
  CHECK(newest.commit.committer.zone_minutes == 60);
  CHECK(newest.commit.signature == SignatureKind::none);
  CHECK(newest.commit.parents.size() == 1);
  CHECK(newest.change == CardChange::changed);
  CHECK(newest.blob->hex() == made.git({"rev-parse", "HEAD:README.md"}));
  CHECK(history.revisions[1].commit.id.hex() == first);
  CHECK(history.revisions[1].change == CardChange::added);
  CHECK(history.commits == 3);
  CHECK_FALSE(history.truncated);
}

TEST_CASE("history: a card that is removed and comes back has both as revisions") {
  GitRepository made;
  made.write("README.md", "one\n");
  made.commit("add");
  made.remove("README.md");
  made.commit("remove");
  made.write("README.md", "again\n");
  made.commit("back");
  const History history = history_of(made.path());
  CHECK(ids(history) == log_of(made));
  REQUIRE(history.revisions.size() == 3);
  CHECK(history.revisions[1].change == CardChange::removed);
  CHECK_FALSE(history.revisions[1].blob);
  made.remove("README.md");
  made.commit("gone for good");
  CHECK(history_of(made.path()).revisions[0].change == CardChange::removed);
}

TEST_CASE("history: a renamed card is followed under its old names") {
  GitRepository made;
  made.write("docs/card.md", "# Card\n\nA\nB\nC\nD\n");
  made.write("notes.md", "# Notes\n\nother text\n");
  const std::string first = made.commit("add");
  made.write("docs/card.md", "# Card\n\nA\nB\nC\nD\nE\n");
  made.commit("edit under the old name");
  made.remove("docs/card.md");
  made.remove("notes.md");
  made.write("README.md", "# Card\n\nA\nB\nC\nD\nE\nF\n");
  made.commit("rename with an edit");
  const History history = history_of(made.path());
  REQUIRE(history.revisions.size() == 3);
  CHECK(history.revisions[0].change == CardChange::renamed);
  CHECK(history.revisions[0].old_path == "docs/card.md");
  CHECK(history.revisions[1].path == "docs/card.md");
  CHECK(history.revisions[2].commit.id.hex() == first);
}

TEST_CASE("history: a new card beside an unlike text that goes is no renaming") {
  GitRepository made;
  made.write("notes.md", "nothing alike\n");
  made.commit("notes");
  made.remove("notes.md");
  made.write("README.md", "# Card\n\nwords\n");
  made.commit("card");
  const History history = history_of(made.path());
  REQUIRE(history.revisions.size() == 1);
  CHECK(history.revisions[0].change == CardChange::added);
}

TEST_CASE("history: merges are simplified as git log simplifies them") {
  GitRepository made;
  made.write("README.md", "a\n\n\n\n\nb\n");
  made.commit("base");
  made.git({"checkout", "-q", "-b", "side"});
  made.write("README.md", "a side\n\n\n\n\nb\n");
  made.commit("side edit");
  made.git({"checkout", "-q", "main"});
  made.write("other.txt", "x");
  made.commit("main does other things");
  made.git({"merge", "-q", "--no-ff", "-m", "merge side", "side"});  // same card as side: no revision
  CHECK(ids(history_of(made.path())) == log_of(made));
  made.git({"checkout", "-q", "-b", "other"});
  made.write("README.md", "a side\n\n\n\n\nb other\n");
  made.commit("other edit");
  made.git({"checkout", "-q", "main"});
  made.write("README.md", "a main\n\n\n\n\nb\n");
  made.commit("main edit");
  made.set_time(made.time() + 3600);
  made.git({"merge", "-q", "-m", "merge both", "other"});  // differs from both: a revision
  const History both = history_of(made.path());
  CHECK(ids(both) == log_of(made));
  CHECK(both.revisions[0].commit.subject == "merge both");
  CHECK(both.merges == 2);
  HistoryOptions first;
  first.first_parent = true;
  CHECK(ids(history_of(made.path(), first)) == log_of(made, {"--first-parent"}));
  made.set_time(made.time() + 3600);
  made.git({"checkout", "-q", "-b", "dead"});
  made.write("README.md", "thrown away\n");
  made.commit("dead edit");
  made.git({"checkout", "-q", "main"});
  made.git({"merge", "-q", "-s", "ours", "--no-ff", "-m", "ours",
            "dead"});  // the branch with the other card is left out
  CHECK(ids(history_of(made.path())) == log_of(made));
}

TEST_CASE("history: a criss-cross of branches with random edits gives what git log gives") {
  GitRepository made;
  made.write("README.md", "0\n");
  made.commit("base");
  unsigned state = 7;
  const auto roll = [&state](unsigned sides) {
    state = state * 1103515245U + 12345U;
    return (state >> 16U) % sides;
  };
  for (int i = 0; i < 3; ++i) made.git({"branch", "b" + std::to_string(i)});
  for (int step = 0; step < 40; ++step) {
    made.git({"checkout", "-q", "b" + std::to_string(roll(3))});
    if (roll(3) == 0) {
      made.set_time(made.time() + 3600);
      const std::string strategy = roll(2) == 0 ? "ours" : "theirs";
      made.git({"merge", "-q", "--no-ff", "-X", strategy, "-m", "merge", "b" + std::to_string(roll(3))});
    } else {
      made.write(roll(2) == 0 ? "README.md" : "other.txt", std::to_string(roll(4)) + "\n");
      made.commit("step " + std::to_string(step));
    }
  }
  CHECK(ids(history_of(made.path())) == log_of(made));
}

TEST_CASE("history: changes of weights are found by what they point to, with what the card did") {
  GitRepository made;
  made.write("README.md", "card\n");
  made.write("deep/in/model.safetensors", lfs_pointer(kOidA, 10));
  made.commit("add");
  made.write("deep/in/model.safetensors", lfs_pointer(kOidB, 20));
  made.commit("weights only");
  made.write("README.md", "card 2\n");
  made.write("deep/in/model.safetensors", lfs_pointer(kOidA, 10));
  made.commit("both");
  made.remove("deep/in/model.safetensors");
  made.write("model.safetensors", lfs_pointer(kOidA, 10));
  made.commit("move");
  made.remove("model.safetensors");
  made.commit("remove");
  made.write("optimizer.pt", lfs_pointer(kOidA, 10));
  made.commit("training state is no weight");
  const History history = history_of(made.path());
  CHECK(changes(history) ==
        "removed model.safetensors, moved model.safetensors, changed deep/in/model.safetensors, "
        "changed deep/in/model.safetensors, added deep/in/model.safetensors");
  REQUIRE(history.weight_commits.size() == 5);
  std::vector<bool> with_card;
  for (const WeightCommit& one : history.weight_commits) with_card.push_back(one.card_changed);
  CHECK(with_card == std::vector<bool>{false, false, true, false, true});
  CHECK(history.weight_changes[1].old_path == "deep/in/model.safetensors");
  CHECK(history.weight_changes[3].before->lfs->oid == kOidA);
  CHECK(history.weight_changes[3].after->identity() == kOidB);
  CHECK(history.weight_changes[3].commit == 3);
}

TEST_CASE("history: a pointer that is written anew and weights that move into LFS are no change") {
  GitRepository made;
  const std::string bytes = "weights in git";
  made.write("model.safetensors", bytes);
  made.commit("plain");
  made.write("model.safetensors", lfs_pointer(sha256_hex(bytes), bytes.size()));
  made.commit("into LFS");
  made.write("model.safetensors", "version https://hawser.github.com/spec/v1\noid sha256:" +
                                      sha256_hex(bytes) + "\nsize " + std::to_string(bytes.size()) + "\n");
  made.commit("another pointer, the same content");
  CHECK(changes(history_of(made.path())) == "added model.safetensors");
}

TEST_CASE("history: weights that a merge brings from a parent are counted once, where they came") {
  GitRepository made;
  made.write("model.safetensors", lfs_pointer(kOidA, 10));
  made.commit("base");
  made.git({"checkout", "-q", "-b", "side"});
  made.write("model.safetensors", lfs_pointer(kOidB, 10));
  made.commit("side weights");
  made.git({"checkout", "-q", "main"});
  made.write("README.md", "card\n");
  made.commit("card");
  made.set_time(made.time() + 3600);
  made.git({"merge", "-q", "--no-ff", "-m", "merge", "side"});
  CHECK(changes(history_of(made.path())) == "changed model.safetensors, added model.safetensors");
  HistoryOptions first;
  first.first_parent = true;
  const History along = history_of(made.path(), first);
  CHECK(changes(along) == "changed model.safetensors, added model.safetensors");
  CHECK(along.weight_commits[0].commit.subject == "merge");
}

TEST_CASE("history: a shallow clone says where it ends and does not call its oldest commit the first") {
  GitRepository made;
  for (int i = 0; i < 4; ++i) {
    made.write("README.md", std::to_string(i) + "\n");
    made.write("model.safetensors", lfs_pointer(std::string(64, static_cast<char>('a' + i)), 10));
    made.commit("edit " + std::to_string(i));
  }
  const std::string target = made.scratch() / "shallow";
  made.git({"clone", "-q", "--depth", "2", "file://" + made.path(), target});
  const History history = history_of(target);
  CHECK(history.shallow);
  CHECK(history.truncated);
  CHECK(history.truncated_because.find("shallow") != std::string::npos);
  REQUIRE(history.revisions.size() == 2);
  CHECK(history.revisions[1].change == CardChange::oldest);
  CHECK(history.weight_commits.size() == 1);
}

TEST_CASE("history: a missing commit or tree truncates the history and says which") {
  GitRepository made;
  std::vector<std::string> commits;
  for (int i = 0; i < 4; ++i) {
    made.write("README.md", std::to_string(i) + "\n");
    commits.push_back(made.commit("edit"));
  }
  const auto forget = [&made](const std::string& id) {
    std::filesystem::remove(made.path() + "/.git/objects/" + id.substr(0, 2) + "/" + id.substr(2));
  };
  const std::string tree = made.git({"rev-parse", commits[1] + "^{tree}"});
  forget(commits[0]);
  History history = history_of(made.path());
  CHECK(history.truncated);
  CHECK(history.truncated_because.find(commits[0]) != std::string::npos);
  REQUIRE(history.revisions.size() == 3);
  CHECK(history.revisions[2].change == CardChange::oldest);
  forget(tree);
  history = history_of(made.path());
  CHECK(history.truncated);
  REQUIRE(history.revisions.size() == 2);
  CHECK(history.revisions[1].change == CardChange::oldest);
}

TEST_CASE("history: each bound stops the walk and names itself") {
  GitRepository made;
  for (int i = 0; i < 6; ++i) {
    made.write("README.md", std::to_string(i) + "\n");
    made.write("model.safetensors", lfs_pointer(std::string(64, static_cast<char>('a' + i)), 10));
    made.git({"tag", "t" + std::to_string(i), made.commit("edit")});
  }
  HistoryOptions options;
  options.limits.commits = 3;
  CHECK(history_of(made.path(), options).truncated_because.find("HistoryLimits::commits") !=
        std::string::npos);
  options = {};
  options.limits.revisions = 2;
  History history = history_of(made.path(), options);
  CHECK(history.revisions.size() == 2);
  CHECK(history.truncated_because.find("HistoryLimits::revisions") != std::string::npos);
  options = {};
  options.limits.weight_changes = 2;
  history = history_of(made.path(), options);
  CHECK(history.weight_changes.size() == 2);
  CHECK(history.truncated_because.find("HistoryLimits::weight_changes") != std::string::npos);
  options = {};
  options.limits.tags = 2;
  history = history_of(made.path(), options);
  CHECK(history.tags.size() == 2);
  CHECK(history.truncated_because.find("HistoryLimits::tags") != std::string::npos);
}

TEST_CASE("history: tags come with their kind and what they name") {
  GitRepository made;
  const std::string commit = made.commit("one");
  made.git({"tag", "light"});
  made.git({"tag", "-a", "-m", "words", "v1"});
  const History history = history_of(made.path());
  REQUIRE(history.tags.size() == 2);
  CHECK(history.tags[0].name == "light");
  CHECK(history.tags[0].tag.is_zero());
  CHECK(history.tags[0].target.hex() == commit);
  CHECK(history.tags[1].name == "v1");
  CHECK(history.tags[1].target.hex() == commit);
  CHECK(history.tags[1].tag.hex() == made.git({"rev-parse", "v1"}));
  CHECK(history.tags[1].tagger.name == "Cem Committer");
}

TEST_CASE("history: a rewritten branch is one whose old tip is no ancestor") {
  GitRepository made;
  const std::string base = made.commit("base");
  const std::string old_tip = made.commit("old");
  made.git({"reset", "-q", "--hard", base});
  const std::string tip = made.commit("new");
  auto repository = Repository::open(made.path());
  REQUIRE(repository);
  const auto id = [](const std::string& hex) { return *ObjectId::from_hex(hex); };
  CHECK(is_ancestor(*repository, id(base), id(tip)).value());
  CHECK(is_ancestor(*repository, id(tip), id(tip)).value());
  CHECK_FALSE(is_ancestor(*repository, id(old_tip), id(tip)).value());
  CHECK_FALSE(is_ancestor(*repository, id(base), id(std::string(40, '1'))).has_value());
}

TEST_CASE("history: a card that is a link, then a folder, then a file stays readable") {
  GitRepository made;
  std::filesystem::create_symlink("elsewhere", made.path() + "/README.md");
  made.commit("link");
  made.remove("README.md");
  made.write("README.md/inside.md", "x\n");
  made.commit("folder");
  made.remove("README.md");
  made.write("README.md", "card\n");
  made.commit("file");
  const History history = history_of(made.path());
  REQUIRE(history.revisions.size() == 3);
  CHECK(history.revisions[0].blob);
  CHECK_FALSE(history.revisions[2].blob);
}

TEST_CASE("history: similarity of lines") {
  CHECK(line_similarity("a\nb\n", "a\nb\n") == Approx(1.0));
  CHECK(line_similarity("a\nb\n", "c\nd\n") == Approx(0.2).margin(0.2));
  CHECK(line_similarity("", "a") == 0);
  CHECK(may_have_been_card("docs/Model_Card.txt"));
  CHECK(may_have_been_card("README"));
  CHECK_FALSE(may_have_been_card("requirements.txt"));
}
