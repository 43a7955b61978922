// SPDX-License-Identifier: Apache-2.0
#pragma once
// The same work on many things, on as many threads as asked for. Answers are kept by index, so that nothing
// depends on which thread was first.

#include <cstddef>
#include <functional>
#include <memory>

namespace cardwarden::cli {

// One worker's tools: called with each index it takes. Made on the thread that uses it.
using Work = std::function<void(std::size_t index)>;

// Takes indices while the caller is still finding out how many there are. Helpers work from the first one on;
// the caller joins them in finish(). add() and finish() are called from one thread.
class WorkQueue {
 public:
  // `jobs` threads in all, the caller's among them. `make_worker` is called once on each.
  WorkQueue(unsigned jobs, std::function<Work()> make_worker);
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;
  ~WorkQueue();  // what was not begun is left

  void add();     // one more index, counted from 0
  void finish();  // returns when all that was added is done; nothing may be added after it

 private:
  struct State;
  std::unique_ptr<State> state_;
};

unsigned processor_count();  // at least 1

}  // namespace cardwarden::cli
