// SPDX-License-Identifier: Apache-2.0
// One list of cases for every backend (auditor/store/store.h), and the same calls with the same answers.
#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "conformance/backends.h"
#include "conformance/older_schemas.h"
#include "log/checkpoint.h"
#include "log/leaf.h"
#include "log/note_sign.h"
#include "store/fsck.h"
#include "store/publish.h"

using namespace cardwarden;
using namespace cardwarden::testing;

namespace {

std::vector<std::string> batch(int from, int count) {
  std::vector<std::string> out;
  out.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) out.push_back(record(from + i));
  return out;
}

PrivateKey log_key() { return PrivateKey::ed25519_from_seed(std::string(kEd25519SeedBytes, 'l')).value(); }

FsckInput with_key() {
  return {{tlog::note_key("audit.example/log1", tlog::NoteKeyType::ed25519, log_key().public_key()).value()},
          {}};
}

// The root over the records 0 to count - 1, made without a store.
Hash root_of(int count) {
  tlog::CompactRange range;
  std::vector<tlog::Node> ignored;
  for (int i = 0; i < count; ++i) range.append(tlog::leaf_hash(tlog::leaf_data(sha256(record(i)))), ignored);
  return range.root();
}

std::vector<std::uint64_t> indexes(const Result<std::vector<StoredRecord>>& page) {
  std::vector<std::uint64_t> out;
  for (const StoredRecord& one : page.value()) out.push_back(one.index);
  return out;
}

}  // namespace

TEST_CASE("store: a new one is empty and sound") {
  for (const Backend& backend : backends()) {
    CAPTURE(backend.name);
    const auto store = backend.open();
    CHECK(store->size().value() == 0);
    CHECK(store->records(0, 10).value().empty());
    CHECK(store->record(0).error().code == ErrorCode::not_found);
    CHECK_FALSE(store->head().value().has_value());
    CHECK(store->keys().value().empty());
    const FsckReport report = fsck(*store, with_key()).value();
    CHECK(report.sound());
    CHECK(report.root == tlog::empty_root());
  }
}

TEST_CASE("store: records get the indexes that follow, and are read back as they were") {
  for (const Backend& backend : backends()) {
    CAPTURE(backend.name);
    const auto store = backend.open();
    CHECK(store->append({}).value().empty());
    const auto first = store->append(batch(0, 3)).value();
    REQUIRE(first.size() == 3);
    CHECK(first[2].index == 2);
    CHECK(store->append(batch(3, 5)).value()[0].index == 3);
    CHECK(store->size().value() == 8);
    for (int i = 0; i < 8; ++i) {
      const StoredRecord one = store->record(static_cast<std::uint64_t>(i)).value();
      CHECK(one.envelope == record(i));
      CHECK(one.id == sha256(record(i)));
      CHECK(one.fields == index_record(record(i)).value().index);
      CHECK(store->record_by_id(sha256(record(i))).value().index == static_cast<std::uint64_t>(i));
    }
    CHECK(store->record_by_id(Hash{}).error().code == ErrorCode::not_found);
    CHECK(store->record(18446744073709551615U).error().code == ErrorCode::not_found);
    CHECK(store->records(6, 10).value().size() == 2);
    CHECK(tlog::root_at(8, node_reader(*store)).value() == root_of(8));
    // Another connection sees the same, also after the first is gone.
    CHECK(backend.open()->record(7).value().envelope == record(7));
  }
}

