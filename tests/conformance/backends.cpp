// SPDX-License-Identifier: Apache-2.0
#include "conformance/backends.h"

#include <sqlite3.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <pqxx/pqxx>
#include <stdexcept>

#include "crypto/dsse.h"
#include "crypto/private_key.h"
#include "store/postgres_store.h"
#include "store/sqlite_store.h"

namespace cardwarden::testing {
namespace {

namespace fs = std::filesystem;

class Scratch {
 public:
  Scratch() {
    std::string name = (fs::temp_directory_path() / "cardwarden-store-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// PostgreSQL does not run as root, so the commands go to the user "postgres" then. A watcher stops the server
// when this program is gone, however it went: with its whole process group, too.
constexpr const char* kStart = R"sh(
set -e
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb)")
as=""
if [ "$(id -u)" = 0 ]; then chown postgres "$1"; chmod 711 "$1"; as="runuser -u postgres --"; fi
cd "$1"
$as "$bin/initdb" -D "$1/data" -U postgres -A trust -E UTF8 --no-locale --data-checksums --no-sync >"$1.log" 2>&1
$as "$bin/pg_ctl" -D "$1/data" -w -l "$1/data/server.log" -o "-c listen_addresses= -k '$1'" start >>"$1.log" 2>&1
watch='
  while kill -0 "$2" 2>/dev/null && [ -d "$1/data" ]; do sleep 1; done
  $3 "$4/pg_ctl" -D "$1/data" -m immediate stop
  rm -rf "$1" "$1.log"'
setsid sh -c "$watch" watch "$1" "$2" "$as" "$bin" </dev/null >/dev/null 2>&1 &
)sh";

constexpr const char* kStop = R"sh(
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || bin=$(dirname "$(command -v pg_ctl)")
as=""
if [ "$(id -u)" = 0 ]; then as="runuser -u postgres --"; fi
cd /
$as "$bin/pg_ctl" -D "$1/data" -m immediate stop >/dev/null 2>&1
rm -f "$1.log"
)sh";

constexpr const char* kCrash = R"sh(
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || bin=$(dirname "$(command -v pg_ctl)")
as=""
if [ "$(id -u)" = 0 ]; then as="runuser -u postgres --"; fi
cd /
$as "$bin/pg_ctl" -D "$1/data" -w -l "$1/data/server.log" -m immediate restart >>"$1.log" 2>&1
)sh";

class Cluster {
 public:
  Cluster() { run(kStart, "PostgreSQL could not be started (Debian: apt-get install postgresql)"); }
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;
  ~Cluster() { run(kStop, nullptr); }

  std::string make_database() {
    std::string name = "store" + std::to_string(++count_);
    pqxx::connection admin(connection("postgres"));
    pqxx::nontransaction(admin).exec("CREATE DATABASE " + name);
    return name;
  }

  // Its files and what autovacuum would do with them go with the store.
  void drop_database(const std::string& name) {
    try {
      pqxx::connection admin(connection("postgres"));
      pqxx::nontransaction(admin).exec("DROP DATABASE " + name + " WITH (FORCE)");
    } catch (const std::exception& problem) {
      std::cerr << "the database " << name << " stays: " << problem.what() << "\n";
    }
  }

  std::string folder() const { return folder_.path().string(); }
  std::string connection(const std::string& database) const {
    return "host=" + folder() + " user=postgres dbname=" + database;
  }

  // The address of a database as a URL, from what make_database() gave.
  std::string address_of(const std::string& connection) const {
    return "postgresql:///" + connection.substr(connection.rfind('=') + 1) +
           "?user=postgres&host=" + folder_.path().string();
  }

  void crash() { run(kCrash, "PostgreSQL could not be started again"); }

