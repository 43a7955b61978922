// SPDX-License-Identifier: Apache-2.0
#pragma once
// The backends that the conformance tests run on. PostgreSQL is a cluster of the test program's own: on a
// socket in a temporary folder, started at first use, stopped at the end, even when the program is killed.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "store/store.h"

namespace cardwarden::testing {

// A fresh store. `open` opens further connections to it; `execute` runs SQL behind its back, with every guard
// of the schema taken away, as somebody who owns the database could.
struct Backend {
  std::string name;     // "sqlite", "postgres"
  std::string address;  // as `--store` takes it
  std::function<std::unique_ptr<Store>()> open;
  std::function<std::unique_ptr<Store>(const StepHook& at_step)> open_with;
  std::function<void(const std::string& sql)> execute;
  std::function<std::string(const std::string& sql)>
      answer;                                           // the first column of the first row, guards in place
  std::function<bool(const std::string& sql)> refused;  // whether the guards refuse it
  std::string server_folder;  // where the socket of the server is; empty where there is none
  std::function<std::unique_ptr<Store>(const std::string& folder)> open_through;  // by another socket
  std::function<void()> cut;     // ends all other connections; empty where there are none to end
  std::function<void()> crash;   // stops the server as a loss of power would, and starts it again; or empty
  std::function<void()> settle;  // writes out what earlier work has left to write; or empty
  std::function<void(const std::vector<std::string>& rows)>
      write_plainly;           // the bytes alone, as fast as it goes
  std::shared_ptr<void> keep;  // what must live as long as the store
};

Backend sqlite_backend();
Backend postgres_backend();
std::vector<Backend> backends();  // one of each

// A signed record, another one for every number.
std::string record(int number);

}  // namespace cardwarden::testing
