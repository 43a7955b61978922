// SPDX-License-Identifier: Apache-2.0
#include "store/postgres_store.h"

#include <algorithm>
#include <pqxx/pqxx>
#include <utility>

#include "base/text.h"
#include "store/postgres_append.h"
#include "store/postgres_search.h"
#include "store/postgres_text.h"

namespace cardwarden {
namespace {

using postgres::kTagSeparator;
using postgres::tags_text;

constexpr int kSearchVersion = 2;                     // the schema that brought the search
constexpr const char* kMigrationLock = "1129794631";  // "CWLG", a number of ours among the advisory locks
constexpr const char* kColumns = "SELECT e.log_index, r.id, r.kind, r.result, r.policy, r.tenant, r.finished";
constexpr const char* kFrom = " FROM cardwarden.entries e JOIN cardwarden.records r ON r.id = e.id";

// The only place that knows libpqxx's exceptions.
template <typename F>
auto guarded(F&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const pqxx::in_doubt_error&) {
    return Error(ErrorCode::io,
                 "The connection to PostgreSQL broke during the commit; append the same records again.");
  } catch (const pqxx::sql_error& problem) {
    const std::string first(text::split(problem.what(), '\n').front());
    return Error(ErrorCode::io, "The PostgreSQL store: " + text::printable(first) + ".");
  } catch (const pqxx::broken_connection&) {
    return Error(ErrorCode::io, "PostgreSQL cannot be reached, or has closed the connection.");
  } catch (const std::exception& problem) {
    return Error(ErrorCode::io, "The PostgreSQL store: " + text::printable(problem.what()) + ".");
  }
}

Error not_found(const std::string& what) { return {ErrorCode::not_found, "The store has no " + what + "."}; }

Error damaged(const std::string& what) { return {ErrorCode::format, "The store is damaged: " + what}; }

pqxx::binarystring binary(std::string_view bytes) { return {bytes.data(), bytes.size()}; }

std::string bytes_of_field(const pqxx::field& field) { return pqxx::binarystring(field).str(); }

std::uint64_t number(const pqxx::field& field) {
  return static_cast<std::uint64_t>(field.as<std::int64_t>());
}

std::optional<std::uint64_t> optional_number(const pqxx::field& field) {
  return field.is_null() ? std::nullopt : std::optional<std::uint64_t>(number(field));
}

std::vector<IndexTag> tags_of(const pqxx::field& field) {
  std::vector<IndexTag> out;
  auto parser = field.as_array();
  for (auto next = parser.get_next(); next.first != pqxx::array_parser::done; next = parser.get_next()) {
    if (next.first != pqxx::array_parser::string_value) continue;
    const std::size_t at = next.second.find(kTagSeparator);
    if (at != std::string::npos) out.emplace_back(next.second.substr(0, at), next.second.substr(at + 1));
  }
  return out;
}

Result<StoredRecord> read_record(const pqxx::row& row) {
  auto id = hash_from_bytes(bytes_of_field(row[1]));
  if (!id) return damaged("a record's id has no 32 bytes.");
  StoredRecord out;
  out.index = number(row[0]);
  out.id = *id;
  out.fields.kind = row[2].as<std::string>();
  out.fields.result = row[3].as<std::string>();
  out.fields.policy = row[4].as<std::string>();
  out.fields.tenant = row[5].as<std::string>();
  out.fields.finished = number(row[6]);
  return out;
}

Result<std::vector<Hash>> read_hashes(const pqxx::result& rows) {
  std::vector<Hash> out;
  for (const auto& row : rows) {
    auto hash = hash_from_bytes(bytes_of_field(row[0]));
    if (!hash) return damaged("a hash has no 32 bytes.");
    out.push_back(*hash);
  }
  return out;
}

class PostgresStore final : public Store {
 public:
  PostgresStore(const std::string& connection, StepHook at_step)
      : db_(connection), at_step_(std::move(at_step)) {}

  Done prepare(bool make);
  Result<std::vector<Appended>> append(const std::vector<std::string>& envelopes) override;
  Result<std::vector<StoredRecord>> find(const RecordQuery& query) override;

  Result<std::uint64_t> size() override {
    return guarded([this]() -> Result<std::uint64_t> {
      pqxx::read_transaction tx(db_);
      return number(tx.exec1("SELECT size FROM cardwarden.log_head")[0]);
    });
  }

  Result<StoredRecord> record(std::uint64_t index) override {
    auto found = records(index, 1);
    if (!found) return found.error();
    if (found->empty()) return not_found("record " + std::to_string(index));
    return std::move(found->front());
  }

