// SPDX-License-Identifier: Apache-2.0
// Signed records by the built program: what is typed, what is answered, what stands in the files afterwards.
#include <regex>

#include "base/time.h"
#include "cli/command.h"
#include "conformance/backends.h"
#include "desk.h"

namespace cardwarden::testing {

TEST_CASE("records: an audit is signed, logged, proven, exported and verified, on every backend") {
  for (const Backend& backend : backends()) {
    CAPTURE(backend.name);
    const Desk desk(backend.address);
    desk.make_keys();
    const std::string first = desk.record();
    desk.good({"log", "checkpoint", "--output", "old"});
    const Ran again = desk.check({"--record", "--subject", "acme/other", "README.md"});
    CHECK(again.code == 1);  // the gate, which a record does not change
    CHECK(holds(row(again.out, "log"), "entry 1 of " + backend.address.substr(0, 7)));
    desk.good({"log", "checkpoint"});
    desk.good({"log", "consistency", "--from", "old", "--output", "growth"});
    desk.good({"export", first, "--output", "out"});
    desk.write("key.pem", desk.good({"key", "export", "record"}));
    desk.write("log.vkey", desk.good({"key", "export", "log", "--format", "vkey"}));
    const Words verify{"verify",           "out",      "--key",         "key.pem",
                       "--log-key",        "log.vkey", "--file",        "README.md",
                       "--old-checkpoint", "old",      "--consistency", "growth"};
    const std::string said = desk.good(verify);
    for (const char* line : {"passed       signature     Signed by key.pem, ed25519 ",
                             "passed       log           Entry 0 of 2 in audit.example/log1",
                             "passed       history       The log of 2 entries continues the one of 1.",
                             "passed       findings ", "passed       subject       README.md is the subject",
                             "not checked  witnesses ", "The record is good"}) {
      CAPTURE(line, said);
      CHECK(holds(said, line));
    }
    // Another card, another key, other findings: each is said, and the exit code says it too.
    desk.write("README.md", kWrongLicence + "\n");
    CHECK(desk.run(verify).code == 1);
    CHECK(holds(desk.run(verify).out, "FAILED       subject"));
    desk.good({"key", "new", "stranger"});
    desk.write("stranger.pem", desk.good({"key", "export", "stranger"}));
    const Ran wrong = desk.run({"verify", "out", "--key", "stranger.pem"});
    CHECK(wrong.code == 1);
    CHECK(holds(wrong.out, "THE RECORD IS NOT GOOD."));
    desk.write("out/findings.json", desk.file("out/findings.json") + " ");
    CHECK(desk.run({"verify", "out", "--key", "key.pem"}).code == 1);
    CHECK(desk.run({"verify", "nowhere", "--key", "key.pem"}).code == 3);
    CHECK(desk.run({"verify", "out"}).code == 2);
  }
}

TEST_CASE("records: what export --openssl prints is run by the shell and holds for both algorithms") {
  for (const std::string algorithm : {"ed25519", "p256"}) {
    CAPTURE(algorithm);
    const Desk desk;
    desk.good({"key", "new", "--algorithm", algorithm});
    const std::string id = desk.record();
    const std::string said = desk.good({"export", id, "--openssl", "--output", "out"});
    std::istringstream lines(said.substr(said.find("in that folder:\n") + 16));
    std::string answers;
    int commands = 0;
    for (std::string line; std::getline(lines, line);) {
      const Ran ran = desk.shell("cd out; " + line);
      INFO(line << ": " << ran.out << ran.err);
      CHECK(ran.code == 0);
      answers += ran.out;
      ++commands;
    }
    CHECK(commands == 3);
    CHECK((holds(answers, "Signature Verified Successfully") || holds(answers, "Verified OK")));
    CHECK(holds(answers, row(desk.good({"key", "show", "record"}), "key id")));
    const Json statement = Json::parse(desk.file("out/statement.json"));
    CHECK(holds(answers, statement["predicate"]["cardwardenAudit"]["findings"]["digest"]["sha256"]));
  }
}

TEST_CASE("records: witnesses cosign what grows, and nothing else") {
  for (const Backend& backend : backends()) {
    CAPTURE(backend.name);
    const Desk desk(backend.address);
    const Desk witness;
    desk.make_keys();
    const std::string id = desk.record();
    desk.good({"log", "checkpoint"});
    witness.write("log.vkey", desk.good({"key", "export", "log", "--format", "vkey"}));
    witness.good({"key", "new", "--role", "cosign", "--origin", "witness.example/w1"});
    witness.write("request", desk.good({"log", "consistency"}));
    const Words cosign{"log", "cosign", "request", "--log-key", "log.vkey"};
    const std::string line = witness.good(cosign);
    CHECK(holds(line, "— witness.example/w1 "));
    CHECK(witness.run(cosign).code == 1);  // it has seen one entry now, and this starts from none
    desk.write("line", line);
    desk.write("w.vkey", witness.good({"key", "export", "cosign", "--format", "vkey"}));
    desk.good({"log", "checkpoint", "--cosignature", "line", "--witness", "w.vkey"});
    desk.good({"export", id, "--output", "out"});
    desk.write("log.vkey", witness.file("log.vkey"));
    desk.write("key.pem", desk.good({"key", "export", "record"}));
    const Words verify{"verify",   "out",       "--key",  "key.pem",  "--log-key",
                       "log.vkey", "--witness", "w.vkey", "--quorum", "1"};
    CHECK(
        holds(desk.good(verify), "passed       witnesses     The checkpoint was seen by witness.example/w1"));
    // A longer log, with the proof from what it has seen; then a log that was set back.
    desk.write(
        "first",
        desk.file("out/record.tlog-proof").substr(desk.file("out/record.tlog-proof").find("\n\n") + 2));
    desk.record("acme/second");
    desk.good({"log", "checkpoint"});
    witness.write("request", desk.good({"log", "consistency", "--from", "first"}));
    CHECK(holds(witness.good(cosign), "— witness.example/w1 "));
    std::string forged = witness.file("request");
    forged[forged.find('\n') + 1] ^= 1;
    witness.write("request", forged);
    CHECK(witness.run(cosign).code != 0);
  }
}

TEST_CASE("records: the monitor and fsck find what was changed or set back") {
  for (const Backend& backend : backends()) {
    CAPTURE(backend.name);
    const Desk desk(backend.address);
    desk.make_keys();
    desk.record("acme/one");
    desk.record("acme/two");
    desk.good({"log", "checkpoint", "--output", "kept"});
    CHECK(row(desk.good({"log", "fsck", "--kept", "kept"}), "answer") == "sound");
    CHECK(row(desk.good({"log", "monitor", "--kept", "seen"}), "answer") == "kept");
    desk.record("acme/three");
    desk.good({"log", "checkpoint"});
    CHECK(row(desk.good({"log", "monitor", "--kept", "seen"}), "answer") == "consistent: the log only grew");
    CHECK(holds(desk.file("seen"), "audit.example/log1\n3\n"));
    CHECK(holds(desk.good({"log", "prove", "1"}), "c2sp.org/tlog-proof@v1\nindex 1\n"));
    CHECK(desk.run({"log", "prove", "3"}).code == 3);
    desk.good({"log", "export", "tiles"});
    CHECK(desk.file("tiles/checkpoint") == desk.file("seen"));
    CHECK(fs::file_size(desk.root() / "tiles/tile/0/000.p/3") == 96);
    // The newest checkpoint is taken away, as by a restored backup.
    backend.execute("DELETE FROM checkpoints WHERE size = 3");
    const Ran refused = desk.run({"log", "monitor", "--kept", "seen"});
    CHECK(refused.code == 1);
    CHECK(holds(refused.out, "REFUSED: The log had 3 entries and has 2 entries"));
    CHECK(holds(desk.file("seen"), "audit.example/log1\n3\n"));
    backend.execute(
        "UPDATE nodes SET hash = (SELECT hash FROM nodes WHERE level = 0 AND place = 0) WHERE level = 0 AND "
        "place = 1");
    const Ran broken = desk.run({"log", "fsck"});
    CHECK(broken.code == 1);
    CHECK(row(broken.out, "answer") == "NOT SOUND");
  }
}

TEST_CASE("records: a verdict names the audit by its bytes and the address that it is for") {
  const Desk desk;
  desk.make_keys();
  const Ran ran = desk.check(
      {"--record", "--verdict", "https://hub.example/acme/heron", "--subject", "acme/heron", "README.md"});
  CHECK(ran.code == 1);
  const Json verdict = Json::parse(desk.good({"records", "show", "1", "--format", "statement"}));
  const Json& predicate = verdict["predicate"];
  CHECK(verdict["predicateType"] == "https://slsa.dev/verification_summary/v1");
  CHECK(predicate["inputAttestations"][0]["digest"]["sha256"] == row(ran.out, "record"));
  CHECK(predicate["verificationResult"] == "FAILED");
  CHECK(predicate["resourceUri"] == "https://hub.example/acme/heron");
  CHECK(predicate["policy"]["digest"]["sha256"] ==
        row(desk.good({"records", "show", "0"}), "policy").substr(7));
  CHECK(row(desk.good({"records", "show", row(ran.out, "verdict")}), "kind") == "verdict");
  desk.good({"export", "1", "--output", "out"});
  desk.write("key.json", desk.good({"key", "export", "record", "--format", "json"}));
  CHECK(holds(desk.good({"verify", "out", "--key", "key.json", "--file", "README.md"}),
              "A record of kind verdict"));
  desk.write("README.md", "---\nlicense: mit\n---\n# heron\n");
  CHECK(desk.check({"--record", "--verdict", "pkg:huggingface/acme/heron", "README.md"}).code == 0);
  CHECK(holds(desk.good({"records", "show", "3", "--format", "statement"}),
              "\"verificationResult\":\"PASSED\""));
  CHECK(desk.check({"--verdict", "https://hub.example/", "README.md"}).code == 2);
  CHECK(desk.check({"--record", "--verdict", "acme/heron", "README.md"}).code == 2);
}

TEST_CASE("records: a store that was set back, or another one, is not signed under the same origin") {
  for (const Backend& backend : backends()) {
    CAPTURE(backend.name);
    const Backend other = sqlite_backend();
    const Desk desk(backend.address);
    desk.make_keys();
    desk.record("acme/one");
    desk.good({"log", "checkpoint"});
    const Ran elsewhere = desk.run({"log", "checkpoint", "--store", other.address});
    CHECK(elsewhere.code == 3);  // there is no store yet
    desk.good({"store", "migrate", "--store", other.address});
    const Ran empty = desk.run({"log", "checkpoint", "--store", other.address});
    CHECK(empty.code == 3);
    CHECK(holds(empty.err, "has signed 1 entry of the log audit.example/log1, and the store has 0"));
    CHECK(desk.check(
                  {"--record", "--exit-zero", "--store", other.address, "--subject", "acme/two", "README.md"})
              .code == 0);
    const Ran second = desk.run({"log", "checkpoint", "--store", other.address});
    CHECK(second.code == 3);
    CHECK(holds(second.err, "and the store has others"));
    CHECK(holds(desk.good({"store", "info", "--store", other.address}), "no checkpoint yet"));
    desk.record("acme/three");
    desk.good({"log", "checkpoint"});
    desk.good({"log", "checkpoint"});
  }
}

TEST_CASE("records: lists are filtered and paged, in text, JSON and CSV") {
  for (const Backend& backend : backends()) {
    CAPTURE(backend.name);
    const Desk desk(backend.address);
    desk.make_keys();
    for (const char* subject : {"acme/one", "acme/two", "=acme,\"three\""}) desk.record(subject);
    desk.write("README.md", "---\nlicense: mit\n---\n# heron\n");
    desk.record("acme/clean");
    const auto indexes = [&desk](Words filter) {
      Words all{"records", "list", "--format", "json"};
      all.insert(all.end(), filter.begin(), filter.end());
      std::vector<int> out;
      const Json page = Json::parse(desk.good(all));
      for (const Json& one : page["records"]) out.push_back(one["index"]);
      out.push_back(page["next"].is_null() ? -1 : page["next"].get<int>());
      return out;
    };
    using Indexes = std::vector<int>;
    CHECK(indexes({}) == Indexes{0, 1, 2, 3, -1});
    CHECK(indexes({"--limit", "2"}) == Indexes{0, 1, 1});
    CHECK(indexes({"--limit", "2", "--after", "1"}) == Indexes{2, 3, 3});
    CHECK(indexes({"--limit", "2", "--after", "3"}) == Indexes{-1});
    CHECK(indexes({"--newest", "--limit", "1"}) == Indexes{3, 3});
    CHECK(indexes({"--subject", "acme/two"}) == Indexes{1, -1});
    CHECK(indexes({"--kind", "waiver"}) == Indexes{-1});
    CHECK(indexes({"--result", "PASSED"}) == Indexes{3, -1});
    CHECK(indexes({"--rule", kRule}) == Indexes{0, 1, 2, -1});
    CHECK(indexes({"--from", "2020-01-01", "--until", "2020-01-02"}) == Indexes{-1});
    CHECK(indexes({"--disclosure", "license", "--subject", "acme/clean"}).size() <= 2);
    const std::string policy = row(desk.good({"records", "show", "0"}), "policy");
    CHECK(indexes({"--policy", policy}) == Indexes{0, 1, 2, 3, -1});
    CHECK(indexes({"--policy", std::string(64, '0')}) == Indexes{-1});
    const std::string csv = desk.good({"records", "list", "--format", "csv"});
    CHECK(csv.compare(0, 57, "index,id,kind,result,finished_at,policy,tenant,subjects\r\n") == 0);
    CHECK(holds(csv, ",\"'=acme,\"\"three\"\"\"\r\n"));
    CHECK(holds(desk.good({"records", "list"}), "acme/two\n"));
    CHECK(Json::parse(desk.good({"records", "show", "1", "--format", "findings"}))["cards"].size() == 1);
    CHECK(desk.run({"records", "show", "9"}).code == 3);
    CHECK(desk.run({"records", "show", "x"}).code == 2);
    CHECK(desk.run({"records", "list", "--from", "yesterday"}).code == 2);
  }
}

TEST_CASE("records: a store goes to the other backend and back, and nothing is lost") {
  const Backend sqlite = sqlite_backend();
  const Backend postgres = postgres_backend();
  const Backend back = sqlite_backend();
  const Desk desk(sqlite.address);
  desk.make_keys();
  for (const char* subject : {"acme/one", "acme/two", "acme/three"}) {
    desk.record(subject);
    desk.good({"log", "checkpoint", "--output", "kept"});
  }
  const std::string pipe =
      "set -e; B=" + quoted(CARDWARDEN_BINARY) + "; $B store export --store " + quoted(sqlite.address) +
      " >one; $B store import --store " + quoted(postgres.address) + " <one; $B store import --store " +
      quoted(postgres.address) + " <one; $B store export --store " + quoted(postgres.address) +
      " >two; $B store import --store " + quoted(back.address) + " <two; $B store export --store " +
      quoted(back.address) + " >three";
  const Ran ran = desk.shell(pipe);
  INFO(ran.out << ran.err);
  REQUIRE(ran.code == 0);
  CHECK(desk.file("one") == desk.file("two"));
  CHECK(desk.file("one") == desk.file("three"));
  std::string root;
  for (const Backend* backend : {&sqlite, &postgres, &back}) {
    const std::string said = desk.good({"log", "fsck", "--store", backend->address, "--kept", "kept"});
    CHECK(row(said, "answer") == "sound");
    CHECK((root.empty() || row(said, "root") == root));
    root = row(said, "root");
    CHECK(row(desk.good({"store", "info", "--store", backend->address}), "records") == "3");
    const std::string schema = row(desk.good({"store", "migrate", "--store", backend->address}), "schema");
    CHECK(schema.find(", up to date") != std::string::npos);
  }
  CHECK(root.size() == 64);
  // What was cut off, reordered or belongs to another log is refused.
  const Backend other = sqlite_backend();
  const std::string take = quoted(CARDWARDEN_BINARY) + " store import --store " + quoted(other.address);
  CHECK(desk.shell("head -n 3 one | " + take).code == 3);
  CHECK(desk.shell("grep -v checkpoint one | " + take).code == 3);
  CHECK(desk.shell("tac one | " + take).code == 3);
  CHECK(desk.run({"replay", "0"}).code == 0);
  CHECK(desk.run({"replay", "0", "--store", back.address}).code == 0);
}

TEST_CASE("records: a key is replaced by a record that both keys have signed") {
  for (const Backend& backend : backends()) {
    CAPTURE(backend.name);
    const Desk desk(backend.address);
    desk.make_keys();
    const std::string before = row(desk.good({"key", "show", "record"}), "key id");
    desk.record("acme/before");
    const std::string said = desk.good({"key", "rotate", "record", "--overlap", "7"});
    const std::string after = row(desk.good({"key", "show", "record"}), "key id");
    CHECK(before != after);
    CHECK(row(said, "new key") == after);
    desk.record("acme/after");
    CHECK(row(desk.good({"records", "show", "2"}), "key") == after);
    CHECK(row(desk.good({"records", "show", "1"}), "key") == before);
    desk.write("old.pem", desk.good({"key", "export", "record." + before.substr(0, 12)}));
    desk.write("new.pem", desk.good({"key", "export", "record"}));
    for (const auto& [record, key] : {std::pair{"1", "old.pem"}, {"2", "new.pem"}}) {
      desk.good({"export", record, "--output", std::string("out") + record});
      desk.good({"verify", std::string("out") + record, "--key", key});
    }
    CHECK(holds(desk.good({"verify", "out1", "--key", "old.pem"}), "passed       new key "));
    CHECK(desk.run({"verify", "out2", "--key", "old.pem"}).code == 1);
    // All keys with their dates in one file, and a file that has none for records.
    desk.write("keys.json", desk.good({"key", "export", "--all"}));
    for (const char* folder : {"out1", "out2"}) desk.good({"verify", folder, "--key", "keys.json"});
    CHECK(holds(desk.good({"verify", "out2", "--key", "keys.json"}), "passed       key validity "));
    CHECK(
        holds(desk.good({"verify", "out1", "--key", "keys.json"}),
              "not checked  key validity  By its own word the record was finished while its key was valid"));
    desk.write("log.json", desk.good({"key", "export", "log", "--format", "json"}));
    CHECK(desk.run({"verify", "out2", "--key", "log.json"}).code == 2);
    CHECK(desk.run({"key", "export", "record", "--all"}).code == 2);
    CHECK(desk.run({"key", "export"}).code == 2);
    // The log's key: the origin stays, and the old checkpoints keep their key.
    desk.good({"log", "checkpoint"});
    desk.good({"key", "rotate", "log"});
    desk.good({"log", "checkpoint"});
    CHECK(row(desk.good({"log", "fsck"}), "answer") == "sound");
    desk.good({"key", "rotate", "record", "--reason", "compromise"});
    CHECK(holds(desk.good({"key", "list"}), "revoked from "));
  }
}

TEST_CASE("records: a reader who knows a key of the log reads on while the change to the next one is young") {
  const Desk desk;
  desk.make_keys();
  desk.record();
  desk.write("old", desk.good({"log", "checkpoint"}));
  const auto hand_out = [&desk](const std::string& vkey, const std::string& folder) {
    desk.write(vkey, desk.good({"key", "export", "log", "--format", "vkey"}));
    desk.good({"log", "checkpoint"});
    desk.good({"export", "0", "--output", folder});
    desk.write("grown", desk.good({"log", "consistency", "--from", "old"}));
  };
  desk.write("first.vkey", desk.good({"key", "export", "log", "--format", "vkey"}));
  desk.write("record.pem", desk.good({"key", "export", "record"}));
  const auto verified = [&desk](const std::string& folder, const Words& keys, bool with_old) {
    Words words{"verify", folder, "--key", "record.pem"};
    for (const std::string& key : keys) words.insert(words.end(), {"--log-key", key});
    if (with_old) words.insert(words.end(), {"--old-checkpoint", "old", "--consistency", "grown"});
    return desk.run(words);
  };
  desk.good({"key", "rotate", "log", "--overlap", "7"});
  hand_out("second.vkey", "young");
  for (const std::string& key : {std::string("first.vkey"), std::string("second.vkey")}) {
    CAPTURE(key);
    CHECK(verified("young", {key}, false).code == 0);
  }
  CHECK(desk.good({"log", "checkpoint"}) == desk.good({"log", "checkpoint"}));
  // The checkpoint of before has one line, so the history takes both keys.
  const Ran without = verified("young", {"second.vkey"}, true);
  CHECK(without.code == 1);
  CHECK(holds(without.out, "where the log has changed its key"));
  CHECK(holds(verified("young", {"second.vkey", "first.vkey"}, true).out, "passed       history"));
  // Without an overlap the new key signs alone.
  desk.good({"key", "rotate", "log", "--reason", "compromise"});
  hand_out("third.vkey", "alone");
  CHECK(verified("alone", {"third.vkey"}, false).code == 0);
  CHECK(verified("alone", {"second.vkey", "third.vkey"}, false).code == 0);
  const Ran refused = verified("alone", {"second.vkey"}, false);
  CHECK(refused.code == 1);
  CHECK(holds(refused.out, "where the log has changed its key"));
  // A key of another log is a mistake of the caller.
  desk.good({"key", "new", "other", "--role", "log", "--origin", "audit.example/log2"});
  desk.write("other.vkey", desk.good({"key", "export", "other", "--format", "vkey"}));
  CHECK(verified("alone", {"third.vkey", "other.vkey"}, false).code == 2);
}

TEST_CASE("records: a key of the log that stays valid but cannot be opened is said and does not sign") {
  const Desk desk;
  desk.make_keys();
  desk.record();
  desk.good({"key", "rotate", "log", "--overlap", "7"});
  REQUIRE(desk.shell("rm state/keys/log.*.pem").code == 0);
  const Ran ran = desk.run({"log", "checkpoint"});
  CHECK(ran.code == 0);
  CHECK(holds(ran.err, "does not sign too"));
}

TEST_CASE("records: a rotation that was cut off is finished by starting it again, with one record") {
  const Desk desk;
  desk.make_keys();
  const std::string before = row(desk.good({"key", "show", "record"}), "key id").substr(0, 12);
  desk.good({"key", "rotate", "record"});
  const std::string after = row(desk.good({"key", "show", "record"}), "key id");
  const fs::path keys = desk.root() / "state/keys";
  // As it stood when the log had answered and no name had changed, and when the old key's had.
  for (const bool old_has_moved : {false, true}) {
    CAPTURE(old_has_moved);
    for (const char* extension : {".pem", ".json"}) {
      fs::rename(keys / ("record" + std::string(extension)), keys / ("record.next" + std::string(extension)));
      if (!old_has_moved)
        fs::rename(keys / ("record." + before + extension), keys / ("record" + std::string(extension)));
    }
    std::ofstream(keys / "record.next.record") << desk.good({"records", "show", "0", "--format", "envelope"});
    desk.good({"key", "rotate", "record"});
    CHECK(row(desk.good({"key", "show", "record"}), "key id") == after);
    CHECK(row(desk.good({"store", "info"}), "records") == "1");
    CHECK(fs::exists(keys / ("record." + before + ".pem")));
    CHECK_FALSE(fs::exists(keys / "record.next.pem"));
    CHECK_FALSE(fs::exists(keys / "record.next.record"));
  }
}

TEST_CASE("records: a replay gives the same findings, or says which input has changed") {
  for (const Backend& backend : backends()) {
    CAPTURE(backend.name);
    const Desk desk(backend.address);
    desk.make_keys();
    const std::string id = desk.record();
    fs::rename(desk.root() / "README.md", desk.root() / "gone.md");  // the store has kept the bytes
    const std::string said = desk.good({"replay", id});
    CHECK(row(said, "answer") == "reproduced, bit for bit");
    CHECK(row(said, "recorded") == row(said, "replayed"));
    // What a list prints of the id is enough to name the record.
    CHECK(desk.good({"replay", id.substr(0, 12)}) == said);
    CHECK(desk.run({"replay", id.substr(0, 11) + (id[11] == '0' ? "1" : "0")}).code == 3);
    CHECK(desk.run({"replay", id.substr(0, 11) + "x"}).code == 2);
    backend.execute(
        "DELETE FROM documents WHERE bytes = (SELECT bytes FROM documents WHERE length(bytes) = " +
        std::to_string(kWrongLicence.size()) + ")");
    CHECK(desk.run({"replay", id}).code == 3);
    CHECK(row(desk.good({"replay", id, "--card", "gone.md"}), "answer") == "reproduced, bit for bit");
    desk.write("changed.md", kWrongLicence + "More.\n");
    const Ran changed = desk.run({"replay", id, "--card", "changed.md"});
    CHECK(changed.code == 3);
    CHECK(holds(changed.err, "the card has changed"));
  }
}

TEST_CASE("records: a waiver excuses its rule and subject, and nothing else") {
  for (const Backend& backend : backends()) {
    CAPTURE(backend.name);
    const Desk desk(backend.address);
    desk.make_keys();
    const Words waive{"waive",     kRule,        "--subject", "acme/heron",     "--owner",
                      "team-a",    "--approver", "risk-b",    "--ticket",       "T-1",
                      "--expires", "9999-01-01", "--reason",  "our own licence"};
    CHECK(desk.check({"--subject", "acme/heron", "README.md"}).code != 0);
    desk.good(waive);
    CHECK(desk.check({"--subject", "acme/heron", "README.md"}).code == 0);
    CHECK(desk.check({"--subject", "acme/other", "README.md"}).code == 1);
    const Ran json = desk.check({"--subject", "acme/heron", "--format", "json", "README.md"});
    CHECK(Json::parse(json.out)["cards"][0]["findings"][0]["suppression"]["kind"] == "waiver");
    const std::string id = desk.record();
    CHECK(row(desk.good({"records", "show", id}), "result") == "PASSED");
    CHECK(holds(desk.good({"records", "show", id, "--format", "statement"}),
                "\"waivers\":[\"" + row(desk.good({"records", "show", "0"}), "record") + "\"]"));
    CHECK(row(desk.good({"replay", id}), "answer") == "reproduced, bit for bit");
    // Signed by a key that nobody here trusts: said, and not honoured.
    const Desk stranger(backend.address);
    const Ran refused = stranger.check({"--subject", "acme/heron", "README.md"});
    CHECK(refused.code == 1);
    CHECK(holds(refused.err, "The waiver in log entry 0 does not count."));
    stranger.write("approver.pem", desk.good({"key", "export", "record"}));
    CHECK(stranger.check({"--subject", "acme/heron", "--trust", "approver.pem", "README.md"}).code == 0);
    // Rotated meanwhile: whoever trusts the old key follows the record that it signed.
    desk.good({"key", "rotate", "record"});
    Words other = waive;
    other[3] = "acme/other";
    desk.good(other);
    CHECK(stranger.check({"--subject", "acme/other", "--trust", "approver.pem", "README.md"}).code == 0);
    for (const auto& [at, word] : {std::pair<std::size_t, const char*>{1, "metadata/licence"},
                                   {5, "risk-b"},
                                   {11, "2001-01-01"},
                                   {11, "soon"}}) {
      Words wrong = waive;
      wrong[at] = word;
      CAPTURE(word);
      CHECK(desk.run(wrong).code == 2);
    }
  }
}

TEST_CASE("records: an expired waiver excuses nothing and is a finding itself") {
  const Desk desk;
  ClockedProgram program;
  const auto run = [&program](const Words& words) { return program.run(words); };
  std::uint64_t& now = program.now;
  const std::string state = (desk.root() / "state").string();
  const std::string secret = (desk.root() / "passphrase").string();
  REQUIRE(run({"key", "new", "--state", state, "--passphrase-file", secret}).code == 0);
  REQUIRE(run({"waive",      kRule,       "--subject", "acme/heron", "--owner",           "a",
               "--approver", "b",         "--ticket",  "T-7",        "--expires",         "2026-11-22",
               "--reason",   "r",         "--state",   state,        "--passphrase-file", secret,
               "--store",    desk.store()})
              .code == 0);
  const auto check = [&] {
    return run({"check", "--no-config", "--policy", "metadata-only", "--subject", "acme/heron", "--store",
                desk.store(), "--state", state, (desk.root() / "README.md").string()});
  };
  CHECK(check().code == 0);
  now = parse_time("2026-11-21T23:59:59Z").value();
  CHECK(check().code == 0);
  now = parse_time("2026-11-22T00:00:00Z").value();
  const Ran expired = check();
  CHECK(expired.code == 1);
  CHECK(holds(expired.out, "suppression/invalid"));
  CHECK(holds(expired.out, "(T-7, owner a) expired at 2026-11-22T00:00:00Z"));
  CHECK(holds(expired.out, "2 errors"));
}

TEST_CASE("records: secrets stand in no output, and files that others can read are refused") {
  const Desk desk;
  desk.make_keys();
  const std::string pem = desk.file("state/keys/record.pem");
  CHECK(pem.compare(0, 37, "-----BEGIN ENCRYPTED PRIVATE KEY-----") == 0);
  CHECK((fs::status(desk.root() / "state/keys/record.pem").permissions() & fs::perms(0777)) ==
        fs::perms(0600));
  CHECK((fs::status(desk.root() / "state/keys").permissions() & fs::perms(0777)) == fs::perms(0700));
  const std::string id = desk.record();
  desk.good({"log", "checkpoint"});
  desk.good({"export", id, "--openssl", "--output", "out"});
  for (const auto& entry : fs::recursive_directory_iterator(desk.root())) {
    if (!entry.is_regular_file() || entry.path().filename() == "passphrase") continue;
    CAPTURE(entry.path().string());
    CHECK_FALSE(holds(read(entry.path()), kPassphrase));
  }
  CHECK(desk.run({"records", "list", "--store", "postgresql://u:hush@localhost/x"}).code == 2);
  CHECK_FALSE(holds(desk.file("stderr"), "hush"));
  const Ran env =
      desk.shell("CARDWARDEN_STORE=postgresql://u:hush@/none?host=" + quoted(desk.root().string()) + " " +
                 quoted(CARDWARDEN_BINARY) + " records list");
  CHECK(env.code == 3);
  CHECK_FALSE(holds(env.err, "hush"));
  ::chmod((desk.root() / "passphrase").c_str(), 0640);
  CHECK(desk.check({"--record", "README.md"}).code == 2);
  ::chmod((desk.root() / "passphrase").c_str(), 0600);
  ::chmod((desk.root() / "state/keys/record.pem").c_str(), 0644);
  CHECK(desk.check({"--record", "README.md"}).code == 2);
  ::chmod((desk.root() / "state/keys/record.pem").c_str(), 0600);
  ::chmod((desk.root() / "state/keys").c_str(), 0755);
  CHECK(desk.check({"--record", "README.md"}).code == 2);
  ::chmod((desk.root() / "state/keys").c_str(), 0700);
  desk.write("passphrase", "another passphrase\n");
  CHECK(desk.check({"--record", "README.md"}).code != 0);
  CHECK(row(desk.good({"store", "info"}), "records") == "1");
}

TEST_CASE("README: the signed record that it shows is what the program prints") {
  // Digests, keys and times differ from run to run; everything else is compared.
  const auto masked = [](std::string text) {
    text = std::regex_replace(text, std::regex("[0-9a-f]{16,64}"), "HEX");
    text = std::regex_replace(text, std::regex("\\+[0-9a-f]{8}\\+[A-Za-z0-9+/]+"), "+KEY");
    return std::regex_replace(text, std::regex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]+Z"), "TIME");
  };
  const std::string readme = read(CARDWARDEN_SOURCE_DIR "/README.md");
  const std::string open = "\n```shell-session\n";
  const std::size_t from = readme.find(open) + open.size();
  REQUIRE(from > open.size());
  const std::string shown = readme.substr(from, readme.find("```", from) - from);
  const Desk desk("sqlite:state/log.db");
  desk.make_keys();
  desk.write("good-model.md", read(CARDWARDEN_SOURCE_DIR "/examples/cards/good-model.md"));
  desk.write("record.json", desk.good({"key", "export", "record", "--format", "json"}));
  desk.write("log.vkey", desk.good({"key", "export", "log", "--format", "vkey"}));
  std::string printed;
  std::istringstream lines(shown);
  for (std::string line; std::getline(lines, line);) {
    if (line.compare(0, 13, "$ cardwarden ") != 0) continue;
    const Ran ran = desk.shell(quoted(CARDWARDEN_BINARY) + line.substr(12));
    CHECK(ran.code == 0);
    CHECK(ran.err.empty());
    printed += line + "\n" + ran.out;
  }
  CHECK(masked(printed) == masked(shown));
}

TEST_CASE("records: nothing is recorded of a run whose cards could not all be read, or has too many") {
  const Desk desk;
  desk.make_keys();
  desk.record();
  fs::create_symlink("nowhere", desk.root() / "lost.md");
  CHECK(desk.check({"--record", "README.md", "lost.md"}).code == 3);
  CHECK(desk.check({"--record", "--subject", "one", "README.md", "passphrase"}).code == 2);
  CHECK(desk.check({"--record", "--key", "log", "README.md"}).code == 2);
  CHECK(desk.check({"--record", "--key", "nobody", "README.md"}).code == 3);
  CHECK(row(desk.good({"store", "info"}), "records") == "1");
}

TEST_CASE("records: what only reads makes no store, and says how one is made") {
  for (const Backend& backend : backends()) {
    CAPTURE(backend.name);
    const Desk desk(backend.address);
    for (const Words& words :
         {Words{"store", "info"}, {"records", "list"}, {"log", "fsck"}, {"store", "export"}}) {
      const Ran ran = desk.run(words);
      CAPTURE(words, ran.out, ran.err);
      CHECK(ran.code == 3);
      CHECK(holds(ran.err, "no store yet"));
    }
    desk.good({"store", "migrate"});
    CHECK(row(desk.good({"store", "info"}), "records") == "0");
  }
}

}  // namespace cardwarden::testing
