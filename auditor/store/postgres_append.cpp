// SPDX-License-Identifier: Apache-2.0
#include "store/postgres_append.h"

#include <map>
#include <pqxx/pqxx>
#include <set>
#include <string>

#include "log/leaf.h"
#include "log/tree.h"
#include "store/postgres_text.h"

namespace cardwarden::postgres {
namespace {

Error damaged(const std::string& what) { return {ErrorCode::format, "The store is damaged: " + what}; }

std::uint64_t number(const pqxx::field& field) {
  return static_cast<std::uint64_t>(field.as<std::int64_t>());
}

void insert_records(pqxx::transaction_base& tx, const std::vector<NewRecord>& batch) {
  // In the order of their ids, so that two writers of the same records never wait for each other crosswise.
  std::map<Hash, const NewRecord*> sorted;
  for (const NewRecord& record : batch) sorted.emplace(record.id, &record);
  ArrayText ids, envelopes, kinds, results, policies, tenants, finished, tags;
  for (const auto& [id, record] : sorted) {
    ids.bytes(bytes_of(id));
    envelopes.bytes(record->envelope);
    kinds.text(record->index.kind);
    results.text(record->index.result);
    policies.text(record->index.policy);
    tenants.text(record->index.tenant);
    finished.number(record->index.finished);
    tags.text(tags_text(record->index.tags));
  }
  tx.exec_params(
      "INSERT INTO cardwarden.records (id, envelope, kind, result, policy, tenant, finished, tags) "
      "SELECT id, envelope, kind, result, policy, tenant, finished, tags::text[] "
      "FROM unnest($1::bytea[], $2::bytea[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], "
      "$8::text[]) "
      "AS new (id, envelope, kind, result, policy, tenant, finished, tags) ON CONFLICT DO NOTHING",
      ids.str(), envelopes.str(), kinds.str(), results.str(), policies.str(), tenants.str(), finished.str(),
      tags.str());
}

void insert_nodes(pqxx::transaction_base& tx, const std::vector<tlog::Node>& nodes) {
  ArrayText levels, places, hashes;
  for (const tlog::Node& node : nodes) {
    levels.number(node.id.level);
    places.number(node.id.index);
    hashes.bytes(bytes_of(node.hash));
  }
  tx.exec_params(
      "INSERT INTO cardwarden.nodes (level, place, hash) "
      "SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::bytea[])",
      levels.str(), places.str(), hashes.str());
}

struct Waiting {
  std::uint64_t batch;
  Hash id;
};

// All that wait, batch by batch in their order.
Result<std::vector<Waiting>> take_waiting(pqxx::transaction_base& tx) {
  std::map<std::pair<std::uint64_t, std::uint64_t>, Hash> sorted;
  for (const auto& row : tx.exec("DELETE FROM cardwarden.waiting RETURNING batch, position, id")) {
    const auto id = hash_from_bytes(pqxx::binarystring(row[2]).str());
    if (!id) return damaged("a waiting id has no 32 bytes.");
    sorted[{number(row[0]), number(row[1])}] = *id;
  }
  std::vector<Waiting> out;
  out.reserve(sorted.size());
  for (const auto& [place, id] : sorted) out.push_back({place.first, id});
  return out;
}

struct Entry {
  std::uint64_t index = 0;
  std::uint64_t batch = 0;  // that brought it
};

template <typename Ids>
Result<std::map<Hash, Entry>> entries_of(pqxx::transaction_base& tx, const Ids& all) {
  ArrayText ids;
  for (const auto& one : all) ids.bytes(bytes_of(one.id));
  std::map<Hash, Entry> out;
  for (const auto& row : tx.exec_params(
           "SELECT id, log_index, batch FROM cardwarden.entries WHERE id = ANY ($1::bytea[])", ids.str())) {
    const auto id = hash_from_bytes(pqxx::binarystring(row[0]).str());
    if (!id) return damaged("an entry's id has no 32 bytes.");
    out[*id] = {number(row[1]), number(row[2])};
  }
  return out;
}

// Gives indexes to what waits, under the lock.
Done sequence_all(pqxx::transaction_base& tx, const pqxx::row& head, const StepHook& at_step) {
  const auto waiting = take_waiting(tx);
  if (!waiting) return waiting.error();
  if (waiting->empty()) return Nothing{};
  auto known = entries_of(tx, *waiting);
  if (!known) return known.error();
  std::vector<Hash> edge;
  const std::string edge_bytes = pqxx::binarystring(head[1]).str();
  for (std::size_t at = 0; at + kHashBytes <= edge_bytes.size(); at += kHashBytes) {
    edge.push_back(hash_from_bytes(std::string_view(edge_bytes).substr(at, kHashBytes)).value());
  }
  auto range = tlog::CompactRange::from(number(head[0]), std::move(edge));
  if (!range) return damaged(range.error().message);
  std::vector<tlog::Node> nodes;
  ArrayText indexes, ids, batches;
  for (const Waiting& one : *waiting) {
    if (!known->emplace(one.id, Entry{range->size(), one.batch}).second) continue;
    indexes.number(range->size());
    ids.bytes(bytes_of(one.id));
    batches.number(one.batch);
    range->append(tlog::leaf_hash(tlog::leaf_data(one.id)), nodes);
  }
  if (nodes.empty()) return Nothing{};
  tx.exec_params(
      "INSERT INTO cardwarden.entries (log_index, id, batch) "
      "SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bigint[])",
      indexes.str(), ids.str(), batches.str());
  if (at_step) at_step("append: entries written");
  insert_nodes(tx, nodes);
  if (at_step) at_step("append: hashes written");
  std::string new_edge;
  for (const Hash& hash : range->hashes()) new_edge += bytes_of(hash);
  tx.exec_params("UPDATE cardwarden.log_head SET size = $1, edge = $2", range->size(),
                 pqxx::binarystring(new_edge.data(), new_edge.size()));
  if (at_step) at_step("append: head written");
  return Nothing{};
}

}  // namespace

std::uint64_t write_batch(pqxx::transaction_base& tx, const std::vector<NewRecord>& batch) {
  tx.exec("SET LOCAL synchronous_commit = off");
  insert_records(tx, batch);
  const std::uint64_t number_of_batch = number(tx.exec1("SELECT nextval('cardwarden.batches')")[0]);
  ArrayText positions, ids;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    positions.number(i);
    ids.bytes(bytes_of(batch[i].id));
  }
  tx.exec_params(
      "INSERT INTO cardwarden.waiting (batch, position, id) "
      "SELECT $1, position, id FROM unnest($2::integer[], $3::bytea[]) AS new (position, id)",
      number_of_batch, positions.str(), ids.str());
  return number_of_batch;
}

