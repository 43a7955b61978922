// SPDX-License-Identifier: Apache-2.0
#pragma once
// How a target says that an input broke a promise: it prints the promise and aborts, which libFuzzer and the
// replay both take for a failure.

#include <cstdio>
#include <cstdlib>
#include <string>

inline void expect_nothing_broken(const std::string& broken) {
  if (broken.empty()) return;
  std::fprintf(stderr, "broken: %s\n", broken.c_str());
  std::abort();
}

inline void expect(bool holds, const char* promise) {
  if (!holds) expect_nothing_broken(promise);
}