  Result<StoredRecord> record_by_id(const Hash& id) override {
    auto index = guarded([&]() -> Result<std::optional<std::uint64_t>> {
      pqxx::read_transaction tx(db_);
      const auto rows =
          tx.exec_params("SELECT log_index FROM cardwarden.entries WHERE id = $1", binary(bytes_of(id)));
      return rows.empty() ? std::nullopt : std::optional<std::uint64_t>(number(rows[0][0]));
    });
    if (!index) return index.error();
    if (!*index) return not_found("record " + hex(id));
    return record(**index);
  }

  Result<std::vector<Hash>> ids(const Hash& first, const Hash& last, std::uint32_t count) override {
    return guarded([&]() -> Result<std::vector<Hash>> {
      pqxx::read_transaction tx(db_);
      return read_hashes(
          tx.exec_params("SELECT id FROM cardwarden.entries WHERE id BETWEEN $1 AND $2 ORDER BY id LIMIT $3",
                         binary(bytes_of(first)), binary(bytes_of(last)), std::min(count, kMaxPage)));
    });
  }

  Result<std::vector<StoredRecord>> records(std::uint64_t index, std::uint32_t count) override {
    if (index > kMaxLogIndex) return std::vector<StoredRecord>();
    return guarded([&]() -> Result<std::vector<StoredRecord>> {
      pqxx::read_transaction tx(db_);
      const auto rows =
          tx.exec_params(std::string(kColumns) + ", r.envelope, r.tags" + kFrom +
                             " WHERE e.log_index >= $1 AND e.log_index < $2 ORDER BY e.log_index",
                         index, index + std::min(count, kMaxPage));
      std::vector<StoredRecord> out;
      for (const auto& row : rows) {
        auto one = read_record(row);
        if (!one) return one.error();
        one->envelope = bytes_of_field(row[7]);
        one->fields.tags = tags_of(row[8]);
        out.push_back(*std::move(one));
      }
      return out;
    });
  }

  Result<std::vector<Hash>> nodes(std::uint32_t level, std::uint64_t index, std::uint32_t count) override {
    if (index > kMaxLogIndex) return std::vector<Hash>();
    return guarded([&]() -> Result<std::vector<Hash>> {
      pqxx::read_transaction tx(db_);
      return read_hashes(tx.exec_params(
          "SELECT hash FROM cardwarden.nodes WHERE level = $1 AND place >= $2 AND place < $3 ORDER BY place",
          level, index, index + std::min(count, kMaxPage)));
    });
  }

  Result<std::uint64_t> node_count() override {
    return guarded([this]() -> Result<std::uint64_t> {
      pqxx::read_transaction tx(db_);
      return number(tx.exec1("SELECT count(*) FROM cardwarden.nodes")[0]);
    });
  }

  Done add_checkpoint(const StoredCheckpoint& checkpoint) override {
    if (checkpoint.size > kMaxLogIndex)
      return Error(ErrorCode::usage, "The checkpoint is of more entries than can be.");
    step("checkpoint: signed");
    auto done = change("INSERT INTO cardwarden.checkpoints (size, note) VALUES ($1, $2)", checkpoint.size,
                       binary(checkpoint.note));
    step("checkpoint: stored");
    return done;
  }

  Result<std::optional<StoredCheckpoint>> head() override {
    auto found = checkpoints_by(" ORDER BY size DESC, sequence DESC LIMIT 1");
    if (!found) return found.error();
    if (found->empty()) return std::optional<StoredCheckpoint>();
    return std::optional<StoredCheckpoint>(std::move(found->front()));
  }

  Result<std::vector<StoredCheckpoint>> checkpoints() override {
    return checkpoints_by(" ORDER BY sequence");
  }

  Done put_document(std::string_view bytes) override {
    if (bytes.size() > kMaxDocumentBytes) {
      return Error(ErrorCode::too_large, "The document has more than " + std::to_string(kMaxDocumentBytes) +
                                             " bytes (kMaxDocumentBytes).");
    }
    const Hash id = sha256(bytes);
    const std::vector<Passage> passages = passages_of(bytes);
    return guarded([&]() -> Done {
      pqxx::work tx(db_);
      const auto fresh = tx.exec_params(
          "INSERT INTO cardwarden.documents (id, bytes) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1",
          binary(bytes_of(id)), binary(bytes));
      if (!fresh.empty()) postgres::insert_passages(tx, id, passages);
      step("document: written");
      tx.commit();
      return Nothing{};
    });
  }

