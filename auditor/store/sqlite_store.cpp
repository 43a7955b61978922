// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite_store.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "log/leaf.h"
#include "store/sqlite_handle.h"

namespace cardwarden {
namespace {

using sqlite::Connection;
using sqlite::Statement;
using sqlite::Transaction;

constexpr std::uint64_t kSearchVersion = 2;           // the schema that brought the search
constexpr std::uint64_t kApplicationId = 0x43574c47;  // "CWLG" in the header of the file
constexpr const char* kRecordColumns = "SELECT log_index, id, kind, result, policy, tenant, finished";

Error not_found(const std::string& what) { return {ErrorCode::not_found, "The store has no " + what + "."}; }

Error damaged(const Error& cause) {
  Error out(ErrorCode::format, "The store is damaged");
  out.cause = std::make_shared<const Error>(cause);
  return out;
}

// Reads rows until the statement ends.
template <typename T, typename Read>
Result<std::vector<T>> rows(Result<Statement> statement, const Read& read) {
  if (!statement) return statement.error();
  std::vector<T> out;
  for (;;) {
    auto row = statement->step();
    if (!row) return row.error();
    if (!*row) return out;
    Result<T> one = read(*statement);
    if (!one) return one.error();
    out.push_back(*std::move(one));
  }
}

Result<Hash> hash_at(const Statement& row, int column) {
  auto hash = hash_from_bytes(row.bytes_at(column));
  if (!hash) return damaged(hash.error());
  return hash;
}

Result<StoredRecord> read_record(const Statement& row) {
  auto id = hash_at(row, 1);
  if (!id) return id.error();
  StoredRecord out;
  out.index = row.integer_at(0);
  out.id = *id;
  out.fields.kind = row.bytes_at(2);
  out.fields.result = row.bytes_at(3);
  out.fields.policy = row.bytes_at(4);
  out.fields.tenant = row.bytes_at(5);
  out.fields.finished = row.integer_at(6);
  return out;
}

Result<StoredRecord> read_whole_record(const Statement& row) {
  auto out = read_record(row);
  if (out) out->envelope = row.bytes_at(7);
  return out;
}

class SqliteStore final : public Store {
 public:
  SqliteStore(std::unique_ptr<Connection> db, StepHook at_step)
      : db_(std::move(db)), at_step_(std::move(at_step)) {}

  Done prepare() {
    // WAL with FULL: a commit is on the disk before it is answered. NORMAL may lose the last ones.
    auto mode = db_->word("PRAGMA journal_mode = WAL");
    if (!mode) return mode.error();
    if (*mode != "wal") return Error(ErrorCode::io, "The SQLite store needs a file system that can do WAL.");
    if (auto set =
            db_->execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; "
                         "PRAGMA cell_size_check = ON");
        !set) {
      return set;
    }
    return migrate();
  }

  Result<std::vector<Appended>> append(const std::vector<std::string>& envelopes) override {
    auto batch = index_batch(envelopes);
    if (!batch) return batch.error();
    auto transaction = Transaction::begin(*db_, true);
    if (!transaction) return transaction.error();
    step("append: log locked");
    const auto count = size();
    if (!count) return count.error();
    auto range = tlog::read_range(*count, node_reader(*this));
    if (!range) return damaged(range.error());
    std::vector<Appended> out;
    std::vector<tlog::Node> nodes;
    for (const NewRecord& record : *batch) {
      auto before = index_of(record.id);
      if (!before) return before.error();
      if (*before) {
        out.push_back({**before, true});
        continue;
      }
      const std::uint64_t index = range->size();
      if (auto done = insert(index, record); !done) return done.error();
      step("append: record written");
      range->append(tlog::leaf_hash(tlog::leaf_data(record.id)), nodes);
      out.push_back({index, false});
    }
    for (const tlog::Node& node : nodes) {
      if (auto done = insert(node); !done) return done.error();
    }
    step("append: hashes written");
    if (auto done = transaction->commit(); !done) return done.error();
    step("append: committed");
    return out;
  }

  Result<std::uint64_t> size() override {
    return db_->number("SELECT coalesce(max(log_index) + 1, 0) FROM records");
  }