TEST_CASE("store: a record is found by the first digits of its id, unless two begin with them") {
  for (const Backend& backend : backends()) {
    CAPTURE(backend.name);
    const auto store = backend.open();
    REQUIRE(store->append(batch(0, 20)).has_value());
    for (int i = 0; i < 20; ++i) {
      const std::string id = hex(sha256(record(i)));
      for (const std::size_t digits : {kMinIdDigits, kMinIdDigits + 1, std::size_t{40}, std::size_t{64}})
        CHECK(record_by_digits(*store, id.substr(0, digits)).value().envelope == record(i));
      CHECK_FALSE(record_by_digits(*store, id.substr(0, kMinIdDigits - 1)).has_value());
      std::string other = id.substr(0, kMinIdDigits);
      other.back() = other.back() == '0' ? '1' : '0';
      CHECK(record_by_digits(*store, other).error().code == ErrorCode::not_found);
    }
    for (const char* bad : {"", "ABCDEFABCDEF", "xyzxyzxyzxyz", "00000000000g"})
      CHECK(record_by_digits(*store, bad).error().code == ErrorCode::usage);
    // Nobody can make two such digests; who owns the database can write one.
    const std::string twin = hex(sha256(record(0))).substr(0, 62) + "00";
    backend.execute(backend.name == "sqlite"
                        ? "UPDATE records SET id = x'" + twin + "' WHERE log_index = 1"
                        : "UPDATE entries SET id = '\\x" + twin + "' WHERE log_index = 1");
    const auto both = record_by_digits(*store, twin.substr(0, 20));
    REQUIRE_FALSE(both.has_value());
    CHECK(both.error().message.find("2 records") != std::string::npos);
  }
}

TEST_CASE("store: a record is in the log once, whoever appends it how often") {
  for (const Backend& backend : backends()) {
    CAPTURE(backend.name);
    const auto store = backend.open();
    REQUIRE(store->append(batch(0, 3)).has_value());
    const auto again = store->append({record(1), record(3), record(3), record(0)}).value();
    REQUIRE(again.size() == 4);
    CHECK((again[0].existed && again[0].index == 1));
    CHECK((!again[1].existed && again[1].index == 3));
    CHECK((again[2].existed && again[2].index == 3));
    CHECK((again[3].existed && again[3].index == 0));
    CHECK(store->size().value() == 4);
    CHECK(fsck(*store, with_key()).value().sound());
  }
}

TEST_CASE("store: a batch with one bad envelope leaves nothing") {
  for (const Backend& backend : backends()) {
    CAPTURE(backend.name);
    const auto store = backend.open();
    REQUIRE(store->append(batch(0, 2)).has_value());
    CHECK_FALSE(store->append({record(2), "no envelope", record(3)}).has_value());
    CHECK(store->size().value() == 2);
    CHECK(store->append(std::vector<std::string>(kMaxBatch + 1, record(9))).error().code ==
          ErrorCode::too_large);
    CHECK(store->append(batch(2, 1)).value()[0].index == 2);
    CHECK(fsck(*store, with_key()).value().sound());
  }
}

TEST_CASE("store: every record can be proven under the checkpoint that covers it") {
  for (const Backend& backend : backends()) {
    CAPTURE(backend.name);
    const auto store = backend.open();
    REQUIRE(store->append(batch(0, 11)).has_value());
    CHECK(prove_record(*store, 0).error().code == ErrorCode::not_found);
    const std::string note = publish_checkpoint(*store, "audit.example/log1", log_key()).value();
    CHECK(publish_checkpoint(*store, "audit.example/log1", log_key()).value() == note);
    CHECK(store->checkpoints().value().size() == 1);
    const auto opened = tlog::open_checkpoint(note, with_key().log_keys[0]).value().checkpoint;
    CHECK(opened.size == 11);
    CHECK(opened.root == root_of(11));
    for (std::uint64_t i = 0; i < 11; ++i) {
      const tlog::ProofFile file = prove_record(*store, i).value();
      CHECK(file.checkpoint == note);
      const Hash leaf = tlog::leaf_hash(tlog::leaf_data(sha256(record(static_cast<int>(i)))));
      CHECK(tlog::verify_inclusion(leaf, i, 11, file.proof, opened.root).has_value());
    }
    REQUIRE(store->append(batch(11, 2)).has_value());
    CHECK_FALSE(prove_record(*store, 11).has_value());
    REQUIRE(publish_checkpoint(*store, "audit.example/log1", log_key()).has_value());
    CHECK(prove_record(*store, 12).has_value());
    const auto growth = tlog::consistency_proof(11, 13, node_reader(*store)).value();
    CHECK(tlog::verify_consistency(11, 13, opened.root, root_of(13), growth).has_value());
    CHECK_FALSE(publish_checkpoint(*store, "audit.example/log2", log_key()).has_value());
    CHECK(store->head().value()->size == 13);
    CHECK_FALSE(store->add_checkpoint({12, note}).has_value());
    CHECK(fsck(*store, with_key()).value().sound());
  }
}

