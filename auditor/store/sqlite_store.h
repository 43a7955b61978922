// SPDX-License-Identifier: Apache-2.0
#pragma once
// The store in one SQLite file: no server, one writer at a time, any number of readers.

#include <memory>
#include <string>

#include "base/result.h"
#include "store/store.h"

namespace cardwarden {

constexpr int kSqliteBusyMs = 30'000;  // how long a writer waits for another

// Opens the file or makes it, and brings an older schema up. A file of another program, and one of a newer
// version of this, are refused. Write-ahead log, synchronous=FULL.
Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& path, const StepHook& at_step = {});

}  // namespace cardwarden
