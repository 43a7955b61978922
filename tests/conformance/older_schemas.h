// SPDX-License-Identifier: Apache-2.0
#pragma once
// The way back from each schema of a store to the one before it, so that tests can bring a store with records
// in it up from every schema that there was.

#include <string>

namespace cardwarden::testing {

// `backend` is "sqlite" or "postgres".
int newest_schema(const std::string& backend);

// SQL that makes a store of the newest schema one of `version`. Throws when a schema has no way back here.
std::string way_back(const std::string& backend, int version);

}  // namespace cardwarden::testing