  Result<StoredRecord> record(std::uint64_t index) override {
    auto found = records(index, 1);
    if (!found) return found.error();
    if (found->empty() || found->front().index != index) return not_found("record " + std::to_string(index));
    return std::move(found->front());
  }

  Result<StoredRecord> record_by_id(const Hash& id) override {
    auto index = index_of(id);
    if (!index) return index.error();
    if (!*index) return not_found("record " + hex(id));
    return record(**index);
  }

  Result<std::vector<Hash>> ids(const Hash& first, const Hash& last, std::uint32_t count) override {
    auto statement = db_->prepare("SELECT id FROM records WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?");
    if (statement) statement->blob(bytes_of(first)).blob(bytes_of(last)).integer(std::min(count, kMaxPage));
    return rows<Hash>(std::move(statement), [](const Statement& row) { return hash_at(row, 0); });
  }

  Result<std::vector<StoredRecord>> records(std::uint64_t index, std::uint32_t count) override {
    if (index > kMaxLogIndex) return std::vector<StoredRecord>();
    auto statement =
        db_->prepare(std::string(kRecordColumns) +
                     ", envelope FROM records WHERE log_index >= ? AND log_index < ? ORDER BY log_index");
    if (statement) statement->integer(index).integer(index + std::min(count, kMaxPage));
    auto out = rows<StoredRecord>(std::move(statement), read_whole_record);
    if (!out) return out;
    for (StoredRecord& one : *out) {
      auto tags = tags_of(one.index);
      if (!tags) return tags.error();
      one.fields.tags = *std::move(tags);
    }
    return out;
  }

  Result<std::vector<StoredRecord>> find(const RecordQuery& query) override;

  Result<std::vector<Hash>> nodes(std::uint32_t level, std::uint64_t index, std::uint32_t count) override {
    if (index > kMaxLogIndex) return std::vector<Hash>();
    auto statement =
        db_->prepare("SELECT hash FROM nodes WHERE level = ? AND place >= ? AND place < ? ORDER BY place");
    if (statement) statement->integer(level).integer(index).integer(index + std::min(count, kMaxPage));
    return rows<Hash>(std::move(statement), [](const Statement& row) { return hash_at(row, 0); });
  }

  Result<std::uint64_t> node_count() override { return db_->number("SELECT count(*) FROM nodes"); }

  Done add_checkpoint(const StoredCheckpoint& checkpoint) override {
    auto statement = db_->prepare("INSERT INTO checkpoints (size, note) VALUES (?, ?)");
    if (!statement) return statement.error();
    step("checkpoint: signed");
    if (auto done = statement->integer(checkpoint.size).blob(checkpoint.note).run(); !done) return done;
    step("checkpoint: stored");
    return Nothing{};
  }

  Result<std::optional<StoredCheckpoint>> head() override {
    auto found = rows<StoredCheckpoint>(
        db_->prepare("SELECT size, note FROM checkpoints ORDER BY size DESC, sequence DESC LIMIT 1"),
        read_checkpoint);
    if (!found) return found.error();
    if (found->empty()) return std::optional<StoredCheckpoint>();
    return std::optional<StoredCheckpoint>(std::move(found->front()));
  }

  Result<std::vector<StoredCheckpoint>> checkpoints() override {
    return rows<StoredCheckpoint>(db_->prepare("SELECT size, note FROM checkpoints ORDER BY sequence"),
                                  read_checkpoint);
  }

  Done put_document(std::string_view bytes) override {
    if (bytes.size() > kMaxDocumentBytes) {
      return Error(ErrorCode::too_large, "The document has more than " + std::to_string(kMaxDocumentBytes) +
                                             " bytes (kMaxDocumentBytes).");
    }
    const Hash id = sha256(bytes);
    auto transaction = Transaction::begin(*db_, true);
    if (!transaction) return transaction.error();
    {
      auto statement =
          db_->prepare("INSERT INTO documents (id, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING 1");
      if (!statement) return statement.error();
      auto fresh = statement->blob(bytes_of(id)).blob(bytes).step();
      if (!fresh) return fresh.error();
      if (!*fresh) return Nothing{};
    }
    if (auto done = insert_passages(id, passages_of(bytes)); !done) return done;
    step("document: written");
    return transaction->commit();
  }

