// SPDX-License-Identifier: Apache-2.0
#pragma once
// The search of the PostgreSQL store. Internal to store/postgres_*.cpp; throws what libpqxx throws, which
// postgres_store.cpp turns into errors.

#include <vector>

#include "base/result.h"
#include "store/store.h"

namespace pqxx {
class transaction_base;
}

namespace cardwarden::postgres {

void insert_passages(pqxx::transaction_base& tx, const Hash& document, const std::vector<Passage>& passages);
std::vector<Passage> read_passages(pqxx::transaction_base& tx, const Hash& document);
Result<std::vector<SearchHit>> search(pqxx::transaction_base& tx, const SearchQuery& query,
                                      const std::vector<TextTerm>& terms);
// Of documents that are older than the search.
void find_passages(pqxx::transaction_base& tx);

}  // namespace cardwarden::postgres