 private:
  void run(const char* script, const char* complaint) {
    const fs::path file = folder_.path() / "script.sh";
    std::ofstream(file) << script;
    const std::string command =
        "/bin/sh " + file.string() + " " + folder_.path().string() + " " + std::to_string(::getpid());
    if (std::system(command.c_str()) != 0 && complaint != nullptr) {
      std::ifstream log(folder_.path().string() + ".log");
      std::cerr << log.rdbuf();
      throw std::runtime_error(complaint);
    }
  }

  Scratch folder_;
  int count_ = 0;
};

Cluster& cluster() {
  static Cluster one;
  return one;
}

// An owner of the file can take every guard away.
void execute_sqlite(const std::string& path, const std::string& sql) {
  sqlite3* db = nullptr;
  sqlite3_open(path.c_str(), &db);
  std::string drop;
  const auto add = [](void* out, int, char** row, char**) {
    *static_cast<std::string*>(out) += "DROP TRIGGER " + std::string(row[0]) + ";";
    return 0;
  };
  sqlite3_exec(db, "SELECT name FROM sqlite_schema WHERE type = 'trigger'", add, &drop, nullptr);
  char* message = nullptr;
  const int code = sqlite3_exec(db, (drop + sql).c_str(), nullptr, nullptr, &message);
  const std::string problem = message == nullptr ? "" : message;
  sqlite3_free(message);
  sqlite3_close(db);
  if (code != SQLITE_OK) throw std::runtime_error(problem);
}

std::string answer_sqlite(const std::string& path, const std::string& sql) {
  sqlite3* db = nullptr;
  sqlite3_open(path.c_str(), &db);
  std::string out;
  const auto take = [](void* text, int, char** row, char**) {
    if (row[0] != nullptr) *static_cast<std::string*>(text) = row[0];
    return 0;
  };
  char* message = nullptr;
  const int code = sqlite3_exec(db, sql.c_str(), take, &out, &message);
  sqlite3_free(message);
  sqlite3_close(db);
  if (code != SQLITE_OK) throw std::runtime_error("refused");
  return out;
}

std::unique_ptr<Store> opened(Result<std::unique_ptr<Store>> store) {
  if (!store) throw std::runtime_error(store.error().text());
  return *std::move(store);
}

void write_sqlite(const std::string& path, const std::vector<std::string>& rows) {
  sqlite3* db = nullptr;
  sqlite3_open(path.c_str(), &db);
  sqlite3_exec(db,
               "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE plain (bytes BLOB); BEGIN",
               nullptr, nullptr, nullptr);
  sqlite3_stmt* insert = nullptr;
  sqlite3_prepare_v2(db, "INSERT INTO plain VALUES (?)", -1, &insert, nullptr);
  for (const std::string& row : rows) {
    sqlite3_bind_blob64(insert, 1, row.data(), row.size(), SQLITE_STATIC);
    sqlite3_step(insert);
    sqlite3_reset(insert);
  }
  sqlite3_finalize(insert);
  sqlite3_exec(db, "COMMIT", nullptr, nullptr, nullptr);
  sqlite3_close(db);
}

void write_postgres(const std::string& connection, const std::vector<std::string>& rows) {
  pqxx::connection db(connection);
  pqxx::work tx(db);
  tx.exec("CREATE TABLE plain (bytes bytea)");
  pqxx::stream_to out(tx, "plain");
  for (const std::string& row : rows) out << std::make_tuple("\\x" + hex(row));
  out.complete();
  tx.commit();
}

bool refuses(const std::function<std::string(const std::string&)>& answer, const std::string& sql) {
  try {
    answer(sql);
    return false;
  } catch (const std::exception&) {
    return true;
  }
}

}  // namespace

