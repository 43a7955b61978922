// SPDX-License-Identifier: Apache-2.0
#include "store/postgres_append.h"

#include <map>
#include <numeric>
#include <pqxx/pqxx>
#include <set>
#include <string>

#include "log/leaf.h"
#include "log/tree.h"
#include "store/postgres_text.h"

namespace cardwarden::postgres {
namespace {

// Of envelopes in one insert: many records, and yet small beside the caches through which it is copied.
constexpr std::size_t kSliceBytes = std::size_t{256} * 1024;

// Statements that every batch needs are read and planned once for a connection. Only such as read no table:
// a plan for a table that is empty is the wrong one when it has grown.
constexpr const char* kInsertRecords = "insert_records";
constexpr const char* kInsertEntries = "insert_entries";
constexpr const char* kInsertNodes = "insert_nodes";

Error damaged(const std::string& what) { return {ErrorCode::format, "The store is damaged: " + what}; }

std::uint64_t number(const pqxx::field& field) {
  return static_cast<std::uint64_t>(field.as<std::int64_t>());
}

pqxx::binarystring binary(std::string_view bytes) { return {bytes.data(), bytes.size()}; }

// Bytes travel as one parameter and are cut up by the server: nothing is written in hexadecimal and read
// again.
void insert_slice(pqxx::transaction_base& tx, const std::vector<const NewRecord*>& slice) {
  std::string ids, envelopes;
  ids.reserve(slice.size() * kHashBytes);
  envelopes.reserve(std::accumulate(
      slice.begin(), slice.end(), std::size_t{0},
      [](std::size_t sum, const NewRecord* record) { return sum + record->envelope.size(); }));
  ArrayText begins, sizes, kinds, results, policies, tenants, finished, tags;
  for (const NewRecord* record : slice) {
    ids += bytes_of(record->id);
    begins.number(envelopes.size() + 1);
    sizes.number(record->envelope.size());
    envelopes += record->envelope;
    kinds.text(record->index.kind);
    results.text(record->index.result);
    policies.text(record->index.policy);
    tenants.text(record->index.tenant);
    finished.number(record->index.finished);
    tags.text(tags_text(record->index.tags));
  }
  tx.exec_prepared(kInsertRecords, binary(ids), binary(envelopes), begins.str(), sizes.str(), kinds.str(),
                   results.str(), policies.str(), tenants.str(), finished.str(), tags.str());
}

void insert_records(pqxx::transaction_base& tx, const std::vector<NewRecord>& batch) {
  // In the order of their ids, so that two writers of the same records never wait for each other crosswise.
  std::map<Hash, const NewRecord*> sorted;
  for (const NewRecord& record : batch) sorted.emplace(record.id, &record);
  std::vector<const NewRecord*> slice;
  std::size_t bytes = 0;
  for (const auto& [id, record] : sorted) {
    slice.push_back(record);
    bytes += record->envelope.size();
    if (bytes < kSliceBytes) continue;
    insert_slice(tx, slice);
    slice.clear();
    bytes = 0;
  }
  if (!slice.empty()) insert_slice(tx, slice);
}

void insert_nodes(pqxx::transaction_base& tx, const std::vector<tlog::Node>& nodes) {
  ArrayText levels, places;
  std::string hashes;
  for (const tlog::Node& node : nodes) {
    levels.number(node.id.level);
    places.number(node.id.index);
    hashes += bytes_of(node.hash);
  }
  tx.exec_prepared(kInsertNodes, levels.str(), places.str(), binary(hashes));
}

struct Waiting {
  std::uint64_t batch;
  Hash id;
};

// All that wait, batch by batch in their order.
Result<std::vector<Waiting>> take_waiting(pqxx::transaction_base& tx) {
  std::map<std::uint64_t, std::string> sorted;
  for (const auto& row : tx.exec("DELETE FROM cardwarden.waiting RETURNING batch, ids"))
    sorted[number(row[0])] = pqxx::binarystring(row[1]).str();
  std::vector<Waiting> out;
  for (const auto& [batch, ids] : sorted) {
    for (std::size_t at = 0; at < ids.size(); at += kHashBytes) {
      const auto id = hash_from_bytes(std::string_view(ids).substr(at, kHashBytes));
      if (!id) return damaged("a waiting id has no 32 bytes.");
      out.push_back({batch, *id});
    }
  }
  return out;
}

struct Entry {
  std::uint64_t index = 0;
  std::uint64_t batch = 0;  // that brought it
};
using Entries = std::map<Hash, Entry>;

template <typename Ids>
Result<Entries> entries_of(pqxx::transaction_base& tx, const Ids& all) {
  std::string ids;
  for (const auto& one : all) ids += bytes_of(one.id);
  Entries out;
  for (const auto& row :
       tx.exec_params("SELECT id, log_index, batch FROM cardwarden.entries WHERE id = ANY (ARRAY("
                      "SELECT substring($1::bytea FROM 32 * nth + 1 FOR 32) FROM generate_series(0, "
                      "$2::integer - 1) nth))",
                      binary(ids), all.size())) {
    const auto id = hash_from_bytes(pqxx::binarystring(row[0]).str());
    if (!id) return damaged("an entry's id has no 32 bytes.");
    out[*id] = {number(row[1]), number(row[2])};
  }
  return out;
}

// Gives indexes to what waits, under the lock. Says where all of it stands now.
Result<Entries> sequence_all(pqxx::transaction_base& tx, const pqxx::row& head, const StepHook& at_step) {
  const auto waiting = take_waiting(tx);
  if (!waiting) return waiting.error();
  auto known = entries_of(tx, *waiting);
  if (!known) return known.error();
  std::vector<Hash> edge;
  const std::string edge_bytes = pqxx::binarystring(head[1]).str();
  for (std::size_t at = 0; at + kHashBytes <= edge_bytes.size(); at += kHashBytes) {
    edge.push_back(hash_from_bytes(std::string_view(edge_bytes).substr(at, kHashBytes)).value());
  }
  const std::uint64_t first = number(head[0]);
  auto range = tlog::CompactRange::from(first, std::move(edge));
  if (!range) return damaged(range.error().message);
  std::vector<tlog::Node> nodes;
  std::string ids;
  ArrayText batches;
  for (const Waiting& one : *waiting) {
    if (!known->emplace(one.id, Entry{range->size(), one.batch}).second) continue;
    ids += bytes_of(one.id);
    batches.number(one.batch);
    range->append(tlog::leaf_hash(tlog::leaf_data(one.id)), nodes);
  }
  if (nodes.empty()) return known;
  tx.exec_prepared(kInsertEntries, first, binary(ids), batches.str());
  if (at_step) at_step("append: entries written");
  insert_nodes(tx, nodes);
  if (at_step) at_step("append: hashes written");
  std::string new_edge;
  for (const Hash& hash : range->hashes()) new_edge += bytes_of(hash);
  tx.exec_params("UPDATE cardwarden.log_head SET size = $1, edge = $2", range->size(), binary(new_edge));
  if (at_step) at_step("append: head written");
  return known;
}

Result<std::vector<Appended>> places_of(const std::vector<NewRecord>& batch, std::uint64_t number_of_batch,
                                        const Entries& entries) {
  std::vector<Appended> out;
  out.reserve(batch.size());
  std::set<Hash> before;
  for (const NewRecord& record : batch) {
    const auto at = entries.find(record.id);
    if (at == entries.end()) return damaged("a batch that waited is gone.");
    const bool mine = at->second.batch == number_of_batch && before.insert(record.id).second;
    out.push_back({at->second.index, !mine});
  }
  return out;
}

}  // namespace

void prepare_append(pqxx::connection_base& db) {
  db.prepare(kInsertRecords,
             "INSERT INTO cardwarden.records (id, envelope, kind, result, policy, tenant, finished, tags) "
             "SELECT substring($1::bytea FROM 32 * nth::integer - 31 FOR 32), "
             "substring($2::bytea FROM at FOR size), kind, result, policy, tenant, finished, tags::text[] "
             "FROM unnest($3::integer[], $4::integer[], $5::text[], $6::text[], $7::text[], $8::text[], "
             "$9::bigint[], $10::text[]) WITH ORDINALITY "
             "AS new (at, size, kind, result, policy, tenant, finished, tags, nth) ON CONFLICT DO NOTHING");
  db.prepare(kInsertEntries,
             "INSERT INTO cardwarden.entries (log_index, id, batch) "
             "SELECT $1::bigint + nth - 1, substring($2::bytea FROM 32 * nth::integer - 31 FOR 32), batch "
             "FROM unnest($3::bigint[]) WITH ORDINALITY AS new (batch, nth)");
  db.prepare(kInsertNodes,
             "INSERT INTO cardwarden.nodes (level, place, hash) "
             "SELECT level, place, substring($3::bytea FROM 32 * nth::integer - 31 FOR 32) "
             "FROM unnest($1::smallint[], $2::bigint[]) WITH ORDINALITY AS new (level, place, nth)");
}

std::uint64_t write_batch(pqxx::transaction_base& tx, const std::vector<NewRecord>& batch) {
  tx.exec("SET LOCAL synchronous_commit = off");
  insert_records(tx, batch);
  std::string ids;
  for (const NewRecord& record : batch) ids += bytes_of(record.id);
  return number(
      tx.exec_params1("INSERT INTO cardwarden.waiting (batch, ids) "
                      "VALUES (nextval('cardwarden.batches'), $1) RETURNING batch",
                      binary(ids))[0]);
}

Result<std::vector<Appended>> sequence(pqxx::connection_base& db, std::uint64_t number_of_batch,
                                       const std::vector<NewRecord>& batch, const StepHook& at_step) {
  pqxx::work tx(db);
  if (!tx.exec_params1("SELECT cardwarden.takes_turn($1)", number_of_batch)[0].as<bool>()) {
    // Whoever sequenced it has committed, or it could not be seen: it is on the disk.
    const auto entries = entries_of(tx, batch);
    if (!entries) return entries.error();
    return places_of(batch, number_of_batch, *entries);
  }
  // The turn is a queue only; what keeps writers apart is the lock of this row.
  const pqxx::row head = tx.exec1("SELECT size, edge FROM cardwarden.log_head FOR UPDATE");
  if (at_step) at_step("append: log locked");
  const auto entries = sequence_all(tx, head, at_step);
  if (!entries) return entries.error();
  auto out = places_of(batch, number_of_batch, *entries);
  if (out) tx.commit();
  return out;
}

}  // namespace cardwarden::postgres
