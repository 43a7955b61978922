// SPDX-License-Identifier: Apache-2.0
#pragma once
// One POST over plain HTTP, for time stamping authorities: what they answer is signed, so that nothing rests
// on the connection. No redirect is followed and no other host is reached; size and time are bounded.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "remote/connection.h"

namespace cardwarden {

constexpr std::size_t kMaxPostHeadBytes = std::size_t{16} * 1024;  // of the answer's headers
constexpr std::uint32_t kPostConnectMs = 10'000;
constexpr std::uint32_t kPostIdleMs = 20'000;
constexpr std::uint64_t kPostTotalMs = 60'000;

struct HttpPost {
  std::string url;           // "http://host[:port][/path][?query]"
  std::string content_type;  // of the body
  std::string accept;        // the type that the answer must have
  std::string body;
  std::size_t max_answer = 0;                   // bytes of the answer's body
  std::function<std::uint64_t()> milliseconds;  // a clock that never goes back
  Resolver resolve = resolve_by_system;
};

// The body of the answer. Errors: ErrorCode::usage for an address that is none, or is https; ErrorCode::io
// and not_found where the host cannot be reached, has no time, or answers with another status, type or
// length.
Result<std::string> http_post(const HttpPost& post);

// The parts of an answer, read apart so that hostile ones can be tested without a server.
Result<std::string> http_answer_body(std::string_view answer, std::string_view content_type);

}  // namespace cardwarden