TEST_CASE("store: witnesses are shown how the log grew, and their lines are kept with the checkpoint") {
  const PrivateKey signer = PrivateKey::ed25519_from_seed(std::string(kEd25519SeedBytes, 'w')).value();
  const tlog::NoteKey log = with_key().log_keys[0];
  const std::vector<tlog::NoteKey> witnesses = {
      tlog::note_key("witness.example/w1", tlog::NoteKeyType::cosignature, signer.public_key()).value()};
  for (const Backend& backend : backends()) {
    CAPTURE(backend.name);
    const auto store = backend.open();
    CHECK_FALSE(witness_message(*store, 0).has_value());
    std::optional<tlog::WitnessMemory> memory;
    std::uint64_t time = 1'700'000'000;
    for (const int count : {5, 9, 0}) {
      const std::uint64_t seen = memory ? memory->size : 0;
      REQUIRE(store->append(batch(static_cast<int>(seen), count)).has_value());
      REQUIRE(publish_checkpoint(*store, "audit.example/log1", log_key()).has_value());
      const std::string body = tlog::witness_request_text(witness_message(*store, seen).value());
      const auto verdict = tlog::judge_checkpoint(tlog::parse_witness_request(body).value(), {log}, memory);
      INFO(verdict.reason);
      REQUIRE(verdict.answer == tlog::WitnessAnswer::cosign);
      memory = tlog::WitnessMemory{verdict.checkpoint.size, verdict.checkpoint.root};
      const auto line = tlog::cosign_note(verdict.text, "witness.example/w1", ++time, signer).value();
      const std::string note =
          accept_cosignatures(*store, tlog::cosignature_lines({line}), log, witnesses).value();
      CHECK(tlog::open_checkpoint(note, log, witnesses).value().cosigners.at(0).time == time);
      CHECK(store->head().value()->note == note);
      CHECK(prove_record(*store, 0).value().checkpoint == note);
    }
    CHECK_FALSE(witness_message(*store, 99).has_value());
    CHECK_FALSE(accept_cosignatures(*store, "words\n", log, witnesses).has_value());
    CHECK(store->checkpoints().value().size() == 5);
    CHECK(fsck(*store, with_key()).value().sound());
  }
}

TEST_CASE("store: what is asked for is found, page by page, and nothing else") {
  for (const Backend& backend : backends()) {
    CAPTURE(backend.name);
    const auto store = backend.open();
    REQUIRE(store->append(batch(0, 30)).has_value());
    RecordQuery query;
    query.result = "FAILED";
    query.tenant = "t1";
    CHECK(indexes(store->find(query)) == std::vector<std::uint64_t>{5, 11, 17, 23, 29});
    query.limit = 2;
    CHECK(indexes(store->find(query)) == std::vector<std::uint64_t>{5, 11});
    query.after = 11;
    CHECK(indexes(store->find(query)) == std::vector<std::uint64_t>{17, 23});
    query.newest_first = true;
    CHECK(indexes(store->find(query)) == std::vector<std::uint64_t>{5});
    query = {};
    query.tags = {{"subject", "card \"ü\\, {7}"}};
    CHECK(indexes(store->find(query)) == std::vector<std::uint64_t>{7});
    query.tags.push_back({"disclosure", "license"});
    CHECK(indexes(store->find(query)) == std::vector<std::uint64_t>{7});
    query.tags.push_back({"disclosure", "compute"});
    CHECK(store->find(query).value().empty());
    query.tags = {
        {"digest", "sha256:" + hex(sha256("9"))}, {"rule", "model-card/license"}, {"control", "F/P:met"}};
    CHECK(indexes(store->find(query)) == std::vector<std::uint64_t>{9});
    query = {};
    query.from = 1767225600 + 10;
    query.until = 1767225600 + 12;
    CHECK(indexes(store->find(query)) == std::vector<std::uint64_t>{10, 11});
    query = {};
    query.kind = "audit";
    query.policy = std::string(64, 'b');
    CHECK(store->find(query).value().size() == 30);
    query.kind = "' OR true --";
    CHECK(store->find(query).value().empty());
    query.kind = std::string("audit\0x", 7);
    CHECK_FALSE(store->find(query).has_value());
    query = {};
    query.limit = 0;
    CHECK_FALSE(store->find(query).has_value());
  }
}