  Result<std::string> document(const Hash& digest) override {
    auto statement = db_->prepare("SELECT bytes FROM documents WHERE id = ?");
    if (!statement) return statement.error();
    auto row = statement->blob(bytes_of(digest)).step();
    if (!row) return row.error();
    if (!*row) return not_found("document " + hex(digest));
    return statement->bytes_at(0);
  }

  Done delete_document(const Hash& digest) override {
    auto transaction = Transaction::begin(*db_, true);
    if (!transaction) return transaction.error();
    for (const char* sql :
         {"INSERT INTO passage_words (passage_words, rowid, words) "
          "SELECT 'delete', id, words FROM passages WHERE document = ?",
          "DELETE FROM passages WHERE document = ?", "DELETE FROM documents WHERE id = ?"}) {
      auto statement = db_->prepare(sql);
      if (!statement) return statement.error();
      if (auto done = statement->blob(bytes_of(digest)).run(); !done) return done;
    }
    return transaction->commit();
  }

  Result<std::vector<Hash>> documents(const std::optional<Hash>& after, std::uint32_t count) override {
    auto statement = db_->prepare("SELECT id FROM documents WHERE id > ? ORDER BY id LIMIT ?");
    if (statement)
      statement->blob(after ? bytes_of(*after) : std::string_view()).integer(std::min(count, kMaxPage));
    return rows<Hash>(std::move(statement), [](const Statement& row) { return hash_at(row, 0); });
  }

  Result<std::vector<Passage>> passages(const Hash& document) override {
    auto statement =
        db_->prepare("SELECT kind, path, rule, text FROM passages WHERE document = ? ORDER BY place");
    if (statement) statement->blob(bytes_of(document));
    return rows<Passage>(std::move(statement),
                         [](const Statement& row) -> Result<Passage> { return read_passage(row, 0); });
  }

  Result<std::vector<SearchHit>> search(const SearchQuery& query) override;

  Done put_key(const StoredKey& key) override {
    auto statement = db_->prepare(
        "INSERT INTO keys (role, id, name, spki, valid_from, valid_to, revoked_at) VALUES (?, ?, ?, ?, ?, ?, "
        "?) "
        "ON CONFLICT (role, id) DO UPDATE SET name = excluded.name, spki = excluded.spki, "
        "valid_from = excluded.valid_from, valid_to = excluded.valid_to, revoked_at = excluded.revoked_at");
    if (!statement) return statement.error();
    return statement->text(key.role)
        .text(key.id)
        .text(key.name)
        .blob(key.spki)
        .integer(key.valid_from)
        .optional(key.valid_to)
        .optional(key.revoked_at)
        .run();
  }

  Result<std::vector<StoredKey>> keys() override {
    return rows<StoredKey>(
        db_->prepare(
            "SELECT role, id, name, spki, valid_from, valid_to, revoked_at FROM keys ORDER BY role, id"),
        [](const Statement& row) -> Result<StoredKey> {
          return StoredKey{row.bytes_at(1),   row.bytes_at(0),    row.bytes_at(2),   row.bytes_at(3),
                           row.integer_at(4), row.optional_at(5), row.optional_at(6)};
        });
  }

 private:
  static Result<StoredCheckpoint> read_checkpoint(const Statement& row) {
    return StoredCheckpoint{row.integer_at(0), row.bytes_at(1)};
  }

  static Passage read_passage(const Statement& row, int column) {
    return {row.bytes_at(column), row.bytes_at(column + 1), row.bytes_at(column + 2),
            row.bytes_at(column + 3)};
  }

  Done migrate();
  Done find_passages();  // of documents that are older than the search
  Done insert_passages(const Hash& document, const std::vector<Passage>& passages);

  void step(std::string_view name) const {
    if (at_step_) at_step_(name);
  }

  Result<std::optional<std::uint64_t>> index_of(const Hash& id) {
    auto statement = db_->prepare("SELECT log_index FROM records WHERE id = ?");
    if (!statement) return statement.error();
    auto row = statement->blob(bytes_of(id)).step();
    if (!row) return row.error();
    return *row ? std::optional<std::uint64_t>(statement->integer_at(0)) : std::nullopt;
  }

