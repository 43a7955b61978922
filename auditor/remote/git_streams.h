// SPDX-License-Identifier: Apache-2.0
#pragma once
// Gives libgit2 our connections instead of its own, under its TLS as well, for the whole process. A thread in
// a TrafficScope connects by its Traffic; a thread outside of one cannot connect at all, so that nothing but
// a fetch opens the network.

#include "remote/connection.h"

namespace cardwarden {

class TrafficScope {
 public:
  explicit TrafficScope(Traffic& traffic);  // must outlive the scope; one scope a thread
  TrafficScope(const TrafficScope&) = delete;
  TrafficScope& operator=(const TrafficScope&) = delete;
  ~TrafficScope();
};

// libgit2 must be running (use_git_library()).
void register_git_streams();

}  // namespace cardwarden