  Result<std::string> document(const Hash& digest) override {
    return guarded([&]() -> Result<std::string> {
      pqxx::read_transaction tx(db_);
      const auto rows =
          tx.exec_params("SELECT bytes FROM cardwarden.documents WHERE id = $1", binary(bytes_of(digest)));
      if (rows.empty()) return not_found("document " + hex(digest));
      return bytes_of_field(rows[0][0]);
    });
  }

  Done delete_document(const Hash& digest) override {
    return change("DELETE FROM cardwarden.documents WHERE id = $1", binary(bytes_of(digest)));
  }

  Result<std::vector<Hash>> documents(const std::optional<Hash>& after, std::uint32_t count) override {
    return guarded([&]() -> Result<std::vector<Hash>> {
      pqxx::read_transaction tx(db_);
      return read_hashes(
          tx.exec_params("SELECT id FROM cardwarden.documents WHERE id > $1 ORDER BY id LIMIT $2",
                         binary(after ? bytes_of(*after) : std::string_view()), std::min(count, kMaxPage)));
    });
  }

  Result<std::vector<Passage>> passages(const Hash& document) override {
    return guarded([&]() -> Result<std::vector<Passage>> {
      pqxx::read_transaction tx(db_);
      return postgres::read_passages(tx, document);
    });
  }

  Result<std::vector<SearchHit>> search(const SearchQuery& query) override {
    const auto terms = check_query(query);
    if (!terms) return terms.error();
    return guarded([&]() -> Result<std::vector<SearchHit>> {
      pqxx::read_transaction tx(db_);
      return postgres::search(tx, query, *terms);
    });
  }

  Done put_key(const StoredKey& key) override {
    // A moment that is not set travels as -1, which no moment is.
    const auto moment = [](const std::optional<std::uint64_t>& time) {
      return time ? static_cast<std::int64_t>(*time) : std::int64_t{-1};
    };
    return change(
        "INSERT INTO cardwarden.keys (role, id, name, spki, valid_from, valid_to, revoked_at) "
        "VALUES ($1, $2, $3, $4, $5, nullif($6::bigint, -1), nullif($7::bigint, -1)) "
        "ON CONFLICT (role, id) DO UPDATE SET name = excluded.name, spki = excluded.spki, "
        "valid_from = excluded.valid_from, valid_to = excluded.valid_to, revoked_at = excluded.revoked_at",
        key.role, key.id, key.name, binary(key.spki), key.valid_from, moment(key.valid_to),
        moment(key.revoked_at));
  }

  Result<std::vector<StoredKey>> keys() override {
    return guarded([this]() -> Result<std::vector<StoredKey>> {
      pqxx::read_transaction tx(db_);
      std::vector<StoredKey> out;
      for (const auto& row : tx.exec("SELECT role, id, name, spki, valid_from, valid_to, revoked_at "
                                     "FROM cardwarden.keys ORDER BY role COLLATE \"C\", id COLLATE \"C\"")) {
        out.push_back({row[1].as<std::string>(), row[0].as<std::string>(), row[2].as<std::string>(),
                       bytes_of_field(row[3]), number(row[4]), optional_number(row[5]),
                       optional_number(row[6])});
      }
      return out;
    });
  }

 private:
  void step(std::string_view name) const {
    if (at_step_) at_step_(name);
  }

  template <typename... Values>
  Done change(const char* sql, const Values&... values) {
    return guarded([&]() -> Done {
      pqxx::work tx(db_);
      tx.exec_params(sql, values...);
      step("change: written");
      tx.commit();
      return Nothing{};
    });
  }

  Result<std::vector<StoredCheckpoint>> checkpoints_by(const char* order) {
    return guarded([&]() -> Result<std::vector<StoredCheckpoint>> {
      pqxx::read_transaction tx(db_);
      std::vector<StoredCheckpoint> out;
      for (const auto& row : tx.exec(std::string("SELECT size, note FROM cardwarden.checkpoints") + order)) {
        out.push_back({number(row[0]), bytes_of_field(row[1])});
      }
      return out;
    });
  }

