// SPDX-License-Identifier: Apache-2.0
// Reviews and time stamps as records of the log, by the built program.
#include "conformance/backends.h"
#include "desk.h"
#include "support/authority.h"

namespace cardwarden::testing {
namespace {

Words review(const std::string& record, const std::string& decision) {
  return {"review",     record,      "--decision", decision,
          "--reviewer", "person:42", "--reason",   "The licence is ours."};
}

}  // namespace

TEST_CASE(
    "review: a decision is a record that names what it is about, shown with it, verified and replayed") {
  for (const Backend& backend : backends()) {
    CAPTURE(backend.name);
    const Desk desk(backend.address);
    desk.make_keys();
    const std::string audit = desk.record();
    const std::string said = desk.good(review("0", "request-changes"));
    CHECK(row(said, "reviewed") == "record " + audit + " (entry 0)");
    CHECK(row(said, "decision") == "changes-requested");
    desk.good(review(audit, "approve"));
    const std::string shown = desk.good({"records", "show", "2"});
    CHECK(row(shown, "kind") == "review");
    CHECK(row(shown, "reviewed") == "record " + audit);
    CHECK(row(shown, "decision") == "approved");
    CHECK(row(shown, "reviewer") == "person:42");
    CHECK(row(shown, "comment") == "The licence is ours.");
    CHECK(row(shown, "subject") == "acme/heron");
    const std::string reviewed = desk.good({"records", "show", "0"});
    CHECK(holds(reviewed, "changes-requested by person:42, "));
    CHECK(holds(reviewed, "approved by person:42, "));
    CHECK(Json::parse(desk.good({"records", "list", "--reviewed", audit, "--format", "json"}))["records"]
              .size() == 2);
    CHECK(Json::parse(desk.good({"records", "list", "--kind", "review", "--subject", "acme/heron", "--format",
                                 "json"}))["records"]
              .size() == 2);
    const std::string again = desk.good({"replay", "2"});
    CHECK(row(again, "review") == row(shown, "record"));
    CHECK(row(again, "record") == audit);
    CHECK(row(again, "answer") == "reproduced, bit for bit");
    desk.good({"log", "checkpoint"});
    desk.good({"export", "2", "--output", "out"});
    desk.write("key.json", desk.good({"key", "export", "record", "--format", "json"}));
    desk.write("log.vkey", desk.good({"key", "export", "log", "--format", "vkey"}));
    const std::string verified =
        desk.good({"verify", "out", "--key", "key.json", "--log-key", "log.vkey", "--file", "README.md"});
    CHECK(holds(verified, "passed       statement     A record of kind review"));
    CHECK(holds(verified, "passed       subject       README.md is the subject \"acme/heron\""));
    CHECK(row(verified, "reviewed") == "record " + audit);
    CHECK(row(verified, "decision") == "approved");
    CHECK(row(desk.good({"log", "fsck"}), "answer") == "sound");
  }
}

TEST_CASE("review: nobody reviews their own record, what no trusted key has signed, or what is no audit") {
  const Backend backend = sqlite_backend();
  const Desk desk(backend.address);
  desk.make_keys();
  desk.record();
  const auto refused = [](const Desk& at, const Words& words, const std::string& why) {
    const Ran ran = at.run(words);
    CAPTURE(ran.out, ran.err);
    CHECK(ran.code != 0);
    CHECK(holds(ran.err, why));
  };
  Words own = review("0", "approve");
  own[5] = row(desk.good({"records", "show", "0"}), "actor");
  refused(desk, own, "does not review it");
  refused(desk, review("0", "perhaps"), "--decision");
  refused(desk, review("7", "approve"), "record 7");
  Words silent = review("0", "approve");
  silent[7] = "";
  refused(desk, silent, "comment");
  const Desk stranger(backend.address);
  stranger.good({"key", "new"});
  refused(stranger, review("0", "approve"), "is not signed by a key that counts here");
  stranger.write("auditor.pem", desk.good({"key", "export", "record"}));
  Words trusting = review("0", "reject");
  trusting.insert(trusting.end(), {"--trust", "auditor.pem"});
  stranger.good(trusting);
  CHECK(row(desk.good({"records", "show", "1"}), "decision") == "rejected");
  refused(stranger, review("1", "approve"), "Audits and verdicts are reviewed");
  CHECK(row(desk.good({"store", "info"}), "records") == "2");
}

TEST_CASE(
    "stamp: a request goes out, the answer comes back, and the export proves when the record was there") {
  const Authority tsa;
  for (const Backend& backend : backends()) {
    CAPTURE(backend.name);
    const Desk desk(backend.address);
    desk.make_keys();
    desk.record();
    desk.good({"log", "checkpoint", "--output", "head"});
    desk.write("root.pem", tsa.file("root.pem"));
    desk.write("other.pem", tsa.file("other.pem"));
    CHECK(holds(desk.good({"log", "stamp", "--request", "request.tsq"}), "application/timestamp-query"));
    desk.write("reply.tsr", tsa.stamp(desk.file("request.tsq")));
    // The log goes on meanwhile: the answer is about the checkpoint that was asked about.
    desk.record("acme/later");
    desk.good({"log", "checkpoint"});
    const Words take{"log", "stamp", "--request", "request.tsq", "--response", "reply.tsr", "--tsa-cert"};
    const auto with = [&take](const std::string& certificate) {
      Words all = take;
      all.push_back(certificate);
      return all;
    };
    CHECK(desk.run(with("other.pem")).code == 3);
    const std::string said = desk.good(with("root.pem"));
    CHECK(row(said, "by") == "CN=Test stamping");
    CHECK(holds(row(said, "trusted"), "CN=Test root, sha256 "));
    CHECK(row(said, "nonce") == "checked");
    CHECK(holds(row(said, "log"), "entry 2 of "));
    const std::string shown = desk.good({"records", "show", "2"});
    CHECK(row(shown, "kind") == "time-stamp");
    CHECK(row(shown, "log") == "entry 2");
    CHECK(holds(shown, "audit.example/log1 checkpoint 1"));
    CHECK(row(desk.good({"log", "fsck"}), "answer") == "sound");

    desk.write("key.json", desk.good({"key", "export", "record", "--format", "json"}));
    desk.write("log.vkey", desk.good({"key", "export", "log", "--format", "vkey"}));
    desk.good({"export", "0", "--output", "out"});
    CHECK(desk.file("out/checkpoint") == desk.file("head"));
    const Words verify{"verify",   "out",        "--key",    "key.json", "--log-key",
                       "log.vkey", "--tsa-cert", "root.pem", "--file",   "README.md"};
    const std::string verified = desk.good(verify);
    CAPTURE(verified);
    CHECK(holds(verified,
                "passed       time stamp    The checkpoint was stamped at " + row(said, "stamped") +
                    " by CN=Test stamping, which leads to the trusted certificate CN=Test root (sha256 "));
    CHECK(holds(verified, "passed       time          The record was there at " + row(said, "stamped")));
    CHECK(holds(verified, "passed       key validity "));
    CHECK(holds(desk.good({"verify", "out", "--key", "key.json", "--log-key", "log.vkey"}),
                "not checked  time stamp    No certificate of a time stamping authority was given."));
    Words wrong = verify;
    wrong[7] = "other.pem";
    CHECK(desk.run(wrong).code == 1);
    // Somebody with openssl alone.
    const Ran plain =
        desk.shell("openssl ts -verify -data out/checkpoint -in out/checkpoint.tsr -CAfile root.pem");
    CHECK(holds(plain.out + plain.err, "Verification: OK"));
    // The later record is not covered by the stamp; asked for, the first is proven under the newest head too.
    CHECK_FALSE(holds(desk.good({"export", "1", "--output", "later"}), "checkpoint.tsr"));
    desk.good({"export", "0", "--newest-checkpoint", "--output", "out"});
    CHECK_FALSE(fs::exists(desk.root() / "out/checkpoint.tsr"));
    CHECK(holds(desk.good(verify), "Entry 0 of 2 in audit.example/log1"));
    // The stamp's own record.
    desk.good({"export", "2", "--output", "stamp"});
    CHECK(holds(desk.good({"verify", "stamp", "--key", "key.json", "--log-key", "log.vkey", "--tsa-cert",
                           "root.pem"}),
                "passed       stamped checkpoint  The log's checkpoint in the record was stamped at "));
  }
}

TEST_CASE("stamp: an authority is asked over HTTP, and answers that do not do are not kept") {
  const Authority tsa;
  const Desk desk;
  desk.make_keys();
  desk.record();
  desk.write("root.pem", tsa.file("root.pem"));
  const auto ask = [&](const std::string& mode) {
    return desk.shell("python3 " + quoted(CARDWARDEN_SOURCE_DIR "/tests/support/with_tsa.py") + " " +
                      quoted(tsa.folder().string()) + " " + mode + " " + quoted(CARDWARDEN_BINARY) +
                      " log stamp --tsa {url} --tsa-cert root.pem");
  };
  CHECK(ask("ok").code == 3);  // no checkpoint yet
  desk.good({"log", "checkpoint"});
  const Ran good = ask("ok");
  INFO(good.out << good.err);
  CHECK(good.code == 0);
  CHECK(row(good.out, "nonce") == "checked");
  CHECK(row(good.out, "by") == "CN=Test stamping");
  for (const auto& [mode, why] : {std::pair{"replay", "nonce"},
                                  {"type", "of type text/html"},
                                  {"status", "The server answers 503"},
                                  {"cut", "cut off"},
                                  {"moved", "The server answers 302"},
                                  {"flood", "sent more than"}}) {
    CAPTURE(mode);
    const Ran ran = ask(mode);
    CAPTURE(ran.out, ran.err);
    CHECK(ran.code == 3);
    CHECK(holds(ran.err, why));
  }
  CHECK(row(desk.good({"store", "info"}), "records") == "2");
  CHECK(desk.run({"log", "stamp"}).code == 2);
  CHECK(desk.run({"log", "stamp", "--tsa", "http://127.0.0.1:1/"}).code == 2);  // whom to trust?
  CHECK(desk.run({"log", "stamp", "--tsa", "https://tsa.example/", "--tsa-cert", "root.pem"}).code == 2);
  CHECK(desk.run({"log", "stamp", "--tsa", "http://127.0.0.1:1/", "--tsa-cert", "root.pem"}).code == 3);
  CHECK(desk.run({"log", "stamp", "--tsa", "http://127.0.0.1:1/", "--response", "x"}).code == 2);
}

}  // namespace cardwarden::testing