Backend sqlite_backend() {
  const auto folder = std::make_shared<Scratch>();
  const std::string path = (folder->path() / "store.db").string();
  Backend out;
  out.name = "sqlite";
  out.open_with = [path](const StepHook& at_step) { return opened(open_sqlite_store(path, at_step)); };
  out.address = "sqlite:" + path;
  out.open = [path] { return opened(open_sqlite_store(path)); };
  out.execute = [path](const std::string& sql) { execute_sqlite(path, sql); };
  out.answer = [path](const std::string& sql) { return answer_sqlite(path, sql); };
  out.refused = [answer = out.answer](const std::string& sql) { return refuses(answer, sql); };
  out.write_plainly = [path](const std::vector<std::string>& rows) { write_sqlite(path, rows); };
  out.keep = folder;
  return out;
}

Backend postgres_backend() {
  const std::string database = cluster().make_database();
  const std::string connection = cluster().connection(database);
  Backend out;
  out.name = "postgres";
  out.open_with = [connection](const StepHook& at_step) {
    return opened(open_postgres_store(connection, at_step));
  };
  out.address = cluster().address_of(connection);
  out.open = [connection] { return opened(open_postgres_store(connection)); };
  out.server_folder = cluster().folder();
  out.open_through = [database](const std::string& folder) {
    return opened(open_postgres_store("host=" + folder + " user=postgres dbname=" + database));
  };
  out.execute = [connection](const std::string& sql) {
    pqxx::connection db(connection);
    pqxx::work tx(db);
    tx.exec("SET session_replication_role = replica; SET search_path = cardwarden");
    tx.exec(sql);
    tx.commit();
  };
  out.answer = [connection](const std::string& sql) {
    pqxx::connection db(connection);
    pqxx::work tx(db);
    tx.exec("SET search_path = cardwarden");
    const pqxx::result rows = tx.exec(sql);
    tx.commit();
    return rows.empty() || rows[0].empty() || rows[0][0].is_null() ? std::string()
                                                                   : rows[0][0].as<std::string>();
  };
  out.refused = [answer = out.answer](const std::string& sql) { return refuses(answer, sql); };
  out.cut = [answer = out.answer] {
    answer(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()");
  };
  out.settle = [answer = out.answer] { answer("CHECKPOINT"); };
  out.write_plainly = [connection](const std::vector<std::string>& rows) {
    write_postgres(connection, rows);
  };
  out.crash = [] { cluster().crash(); };
  out.keep = std::shared_ptr<void>(nullptr, [database](void*) { cluster().drop_database(database); });
  return out;
}

std::vector<Backend> backends() { return {sqlite_backend(), postgres_backend()}; }

std::string record(int number) {
  static const PrivateKey key = PrivateKey::ed25519_from_seed(std::string(kEd25519SeedBytes, 'k')).value();
  const std::string n = std::to_string(number);
  const char* result = number % 3 == 0 ? "PASSED" : number % 3 == 1 ? "WARNED" : "FAILED";
  const std::string statement =
      R"({"_type":"https://in-toto.io/Statement/v1","predicate":{"cardwardenAudit":{"controls":[{"framework":"F","provision":"P","verdicts":{"met":1}}],"disclosed":{"compute":0,"license":1},"provenance":{"actor":"service:ci","finishedAt":"2026-01-01T00:00:)" +
      std::string(number % 60 < 10 ? "0" : "") + std::to_string(number % 60) + R"(Z","keyId":")" +
      key_id(key.public_key()) + R"(","tenant":"t)" + std::to_string(number % 2) +
      R"("}},"configuration":[{"digest":{"sha256":")" + std::string(64, 'b') +
      R"("},"name":"policy/team"}],"failedTests":["model-card/license"],"result":")" + result +
      R"("},"predicateType":"https://in-toto.io/attestation/test-result/v0.1","subject":[{"digest":{"sha256":")" +
      hex(sha256(n)) + R"("},"name":"card \"ü\\, {)" + n + R"(}"}]})";
  return envelope_json({std::string(kInTotoPayloadType),
                        statement,
                        {{"", key.sign(dsse_pae(kInTotoPayloadType, statement)).value()}}});
}

}  // namespace cardwarden::testing