  Result<std::vector<IndexTag>> tags_of(std::uint64_t index) {
    auto statement = db_->prepare("SELECT name, value FROM tags WHERE log_index = ? ORDER BY name, value");
    if (statement) statement->integer(index);
    return rows<IndexTag>(std::move(statement), [](const Statement& row) -> Result<IndexTag> {
      return IndexTag(row.bytes_at(0), row.bytes_at(1));
    });
  }

  Done insert(std::uint64_t index, const NewRecord& record) {
    const RecordIndex& fields = record.index;
    {
      auto statement = db_->prepare(
          "INSERT INTO records (log_index, id, envelope, kind, result, policy, tenant, finished) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
      if (!statement) return statement.error();
      statement->integer(index).blob(bytes_of(record.id)).blob(record.envelope).text(fields.kind);
      statement->text(fields.result).text(fields.policy).text(fields.tenant).integer(fields.finished);
      if (auto done = statement->run(); !done) return done;
    }
    for (const auto& [name, value] : fields.tags) {
      auto statement = db_->prepare("INSERT INTO tags (name, value, log_index) VALUES (?, ?, ?)");
      if (!statement) return statement.error();
      if (auto done = statement->text(name).text(value).integer(index).run(); !done) return done;
    }
    return Nothing{};
  }

  Done insert(const tlog::Node& node) {
    auto statement = db_->prepare("INSERT INTO nodes (level, place, hash) VALUES (?, ?, ?)");
    if (!statement) return statement.error();
    return statement->integer(node.id.level).integer(node.id.index).blob(bytes_of(node.hash)).run();
  }

  std::unique_ptr<Connection> db_;
  StepHook at_step_;
};

Done SqliteStore::migrate() {
  auto transaction = Transaction::begin(*db_, true);
  if (!transaction) return transaction.error();
  const auto application = db_->number("PRAGMA application_id");
  const auto version = db_->number("PRAGMA user_version");
  const auto tables = db_->number("SELECT count(*) FROM sqlite_schema");
  if (!application) return application.error();
  if (!version) return version.error();
  if (!tables) return tables.error();
  if (*application != kApplicationId && (*tables != 0 || *application != 0)) {
    return Error(ErrorCode::format, "The file is an SQLite database of another program.");
  }
  std::uint64_t last = 0;
  for (const std::string_view name : store_schema_names()) {
    if (name.substr(name.size() - 6) != "sqlite") continue;
    ++last;
    if (last <= *version) continue;
    if (auto done = db_->execute(std::string(store_schema(name))); !done) return done;
  }
  if (*version > last) {
    return Error(ErrorCode::format, "The store has schema " + std::to_string(*version) +
                                        ", and this program knows " + std::to_string(last) +
                                        ": use a newer one.");
  }
  if (*version != 0 && *version < kSearchVersion) {
    if (auto done = find_passages(); !done) return done;
  }
  if (*version != last) {
    if (auto set = db_->execute("PRAGMA application_id = " + std::to_string(kApplicationId) +
                                "; PRAGMA user_version = " + std::to_string(last));
        !set) {
      return set;
    }
  }
  return transaction->commit();
}

Done SqliteStore::find_passages() {
  std::optional<Hash> after;
  for (;;) {
    const auto page = documents(after, 1);
    if (!page) return page.error();
    if (page->empty()) return Nothing{};
    after = page->front();
    const auto bytes = document(*after);
    if (!bytes) return bytes.error();
    if (auto done = insert_passages(*after, passages_of(*bytes)); !done) return done;
  }
}

Done SqliteStore::insert_passages(const Hash& document, const std::vector<Passage>& passages) {
  std::uint64_t place = 0;
  for (const Passage& one : passages) {
    const std::string words = text::join(words_of(one.text), " ");
    auto statement = db_->prepare(
        "INSERT INTO passages (document, place, kind, path, rule, text, words) VALUES (?, ?, ?, ?, ?, ?, ?)");
    if (!statement) return statement.error();
    statement->blob(bytes_of(document)).integer(place++).text(one.kind).text(one.path).text(one.rule);
    if (auto done = statement->text(one.text).text(words).run(); !done) return done;
    auto found = db_->prepare("INSERT INTO passage_words (rowid, words) VALUES (last_insert_rowid(), ?)");
    if (!found) return found.error();
    if (auto done = found->text(words).run(); !done) return done;
  }
  return Nothing{};
}

// Words hold nothing but letters, marks and numbers, so they need no escape.
std::string match_text(const std::vector<TextTerm>& terms) {
  std::string out;
  for (const TextTerm& term : terms) {
    out += out.empty() ? "\"" : " AND \"";
    out += text::join(term.words, " ") + "\"" + (term.prefix ? " *" : "");
  }
  return out;
}

Result<std::vector<SearchHit>> SqliteStore::search(const SearchQuery& query) {
  const auto terms = check_query(query);
  if (!terms) return terms.error();
  const std::string match = match_text(*terms);
  auto statement =
      db_->prepare(std::string("SELECT r.log_index, p.document, p.place, p.kind, p.path, p.rule, p.text "
                               "FROM passage_words JOIN passages p ON p.id = passage_words.rowid "
                               "JOIN tags t ON t.name = 'findings' AND t.value = lower(hex(p.document)) "
                               "JOIN records r ON r.log_index = t.log_index WHERE passage_words MATCH ?") +
                   (query.tenant ? " AND r.tenant = ?" : "") + (query.rule ? " AND p.rule = ?" : "") +
                   (query.after ? " AND (r.log_index < ? OR (r.log_index = ? AND p.place > ?))" : "") +
                   " ORDER BY r.log_index DESC, p.place LIMIT ?");
  if (!statement) return statement.error();
  statement->text(match);
  for (const auto* one : {&query.tenant, &query.rule}) {
    if (*one) statement->text(**one);
  }
  if (query.after)
    statement->integer(query.after->first).integer(query.after->first).integer(query.after->second);
  statement->integer(query.limit);
  return rows<SearchHit>(std::move(statement), [](const Statement& row) -> Result<SearchHit> {
    auto document = hash_at(row, 1);
    if (!document) return document.error();
    return SearchHit{row.integer_at(0), *document, row.integer_at(2), read_passage(row, 3)};
  });
}

Result<std::vector<StoredRecord>> SqliteStore::find(const RecordQuery& query) {
  if (auto good = check_query(query); !good) return good.error();
  std::string where = " WHERE 1";
  const auto add = [&where](bool wanted, const char* condition) {
    if (wanted) where += std::string(" AND ") + condition;
  };
  add(query.kind.has_value(), "kind = ?");
  add(query.result.has_value(), "result = ?");
  add(query.policy.has_value(), "policy = ?");
  add(query.tenant.has_value(), "tenant = ?");
  add(query.from.has_value(), "finished >= ?");
  add(query.until.has_value(), "finished < ?");
  add(query.after.has_value(), query.newest_first ? "log_index < ?" : "log_index > ?");
  for (std::size_t i = 0; i < query.tags.size(); ++i) {
    add(true,
        "EXISTS (SELECT 1 FROM tags t WHERE t.name = ? AND t.value = ? AND t.log_index = records.log_index)");
  }
  auto statement = db_->prepare(std::string(kRecordColumns) + " FROM records" + where +
                                " ORDER BY log_index" + (query.newest_first ? " DESC" : "") + " LIMIT ?");
  if (!statement) return statement.error();
  for (const auto* one : {&query.kind, &query.result, &query.policy, &query.tenant}) {
    if (*one) statement->text(**one);
  }
  for (const auto* one : {&query.from, &query.until, &query.after}) {
    if (*one) statement->integer(**one);
  }
  for (const auto& [name, value] : query.tags) statement->text(name).text(value);
  statement->integer(query.limit);
  return rows<StoredRecord>(std::move(statement), read_record);
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& path, const StepHook& at_step) {
  auto db = Connection::open(path, kSqliteBusyMs);
  if (!db) return db.error();
  auto store = std::make_unique<SqliteStore>(*std::move(db), at_step);
  if (auto ready = store->prepare(); !ready) {
    return Error(ready.error().code, ready.error().message, path);
  }
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace cardwarden
