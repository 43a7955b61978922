// SPDX-License-Identifier: Apache-2.0
#pragma once
// The same work on many things, on as many threads as asked for. Answers are kept by index, so that nothing
// depends on which thread was first.

#include <cstddef>
#include <functional>

namespace cardwarden::cli {

// One worker's tools: called with each index it takes. Made on the thread that uses it.
using Work = std::function<void(std::size_t index)>;

// Calls a worker once with every index below `count`. With one job all runs on the calling thread.
void for_each_index(std::size_t count, unsigned jobs, const std::function<Work()>& make_worker);

unsigned processor_count();  // at least 1

}  // namespace cardwarden::cli
