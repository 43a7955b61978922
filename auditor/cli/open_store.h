// SPDX-License-Identifier: Apache-2.0
#pragma once
// The store that a command works on: --store, else CARDWARDEN_STORE, else the SQLite file "log.db" of the
// state folder. An address is "sqlite:PATH" or "postgresql://…". A password in an address on the command line
// is refused, since every user of the machine can read it there; the environment and ~/.pgpass may hold one.

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "base/result.h"
#include "store/store.h"

namespace cardwarden::cli {

struct StoreFlags {
  std::string store;
  std::string state;
};
void add_store_flags(CLI::App& command, StoreFlags& flags);
void add_state_flag(CLI::App& command, std::string& state);

// Whether somebody named a store, rather than leaving it to the default.
bool names_store(const StoreFlags& flags);

struct OpenedStore {
  std::unique_ptr<Store> store;
  std::string address;  // fit to be shown: without user, password and options
  bool sqlite = false;
};

enum class Missing { fail, create };
// Brings an older schema up. A store that is not there is made, or is ErrorCode::not_found.
Result<OpenedStore> open_store(const StoreFlags& flags, Missing missing);

// A record as people name it: its index in the log, or the first digits of its id as lists print them. An
// index has fewer digits than that.
Result<StoredRecord> named_record(Store& store, const std::string& name);

}  // namespace cardwarden::cli
