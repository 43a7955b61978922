// SPDX-License-Identifier: Apache-2.0
#include "cli/parallel.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace cardwarden::cli {

void for_each_index(std::size_t count, unsigned jobs, const std::function<Work()>& make_worker) {
  std::atomic<std::size_t> next{0};
  const auto run = [&] {
    std::size_t index = next++;
    if (index >= count) return;
    const Work work = make_worker();
    for (; index < count; index = next++) work(index);
  };
  const std::size_t threads = std::min<std::size_t>(std::max(1U, jobs), count);
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < threads; ++i) others.emplace_back(run);
  run();
  for (std::thread& thread : others) thread.join();
}

unsigned processor_count() { return std::max(1U, std::thread::hardware_concurrency()); }

}  // namespace cardwarden::cli