TEST_CASE("store: documents are kept under their digest, once, and can be deleted") {
  for (const Backend& backend : backends()) {
    CAPTURE(backend.name);
    const auto store = backend.open();
    const std::string bytes = std::string("a\0b\xff", 4) + std::string(100'000, 'x');
    REQUIRE(store->put_document(bytes).has_value());
    REQUIRE(store->put_document(bytes).has_value());
    REQUIRE(store->put_document("").has_value());
    CHECK(store->document(sha256(bytes)).value() == bytes);
    CHECK(store->document(sha256("")).value().empty());
    CHECK(store->documents({}, 10).value().size() == 2);
    CHECK(store->documents(store->documents({}, 1).value()[0], 10).value().size() == 1);
    CHECK(store->delete_document(sha256(bytes)).has_value());
    CHECK(store->document(sha256(bytes)).error().code == ErrorCode::not_found);
    CHECK(fsck(*store, with_key()).value().documents == 1);
  }
}

TEST_CASE("store: a key keeps its bytes; its dates may change") {
  for (const Backend& backend : backends()) {
    CAPTURE(backend.name);
    const auto store = backend.open();
    const PublicKey key = log_key().public_key();
    StoredKey stored{key_id(key), "record", "ci", key.spki(), 5, {}, {}};
    REQUIRE(store->put_key(stored).has_value());
    CHECK(store->keys().value() == std::vector<StoredKey>{stored});
    stored.valid_to = 9;
    stored.revoked_at = 7;
    REQUIRE(store->put_key(stored).has_value());
    CHECK(store->keys().value() == std::vector<StoredKey>{stored});
    StoredKey other = stored;
    other.spki = "other";
    CHECK_FALSE(store->put_key(other).has_value());
    other = stored;
    other.role = "log";
    REQUIRE(store->put_key(other).has_value());
    CHECK(store->keys().value() == std::vector<StoredKey>{other, stored});
    CHECK(fsck(*store, with_key()).value().sound());
  }
}

TEST_CASE("store: many writers at once give one log without gaps, each record once") {
  constexpr int kWriters = 4;
  constexpr int kBatches = 12;
  for (const Backend& backend : backends()) {
    CAPTURE(backend.name);
    const auto store = backend.open();
    std::vector<std::thread> writers;
    writers.reserve(kWriters);
    std::vector<std::vector<Appended>> answers(kWriters);
    for (int writer = 0; writer < kWriters; ++writer) {
      writers.emplace_back([&backend, &answers, writer] {
        const auto mine = backend.open();
        for (int i = 0; i < kBatches; ++i) {
          // Neighbours append each other's records too, in another order.
          const int base = i * 10;
          std::vector<std::string> records = {record(1000 * writer + base), record(1000 * writer + base + 1)};
          for (int shared = 0; shared < 3; ++shared) {
            records.push_back(record(90'000 + base + (writer % 2 == 0 ? shared : 2 - shared)));
          }
          const auto done = mine->append(records);
          if (done)
            answers[static_cast<std::size_t>(writer)].insert(answers[static_cast<std::size_t>(writer)].end(),
                                                             done->begin(), done->end());
        }
      });
    }
    for (std::thread& writer : writers) writer.join();
    std::size_t fresh = 0;
    for (const auto& answer : answers) {
      CHECK(answer.size() == std::size_t{kBatches} * 5);
      for (const Appended& one : answer) fresh += one.existed ? 0U : 1U;
    }
    CHECK(fresh == kWriters * kBatches * 2 + kBatches * 3);
    CHECK(store->size().value() == fresh);
    const FsckReport report = fsck(*store, with_key()).value();
    CHECK(report.problems == std::vector<std::string>());
  }
}

TEST_CASE("store: the same calls give the same answers on every backend") {
  std::vector<std::string> answers;
  for (const Backend& backend : backends()) {
    const auto store = backend.open();
    std::string said;
    for (int i = 0; i < 9; ++i) {
      const auto appended = store->append(batch(i * 7 / 2, 6)).value();
      for (const Appended& one : appended) {
        said += std::to_string(one.index) + (one.existed ? "+ " : " ");
      }
    }
    said += publish_checkpoint(*store, "audit.example/log1", log_key()).value();
    for (std::uint32_t level = 0; level < 6; ++level) {
      const auto hashes = store->nodes(level, 0, kMaxPage).value();
      for (const Hash& hash : hashes) said += hex(hash);
    }
    for (const tlog::TileId& tile : tlog::tiles_of(store->size().value())) {
      said += tlog::tile_path(tile) + hex(tile_file(*store, tile).value());
    }
    const auto records = store->records(0, kMaxPage).value();
    for (const StoredRecord& one : records) {
      said += one.envelope + one.fields.kind + one.fields.result + std::to_string(one.fields.finished);
      for (const auto& [name, value] : one.fields.tags)
        said.append(name).append("=").append(value).append(";");
    }
    CHECK_FALSE(tile_file(*store, {false, 0, 0, 256}).has_value());
    said += hex(fsck(*store, with_key()).value().root);
    answers.push_back(said);
  }
  CHECK(answers[0] == answers[1]);
  CHECK(answers[0].size() > 10'000);
}

TEST_CASE("store: one of every older schema comes up with all that it holds, and goes on") {
  int tried = 0;
  for (const std::string name : {"sqlite", "postgres"}) {
    for (int version = 1; version < newest_schema(name); ++version) {
      CAPTURE(name, version);
      const Backend backend = name == "sqlite" ? sqlite_backend() : postgres_backend();
      {
        const auto store = backend.open();
        REQUIRE(store->append(batch(0, 5)).has_value());
        REQUIRE(publish_checkpoint(*store, "audit.example/log1", log_key()).has_value());
      }
      backend.execute(way_back(name, version));
      const auto store = backend.open();
      CHECK(store->append(batch(3, 4)).value()[2].index == 5);
      const FsckReport report = fsck(*store, with_key()).value();
      CHECK(report.sound());
      CHECK(report.root == root_of(7));
      ++tried;
    }
  }
  CHECK(tried == newest_schema("sqlite") + newest_schema("postgres") - 2);
}

TEST_CASE("store: writers side by side do not mind how strictly the database keeps transactions apart") {
  const Backend backend = postgres_backend();
  backend.answer(
      "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = serializable', "
      "current_database()); END $$");
  constexpr int kWriters = 4;
  constexpr int kBatches = 12;
  std::vector<std::thread> writers;
  std::atomic<int> failed = 0;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      const auto store = backend.open();
      for (int i = 0; i < kBatches; ++i) {
        if (!store->append(batch((writer * kBatches + i) * 3, 3)).has_value()) ++failed;
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  CHECK(failed == 0);
  const FsckReport report = fsck(*backend.open(), {}).value();
  CHECK(report.sound());
  CHECK(report.records == kWriters * kBatches * 3);
}

TEST_CASE("store: the schema refuses to change or delete what is appended") {
  for (const Backend& backend : backends()) {
    CAPTURE(backend.name);
    const auto store = backend.open();
    REQUIRE(store->append(batch(0, 3)).has_value());
    REQUIRE(publish_checkpoint(*store, "audit.example/log1", log_key()).has_value());
    for (const char* sql :
         {"UPDATE records SET kind = 'x'", "DELETE FROM records", "UPDATE nodes SET level = 9",
          "DELETE FROM nodes", "UPDATE checkpoints SET size = 1", "DELETE FROM checkpoints",
          "INSERT INTO checkpoints (size, note) VALUES (1, 'x')"}) {
      INFO(sql);
      CHECK(backend.refused(sql));
    }
    CHECK(fsck(*store, with_key()).value().sound());
  }
}
