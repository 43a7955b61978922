// SPDX-License-Identifier: Apache-2.0
#include "conformance/older_schemas.h"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string_view>

#include "store/store.h"

namespace cardwarden::testing {
namespace {

// By the schema that is left.
const std::map<int, std::string> kPostgres = {
    {2, "DROP TABLE passages;"},
    {3, "DROP TABLE waiting; DROP SEQUENCE batches; ALTER TABLE entries DROP COLUMN batch;"},
    // A row for each record that waits.
    {4,
     "CREATE TABLE rows (batch bigint, position integer, id bytea NOT NULL, PRIMARY KEY (batch, position), "
     "CONSTRAINT waits_for_record FOREIGN KEY (id) REFERENCES records (id)); "
     "INSERT INTO rows SELECT batch, n, substring(ids FROM 32 * n + 1 FOR 32) "
     "FROM waiting, generate_series(0, length(ids) / 32 - 1) n; "
     "DROP TABLE waiting; ALTER TABLE rows RENAME TO waiting;"},
    {5,
     "DROP FUNCTION takes_turn(bigint); "
     "ALTER TABLE entries ADD CONSTRAINT entry_of_record FOREIGN KEY (id) REFERENCES records (id);"},
};
const std::map<int, std::string> kSqlite = {{2, "DROP TABLE passage_words; DROP TABLE passages;"}};

}  // namespace

int newest_schema(const std::string& backend) {
  const auto names = store_schema_names();
  return static_cast<int>(std::count_if(names.begin(), names.end(), [&](std::string_view name) {
    return name.size() > backend.size() && name.substr(name.size() - backend.size()) == backend;
  }));
}

std::string way_back(const std::string& backend, int version) {
  const bool sqlite = backend == "sqlite";
  std::string out;
  for (int from = newest_schema(backend); from > version; --from) {
    const auto& steps = sqlite ? kSqlite : kPostgres;
    const auto step = steps.find(from);
    if (step == steps.end())
      throw std::runtime_error("no way back from schema " + std::to_string(from) + " of " + backend);
    out += step->second + " ";
  }
  return out + (sqlite ? "PRAGMA user_version = " + std::to_string(version)
                       : "DELETE FROM schema_version WHERE version > " + std::to_string(version));
}

}  // namespace cardwarden::testing
