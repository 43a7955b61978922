// SPDX-License-Identifier: Apache-2.0
#pragma once
// How records enter the log of the PostgreSQL store, in two transactions. In the first each writer stores its
// batch, side by side with the others and without waiting for the disk. In the second one writer at a time
// holds the lock and gives indexes to all batches that wait, its own and those of the others, which then find
// theirs done: so the disk is waited for once for many writers. A commit takes everything before it to the
// disk, the first transaction too. Internal to store/postgres_*.cpp; throws what libpqxx throws.

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "store/store.h"

namespace pqxx {
class connection_base;
class transaction_base;
}  // namespace pqxx

namespace cardwarden::postgres {

// Once for a connection, before the rest.
void prepare_append(pqxx::connection_base& db);

// The number of the batch. A batch that is left waiting, because its writer died, is taken by the next
// writer.
std::uint64_t write_batch(pqxx::transaction_base& tx, const std::vector<NewRecord>& batch);

// Returns when the batch is in the log and on the disk, whoever put it there. No transaction may be open.
Result<std::vector<Appended>> sequence(pqxx::connection_base& db, std::uint64_t number,
                                       const std::vector<NewRecord>& batch, const StepHook& at_step);

}  // namespace cardwarden::postgres
