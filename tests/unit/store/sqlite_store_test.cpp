// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite_store.h"

#include <catch2/catch.hpp>

#include "base/files.h"
#include "conformance/backends.h"

using namespace cardwarden;
using cardwarden::testing::sqlite_backend;

TEST_CASE("sqlite: a file of another program, a newer schema and a folder are refused") {
  const auto backend = sqlite_backend();
  backend.execute("CREATE TABLE other (x)");
  const std::string path = backend.answer("SELECT file FROM pragma_database_list");
  CHECK(open_sqlite_store(path).error().message.find("another program") != std::string::npos);
  backend.execute("DROP TABLE other");
  REQUIRE(open_sqlite_store(path).has_value());
  backend.execute("PRAGMA user_version = 99");
  CHECK(open_sqlite_store(path).error().message.find("use a newer one") != std::string::npos);
  CHECK_FALSE(open_sqlite_store(path + "/x").has_value());
  REQUIRE(write_file_atomically(path + ".text", "not a database, but a text that is long enough to look at")
              .has_value());
  CHECK_FALSE(open_sqlite_store(path + ".text").has_value());
}

TEST_CASE("sqlite: the journal and the syncing are what durability needs") {
  const auto backend = sqlite_backend();
  const auto store = backend.open();
  CHECK(backend.answer("PRAGMA journal_mode") == "wal");
  CHECK(backend.answer("PRAGMA user_version") == "2");
  CHECK(backend.answer("PRAGMA application_id") == "1129794631");
  CHECK(backend.answer("PRAGMA integrity_check") == "ok");
}
