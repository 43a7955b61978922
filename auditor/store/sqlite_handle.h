// SPDX-License-Identifier: Apache-2.0
#pragma once
// SQLite as far as the store needs it: a connection, a statement, a transaction. Internal to
// store/sqlite_*.cpp. Errors of SQLite become ErrorCode::io with its own words.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace cardwarden::sqlite {

// One execution of a prepared statement; reset when it goes. Values are bound from 1 in the order of the
// calls, columns are read from 0.
class Statement {
 public:
  Statement(sqlite3* db, sqlite3_stmt* statement) : db_(db), statement_(statement) {}
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  Statement& integer(std::uint64_t value);
  Statement& text(std::string_view value);  // the bytes must live until the statement has run
  Statement& blob(std::string_view value);  // as above
  Statement& optional(const std::optional<std::uint64_t>& value);

  Result<bool> step();  // whether there is a row
  Done run();           // to the end

  std::uint64_t integer_at(int column) const;
  std::optional<std::uint64_t> optional_at(int column) const;
  std::string bytes_at(int column) const;  // of a text or blob

 private:
  sqlite3* db_;
  sqlite3_stmt* statement_;
  int bound_ = 0;
};

class Connection {
 public:
  static Result<std::unique_ptr<Connection>> open(const std::string& path, int busy_ms);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  // Prepared once for each text. Two executions of one text must not overlap.
  Result<Statement> prepare(const std::string& sql);
  Done execute(const std::string& sql);                  // any number of statements, without values
  Result<std::uint64_t> number(const std::string& sql);  // the first column of the first row
  Result<std::string> word(const std::string& sql);

 private:
  explicit Connection(sqlite3* db) : db_(db) {}
  sqlite3* db_;
  std::map<std::string, sqlite3_stmt*> prepared_;
};

// Rolled back unless commit() was called and succeeded.
class Transaction {
 public:
  static Result<Transaction> begin(Connection& connection, bool write);
  Transaction(Transaction&& other) noexcept;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Done commit();

 private:
  explicit Transaction(Connection* connection) : connection_(connection) {}
  Connection* connection_;
};

}  // namespace cardwarden::sqlite
