// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a record says, the same wherever it is shown. Nothing here says that it is true.

#include "cli/state.h"
#include "verify/statement.h"

namespace cardwarden::cli {

// Kind, result, time, actor, subjects with their digests, and what is of the kind.
Rows statement_rows(const ReadStatement& statement);

}  // namespace cardwarden::cli