  pqxx::connection db_;
  StepHook at_step_;
};

Done PostgresStore::prepare(bool make) {
  return guarded([this, make]() -> Done {
    db_.set_client_encoding("UTF8");
    db_.set_variable("default_transaction_isolation", "'read committed'");  // takes_turn counts on it
    pqxx::work tx(db_);
    for (const char* setting : {"fsync", "full_page_writes", "synchronous_commit"}) {
      const auto value = tx.exec1("SHOW " + std::string(setting))[0].as<std::string>();
      if (value == "off") {
        return Error(ErrorCode::config, "PostgreSQL has " + std::string(setting) +
                                            " off, so what it has answered can be lost; switch it on.");
      }
    }
    if (tx.exec1("SHOW server_encoding")[0].as<std::string>() != "UTF8") {
      return Error(ErrorCode::config, "The database of the store must be UTF-8.");
    }
    tx.exec(std::string("SELECT pg_advisory_xact_lock(") + kMigrationLock + ")");
    // Looked for first: someone who may only read and append may not make schemas.
    if (tx.exec1("SELECT to_regclass('cardwarden.schema_version') IS NULL")[0].as<bool>()) {
      if (!make)
        return Error(ErrorCode::not_found,
                     "The database holds no store yet. `cardwarden store migrate` makes one.");
      tx.exec("CREATE SCHEMA IF NOT EXISTS cardwarden");
      tx.exec("CREATE TABLE cardwarden.schema_version (version integer PRIMARY KEY)");
    }
    const auto version =
        tx.exec1("SELECT coalesce(max(version), 0) FROM cardwarden.schema_version")[0].as<int>();
    int last = 0;
    for (const std::string_view name : store_schema_names()) {
      if (name.substr(name.size() - 8) != "postgres") continue;
      if (++last <= version) continue;
      tx.exec(std::string(store_schema(name)));
      tx.exec_params("INSERT INTO cardwarden.schema_version VALUES ($1)", last);
    }
    if (version != 0 && version < kSearchVersion) postgres::find_passages(tx);
    if (version > last) {
      return Error(ErrorCode::format, "The store has schema " + std::to_string(version) +
                                          ", and this program knows " + std::to_string(last) +
                                          ": use a newer one.");
    }
    tx.commit();
    postgres::prepare_append(db_);
    return Nothing{};
  });
}

Result<std::vector<Appended>> PostgresStore::append(const std::vector<std::string>& envelopes) {
  const auto batch = index_batch(envelopes);
  if (!batch) return batch.error();
  if (batch->empty()) return std::vector<Appended>();
  return guarded([&]() -> Result<std::vector<Appended>> {
    std::uint64_t number_of_batch = 0;
    {
      pqxx::work tx(db_);
      number_of_batch = postgres::write_batch(tx, *batch);
      step("append: records written");
      tx.commit();
    }
    step("append: batch waits");
    auto out = postgres::sequence(db_, number_of_batch, *batch, at_step_);
    if (!out) return out;
    step("append: committed");
    return out;
  });
}

Result<std::vector<StoredRecord>> PostgresStore::find(const RecordQuery& query) {
  if (auto good = check_query(query); !good) return good.error();
  return guarded([&]() -> Result<std::vector<StoredRecord>> {
    pqxx::read_transaction tx(db_);
    std::string where = " WHERE true";
    const auto add = [&where](const std::string& condition) { where += " AND " + condition; };
    if (query.kind) add("r.kind = " + tx.quote(*query.kind));
    if (query.result) add("r.result = " + tx.quote(*query.result));
    if (query.policy) add("r.policy = " + tx.quote(*query.policy));
    if (query.tenant) add("r.tenant = " + tx.quote(*query.tenant));
    if (query.from) add("r.finished >= " + std::to_string(*query.from));
    if (query.until) add("r.finished < " + std::to_string(*query.until));
    if (query.after)
      add("e.log_index " + std::string(query.newest_first ? "<" : ">") + std::to_string(*query.after));
    if (!query.tags.empty()) add("r.tags @> " + tx.quote(tags_text(query.tags)) + "::text[]");
    const auto rows = tx.exec(std::string(kColumns) + kFrom + where + " ORDER BY e.log_index" +
                              (query.newest_first ? " DESC" : "") + " LIMIT " + std::to_string(query.limit));
    std::vector<StoredRecord> out;
    for (const auto& row : rows) {
      auto one = read_record(row);
      if (!one) return one.error();
      out.push_back(*std::move(one));
    }
    return out;
  });
}

}  // namespace

Result<std::unique_ptr<Store>> open_postgres_store(const std::string& connection, const StepHook& at_step,
                                                   bool make) {
  auto store = guarded([&]() -> Result<std::unique_ptr<PostgresStore>> {
    return std::make_unique<PostgresStore>(connection, at_step);
  });
  // What libpq says of a connection that fails may repeat the connection text, and a password with it.
  if (!store) return Error(ErrorCode::io, "PostgreSQL cannot be reached with the connection that was given.");
  if (auto ready = (*store)->prepare(make); !ready) return ready.error();
  return std::unique_ptr<Store>(*std::move(store));
}

}  // namespace cardwarden