Result<std::vector<Appended>> sequence(pqxx::transaction_base& tx, std::uint64_t number_of_batch,
                                       const std::vector<NewRecord>& batch, const StepHook& at_step) {
  // Whoever held the lock before has committed: what it sequenced is on the disk.
  const pqxx::row head = tx.exec1("SELECT size, edge FROM cardwarden.log_head FOR UPDATE");
  if (at_step) at_step("append: log locked");
  const bool waits =
      tx.exec_params1("SELECT EXISTS (SELECT FROM cardwarden.waiting WHERE batch = $1)", number_of_batch)[0]
          .as<bool>();
  if (waits) {
    if (auto done = sequence_all(tx, head, at_step); !done) return done.error();
  } else {
    // Nothing of ours is left to wait for; the lock alone need not reach the disk.
    tx.exec("SET LOCAL synchronous_commit = off");
  }
  const auto entries = entries_of(tx, batch);
  if (!entries) return entries.error();
  std::vector<Appended> out;
  std::set<Hash> before;
  for (const NewRecord& record : batch) {
    const auto at = entries->find(record.id);
    if (at == entries->end()) return damaged("a batch that waited is gone.");
    const bool mine = at->second.batch == number_of_batch && before.insert(record.id).second;
    out.push_back({at->second.index, !mine});
  }
  return out;
}

}  // namespace cardwarden::postgres
