// SPDX-License-Identifier: Apache-2.0
// Somebody who owns the database changes it behind the log's back. fsck must see each change; the one that no
// look at the store can see, an older backup, it sees by a checkpoint that was kept outside.
#include <catch2/catch.hpp>

#include "conformance/backends.h"
#include "log/note_sign.h"
#include "store/fsck.h"
#include "store/publish.h"

using namespace cardwarden;
using namespace cardwarden::testing;

namespace {

PrivateKey log_key() { return PrivateKey::ed25519_from_seed(std::string(kEd25519SeedBytes, 'l')).value(); }

FsckInput with_key() {
  return {{tlog::note_key("audit.example/log1", tlog::NoteKeyType::ed25519, log_key().public_key()).value()},
          {}};
}

std::string literal(const std::string& backend, std::string_view bytes) {
  return backend == "sqlite" ? "x'" + hex(bytes) + "'" : "'\\x" + hex(bytes) + "'::bytea";
}

// A store of twelve records with checkpoints at eight and twelve, a document and a key.
void fill(Store& store) {
  for (int i = 0; i < 12; ++i) {
    REQUIRE(store.append({record(i)}).has_value());
    if (i == 7) REQUIRE(publish_checkpoint(store, "audit.example/log1", log_key()).has_value());
  }
  REQUIRE(publish_checkpoint(store, "audit.example/log1", log_key()).has_value());
  REQUIRE(store.put_document("document").has_value());
  const PublicKey key = log_key().public_key();
  REQUIRE(store.put_key({key_id(key), "log", "", key.spki(), 0, {}, {}}).has_value());
  REQUIRE(fsck(store, with_key()).value().sound());
}

}  // namespace

TEST_CASE("tamper: whatever is changed in the database behind the log is found") {
  const std::string forged = record(77);
  struct Drill {
    const char* what;
    const char* sqlite;
    const char* postgres;
  };
  // %F, %I: a forged envelope and its id. %A, %B: the ids of records 3 and 4.
  const Drill drills[] = {
      {"an envelope is replaced", "UPDATE records SET envelope = %F WHERE log_index = 3",
       "UPDATE records SET envelope = %F WHERE id = %A"},
      {"an envelope and its id are replaced", "UPDATE records SET envelope = %F, id = %I WHERE log_index = 3",
       "UPDATE entries SET id = %I WHERE log_index = 3; UPDATE records SET id = %I, envelope = %F WHERE id = "
       "%A"},
      {"a record is deleted", "DELETE FROM records WHERE log_index = 3",
       "DELETE FROM entries WHERE log_index = 3"},
      {"the last record is deleted", "DELETE FROM records WHERE log_index = 11",
       "DELETE FROM entries WHERE log_index = 11; UPDATE log_head SET size = 11"},
      {"two records change places",
       "UPDATE records SET log_index = 99 WHERE log_index = 3; UPDATE records SET log_index = 3 WHERE "
       "log_index = 4; "
       "UPDATE records SET log_index = 4 WHERE log_index = 99",
       "UPDATE entries SET log_index = 99 WHERE log_index = 3; UPDATE entries SET log_index = 3 WHERE "
       "log_index = 4; "
       "UPDATE entries SET log_index = 4 WHERE log_index = 99"},
      {"a record is put in behind the last",
       "INSERT INTO records VALUES (12, %I, %F, 'audit', 'FAILED', '', '', 0)",
       "INSERT INTO records VALUES (%I, %F, 'audit', 'FAILED', '', '', 0, '{}'); "
       "INSERT INTO entries VALUES (12, %I); UPDATE log_head SET size = 13"},
      {"a record is indexed as passed", "UPDATE records SET result = 'PASSED' WHERE log_index = 2",
       "UPDATE records SET result = 'PASSED' WHERE result = 'FAILED'"},
      {"a time is changed", "UPDATE records SET finished = 1 WHERE log_index = 3",
       "UPDATE records SET finished = 1 WHERE id = %A"},
      {"a tag is deleted", "DELETE FROM tags WHERE log_index = 3 AND name = 'rule'",
       "UPDATE records SET tags = tags[2:] WHERE id = %A"},
      {"a tag is added", "INSERT INTO tags VALUES ('rule', 'x', 3)",
       "UPDATE records SET tags = tags || 'rule\x1fx'::text WHERE id = %A"},
      {"a leaf hash is changed", "UPDATE nodes SET hash = zeroblob(32) WHERE level = 0 AND place = 3",
       "UPDATE nodes SET hash = decode(repeat('00', 32), 'hex') WHERE level = 0 AND place = 3"},
      {"an inner hash is changed", "UPDATE nodes SET hash = zeroblob(32) WHERE level = 2 AND place = 1",
       "UPDATE nodes SET hash = decode(repeat('00', 32), 'hex') WHERE level = 2 AND place = 1"},
      {"a hash is deleted", "DELETE FROM nodes WHERE level = 1 AND place = 2",
       "DELETE FROM nodes WHERE level = 1 AND place = 2"},
      {"a hash is added", "INSERT INTO nodes VALUES (5, 7, zeroblob(32))",
       "INSERT INTO nodes VALUES (5, 7, decode(repeat('00', 32), 'hex'))"},
      {"a checkpoint is forged",
       "UPDATE checkpoints SET note = CAST(replace(CAST(note AS TEXT), 'A', 'B') AS BLOB)",
       "UPDATE checkpoints SET note = convert_to(replace(convert_from(note, 'UTF8'), 'A', 'B'), 'UTF8')"},
      {"a checkpoint gets another size", "UPDATE checkpoints SET size = 9 WHERE size = 8",
       "UPDATE checkpoints SET size = 9 WHERE size = 8"},
      {"checkpoints change places", "UPDATE checkpoints SET sequence = 9 WHERE size = 8",
       "UPDATE checkpoints SET sequence = DEFAULT WHERE size = 8"},
      {"a document is changed", "UPDATE documents SET bytes = x'00'", "UPDATE documents SET bytes = 'x'"},
      {"a key is swapped", "UPDATE keys SET spki = %F", "UPDATE keys SET spki = %F"},
  };
  for (const auto& make : {&sqlite_backend, &postgres_backend}) {
    for (const Drill& drill : drills) {
      const Backend backend = make();
      INFO(backend.name << ": " << drill.what);
      auto store = backend.open();
      fill(*store);
      std::string sql = backend.name == "sqlite" ? drill.sqlite : drill.postgres;
      const std::pair<const char*, std::string> values[] = {{"%F", forged},
                                                            {"%I", std::string(bytes_of(sha256(forged)))},
                                                            {"%A", std::string(bytes_of(sha256(record(3))))}};
      for (const auto& [mark, bytes] : values) {
        for (std::size_t at = sql.find(mark); at != std::string::npos; at = sql.find(mark)) {
          sql.replace(at, 2, literal(backend.name, bytes));
        }
      }
      if (backend.name == "sqlite") sql.insert(0, "PRAGMA foreign_keys = OFF;");
      REQUIRE_NOTHROW(backend.execute(sql));
      const auto report = fsck(*store, with_key());
      CHECK((!report.has_value() || !report->sound()));
    }
  }
}

