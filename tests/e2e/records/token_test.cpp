// SPDX-License-Identifier: Apache-2.0
// Keys in a token (SoftHSM), through the built program.
#include "support/token.h"

#include "desk.h"

namespace cardwarden::testing {
namespace {

// A desk beside a token, with the PIN in a file. The one of the library's environment variable is inherited.
struct TokenDesk {
  TokenDesk() {
    desk.write("pin", std::string(kTokenPin) + "\n");
    ::chmod((desk.root() / "pin").c_str(), 0600);
  }
  std::string uri(const std::string& label) const {
    return "pkcs11:token=audit;object=" + label + "?module-path=" + token.module();
  }
  Words with_pin(Words words) const {
    words.insert(words.end(), {"--pin-file", "pin"});
    return words;
  }
  Ran record(const Words& more) const {
    Words all{"--record", "--exit-zero", "--subject", "acme/heron", "README.md"};
    all.insert(all.end(), more.begin(), more.end());
    return desk.check(all);
  }
  const Token token;
  const Desk desk;
};

}  // namespace

TEST_CASE("token: a key in a token is taken in, listed, exported, and signs records and the log") {
  const TokenDesk at;
  const Desk& desk = at.desk;
  const std::string said = desk.good(at.with_pin({"key", "new", "--pkcs11", at.uri("log1")}));
  CHECK(row(said, "algorithm") == "ecdsa-p256-sha256");
  CHECK(holds(row(said, "token"), "pkcs11:token=audit;object=log1?module-path="));
  CHECK_FALSE(fs::exists(desk.root() / "state/keys/record.pem"));
  CHECK(desk.good({"key", "export", "record"}) == at.token.file("log1.pub"));
  CHECK(holds(desk.good({"key", "list"}), "token audit"));
  CHECK(Json::parse(desk.good({"key", "show", "record", "--format", "json"}))["token"] == row(said, "token"));
  desk.good(at.with_pin({"key", "new", "--role", "log", "--origin", "audit.example/log1", "--pkcs11",
                         at.uri("made"), "--generate"}));
  const Ran recorded = at.record({"--pin-file", "pin"});
  INFO(recorded.out << recorded.err);
  REQUIRE(recorded.code == 0);
  desk.good(at.with_pin({"log", "checkpoint"}));
  desk.good({"export", "0", "--output", "out"});
  desk.write("key.pem", desk.good({"key", "export", "record"}));
  desk.write("log.vkey", desk.good({"key", "export", "log", "--format", "vkey"}));
  const std::string verified =
      desk.good({"verify", "out", "--key", "key.pem", "--log-key", "log.vkey", "--file", "README.md"});
  CHECK(holds(verified, "Signed by key.pem, ecdsa-p256-sha256 "));
  CHECK(holds(verified, "Entry 0 of 1 in audit.example/log1"));
  // Somebody with openssl alone.
  const std::string exported = desk.good({"export", "0", "--openssl", "--output", "plain"});
  CHECK(holds(desk.shell("cd plain; openssl dgst -sha256 -verify pub.pem -signature sig.bin pae.bin").out,
              "Verified OK"));
  for (const auto& entry : fs::recursive_directory_iterator(desk.root())) {
    if (!entry.is_regular_file() || entry.path().filename() == "pin") continue;
    CAPTURE(entry.path().string());
    CHECK_FALSE(holds(read(entry.path()), kTokenPin));
  }
}

TEST_CASE("token: the PIN comes from a file of its owner, never from the command line") {
  const TokenDesk at;
  const Desk& desk = at.desk;
  const Words take{"key", "new", "--pkcs11", at.uri("log1")};
  CHECK(desk.run(take).code == 2);
  CHECK(holds(desk.run(take).err, "--pin-file"));
  CHECK(desk.run({"key", "new", "--pkcs11", "pkcs11:token=audit;object=log1?pin-value=123456"}).code == 2);
  CHECK_FALSE(holds(desk.file("stderr"), kTokenPin));
  ::chmod((desk.root() / "pin").c_str(), 0644);
  CHECK(desk.run(at.with_pin(take)).code == 2);
  ::chmod((desk.root() / "pin").c_str(), 0600);
  desk.write("wrong", "654321");
  ::chmod((desk.root() / "wrong").c_str(), 0600);
  Words wrong = take;
  wrong.insert(wrong.end(), {"--pin-file", "wrong"});
  CHECK(holds(desk.run(wrong).err, "the PIN is wrong"));
  CHECK_FALSE(fs::exists(desk.root() / "state/keys/record.json"));
  desk.good(at.with_pin(take));
  // By the variable, and by the credential of a service.
  CHECK(desk.shell("CARDWARDEN_PIN_FILE=pin " + quoted(CARDWARDEN_BINARY) +
                   " check --no-config --exit-zero --record README.md")
            .code == 0);
  CHECK(desk.shell("mkdir creds && cp -p pin creds/cardwarden-pin && CREDENTIALS_DIRECTORY=$PWD/creds " +
                   quoted(CARDWARDEN_BINARY) +
                   " check --no-config --exit-zero --record --subject b README.md")
            .code == 0);
  CHECK(at.record({}).code == 2);
  CHECK(row(desk.good({"store", "info"}), "records") == "2");
}

TEST_CASE("token: what cannot be is refused, and a key that was replaced in the token is noticed") {
  const TokenDesk at;
  const Desk& desk = at.desk;
  const auto refused = [&](Words words, int code) {
    const Ran ran = desk.run(at.with_pin(std::move(words)));
    CAPTURE(ran.out, ran.err);
    CHECK(ran.code == code);
    CHECK_FALSE(ran.err.empty());
  };
  refused({"key", "new", "--pkcs11", "pkcs11:token=audit;object=log1"}, 2);
  refused({"key", "new", "--pkcs11", at.uri("log1"), "--algorithm", "ed25519"}, 2);
  refused({"key", "new", "--pkcs11", at.uri("log1"), "--role", "cosign"}, 2);
  refused({"key", "new", "--pkcs11", at.uri("log1"), "--generate"}, 2);
  refused({"key", "new", "--generate"}, 2);
  refused({"key", "new", "--pkcs11", at.uri("large")}, 3);
  refused({"key", "new", "--pkcs11", at.uri("nothing")}, 3);
  desk.good(at.with_pin({"key", "new", "--pkcs11", at.uri("made"), "--generate"}));
  refused({"key", "new", "--pkcs11", at.uri("made")}, 2);  // the name is taken
  const Ran gone =
      desk.shell("pkcs11-tool --module " + at.token.module() +
                 " --login --pin 123456 --token-label audit --delete-object --type privkey "
                 "--label made && pkcs11-tool --module " +
                 at.token.module() +
                 " --login --pin 123456 --token-label audit --delete-object --type pubkey --label made"
                 " && pkcs11-tool --module " +
                 at.token.module() +
                 " --login --pin 123456 --token-label audit --keypairgen --key-type EC:prime256v1"
                 " --label made");
  INFO(gone.out << gone.err);
  REQUIRE(gone.code == 0);
  const Ran replaced = at.record({"--pin-file", "pin"});
  CHECK(replaced.code == 3);
  CHECK(holds(replaced.err, "it was replaced there"));
}

TEST_CASE("token: a key is rotated from a file into the token, and on to another key of it") {
  const TokenDesk at;
  const Desk& desk = at.desk;
  desk.make_keys();
  desk.record();
  desk.good(at.with_pin({"key", "rotate", "record", "--pkcs11", at.uri("log1")}));
  CHECK(holds(desk.good({"key", "show", "record"}), "pkcs11:"));
  REQUIRE(at.record({"--pin-file", "pin"}).code == 0);
  CHECK(desk.run(at.with_pin({"key", "rotate", "record"})).code == 2);  // into what?
  desk.good(at.with_pin({"key", "rotate", "record", "--pkcs11", at.uri("next"), "--generate"}));
  REQUIRE(at.record({"--pin-file", "pin"}).code == 0);
  desk.good(at.with_pin({"key", "rotate", "record", "--algorithm", "ed25519"}));
  CHECK(holds(desk.good({"key", "show", "record"}), "record.pem"));
  desk.good({"log", "checkpoint"});
  CHECK(row(desk.good({"log", "fsck"}), "answer") == "sound");
  CHECK(row(desk.good({"store", "info"}), "records") == "6");
}

}  // namespace cardwarden::testing
