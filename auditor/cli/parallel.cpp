// SPDX-License-Identifier: Apache-2.0
#include "cli/parallel.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace cardwarden::cli {

struct WorkQueue::State {
  std::function<Work()> make_worker;
  unsigned helpers = 0;
  std::mutex mutex;
  std::condition_variable news;
  std::size_t added = 0;
  std::size_t next = 0;
  bool closed = false;
  std::vector<std::thread> threads;

  // Waits for an index; nothing when the queue is closed and empty.
  std::optional<std::size_t> take() {
    std::unique_lock lock(mutex);
    news.wait(lock, [this] { return closed || next < added; });
    if (next >= added) return std::nullopt;
    return next++;
  }
  void run() {
    auto index = take();
    if (!index) return;
    const Work work = make_worker();
    for (; index; index = take()) work(*index);
  }
  void close(bool leave) {
    {
      const std::lock_guard lock(mutex);
      closed = true;
      if (leave) next = added;
    }
    news.notify_all();
  }
};

WorkQueue::WorkQueue(unsigned jobs, std::function<Work()> make_worker) : state_(std::make_unique<State>()) {
  state_->make_worker = std::move(make_worker);
  state_->helpers = jobs > 1 ? jobs - 1 : 0;
}

WorkQueue::~WorkQueue() {
  state_->close(true);
  for (std::thread& thread : state_->threads) thread.join();
}

void WorkQueue::add() {
  {
    const std::lock_guard lock(state_->mutex);
    ++state_->added;
  }
  // A helper a thing until there are enough: a single card needs no second thread's tools.
  if (state_->threads.size() < state_->helpers)
    state_->threads.emplace_back([state = state_.get()] { state->run(); });
  state_->news.notify_one();
}

void WorkQueue::finish() {
  state_->close(false);
  state_->run();
  for (std::thread& thread : state_->threads) thread.join();
  state_->threads.clear();
}

unsigned processor_count() { return std::max(1U, std::thread::hardware_concurrency()); }

}  // namespace cardwarden::cli
