// SPDX-License-Identifier: Apache-2.0
#pragma once
// The store in a PostgreSQL database (15 or later), schema "cardwarden": any number of writers on any number
// of hosts. Records are written side by side; only their sequencing is done under a lock, a batch at a time.

#include <memory>
#include <string>

#include "base/result.h"
#include "store/store.h"

namespace cardwarden {

// `connection` is what libpq takes: "postgresql://…" or "host=… dbname=…". Brings an older schema up; where
// there is none it makes one, or answers ErrorCode::not_found when `make` is false. Refuses a server that
// answers before it has written (fsync, full_page_writes or synchronous_commit off) and a database that is
// not UTF-8. A password in `connection` is in no error.
Result<std::unique_ptr<Store>> open_postgres_store(const std::string& connection,
                                                   const StepHook& at_step = {}, bool make = true);

}  // namespace cardwarden