TEST_CASE(
    "tamper: a log that is written anew and signed by its own key is found by a checkpoint from outside") {
  for (const auto& make : {&sqlite_backend, &postgres_backend}) {
    const Backend honest = make();
    CAPTURE(honest.name);
    auto store = honest.open();
    fill(*store);
    const std::string kept = store->head().value()->note;

    // The operator leaves record 3 out, and has the key of the log.
    const Backend rewritten = make();
    auto other = rewritten.open();
    for (int i = 0; i < 14; ++i) {
      if (i != 3) REQUIRE(other->append({record(i)}).has_value());
    }
    REQUIRE(publish_checkpoint(*other, "audit.example/log1", log_key()).has_value());
    FsckInput input = with_key();
    CHECK(fsck(*other, input).value().sound());  // from inside nothing is wrong
    input.kept = kept;
    const FsckReport report = fsck(*other, input).value();
    REQUIRE(report.problems.size() == 2);
    CHECK(report.problems[0].find("The checkpoint from outside of 12 entries") == 0);
    CHECK(report.problems[1].find("not among those that are stored") != std::string::npos);
    CHECK(fsck(*store, input).value().sound());
  }
}

TEST_CASE("tamper: an older backup is found by a checkpoint from outside") {
  for (const auto& make : {&sqlite_backend, &postgres_backend}) {
    const Backend now = make();
    const Backend backup = make();
    CAPTURE(now.name);
    auto store = now.open();
    fill(*store);
    auto older = backup.open();
    for (int i = 0; i < 9; ++i) REQUIRE(older->append({record(i)}).has_value());
    const std::string kept = store->head().value()->note;
    FsckInput input = with_key();
    input.kept = kept;
    const FsckReport report = fsck(*older, input).value();
    REQUIRE(report.problems.size() == 1);
    CHECK(report.problems[0].find("a backup was restored") != std::string::npos);
  }
}

TEST_CASE("tamper: checkpoints that were taken away are found by one from outside") {
  for (const auto& make : {&sqlite_backend, &postgres_backend}) {
    const Backend backend = make();
    CAPTURE(backend.name);
    auto store = backend.open();
    fill(*store);
    FsckInput input = with_key();
    const std::vector<StoredCheckpoint> all = store->checkpoints().value();
    for (const StoredCheckpoint& kept : all) {
      input.kept = kept.note;
      CHECK(fsck(*store, input).value().sound());
    }
    for (const char* sql : {"DELETE FROM checkpoints WHERE size = 8", "DELETE FROM checkpoints"}) {
      backend.execute(sql);
      input.kept = all.front().note;
      const FsckReport report = fsck(*store, input).value();
      REQUIRE(report.problems.size() == 1);
      CHECK(report.problems[0].find("not among those that are stored") != std::string::npos);
    }
  }
}

TEST_CASE("tamper: a log whose hashes no longer continue its checkpoint is not signed again") {
  for (const auto& make : {&sqlite_backend, &postgres_backend}) {
    const Backend backend = make();
    CAPTURE(backend.name);
    auto store = backend.open();
    fill(*store);
    backend.execute(backend.name == "sqlite"
                        ? "UPDATE nodes SET hash = zeroblob(32) WHERE level = 2 AND place = 0"
                        : "UPDATE nodes SET hash = decode(repeat('00', 32), 'hex') "
                          "WHERE level = 2 AND place = 0");
    store = backend.open();
    backend.execute("DELETE FROM nodes WHERE level = 3");
    CHECK_FALSE(publish_checkpoint(*store, "audit.example/log1", log_key()).has_value());
    CHECK(store->checkpoints().value().size() == 2);
  }
}
